/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cannot be traced, as it traces: its child stops, is asked where, and is let go on. Needs getpgid,
 * and makes getsid without need.
 */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

#include "target.h"

int main(void)
{
	struct user_regs_struct registers;
	int status;
	pid_t pid = (pid_t)must(fork());

	if (pid == 0) {
		must(ptrace(PTRACE_TRACEME, 0, 0, 0));
		must(raise(SIGSTOP));
		_exit(7);
	}
	must(waitpid(pid, &status, 0));
	check(WIFSTOPPED(status));
	must(ptrace(PTRACE_GETREGS, pid, 0, &registers));
	must(ptrace(PTRACE_CONT, pid, 0, 0));
	check(status_of(pid) == 7);
	must(syscall(SYS_getpgid, 0));
	syscall(SYS_getsid, 0); /* whatever comes of it */
	return 0;
}
