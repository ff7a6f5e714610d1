/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The least that a tracer with one stop a call can cost: every call of COMMAND, with all its
 * children and threads, stops once and is counted, and nothing is learned from it. What learn takes
 * above this is what learning costs; what this takes above the bar no tracer of this kind can save.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

#define OPTIONS (PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
		 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

static unsigned long counts[1024];

/* In the child: waits until it is traced, then has every call of the command stop. */
static int run(int gate, char **command)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE) };
	struct sock_fprog filter = { .len = 1, .filter = code };
	char byte;

	if (read(gate, &byte, 1) != 1 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter))
		return 127;
	execvp(command[0], command);
	return 127;
}

/* The signal to deliver with the task's next step, or -1 where it stays stopped with its group. */
static int on_stop(pid_t tid, int status)
{
	struct ptrace_syscall_info call;
	int event = status >> 16, signal = WSTOPSIG(status);

	if (event == PTRACE_EVENT_SECCOMP) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(call), &call) > 0)
			counts[call.seccomp.nr % 1024]++;
		return 0;
	}
	if (event == PTRACE_EVENT_STOP)
		return signal == SIGTRAP ? 0 : -1;
	return event ? 0 : signal;
}

int main(int argc, char **argv)
{
	int gate[2], status, last = 1;
	pid_t child, tid;

	if (argc < 2 || pipe(gate)) {
		fprintf(stderr, "usage: onestop COMMAND [WORD...]\n");
		return 2;
	}
	child = fork();
	if (child == 0)
		_exit(run(gate[0], argv + 1));
	if (child < 0 || ptrace(PTRACE_SEIZE, child, 0, OPTIONS) || write(gate[1], "", 1) != 1) {
		fprintf(stderr, "onestop: %s\n", strerror(errno));
		return 1;
	}
	while ((tid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status)) {
			int signal = on_stop(tid, status);

			if (signal < 0)
				ptrace(PTRACE_LISTEN, tid, 0, 0);
			else
				ptrace(PTRACE_CONT, tid, 0, signal);
		} else if (tid == child) {
			last = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		}
	}
	return last;
}
