/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * no-vdso FILTER COMMAND...: runs it under the seccomp filter in the file, where the kernel gives
 * programs no vDSO: every clock call is a system call. Exits as COMMAND does, or with 128 and the
 * signal. 77 where the stack of a new program cannot be understood.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static void child(const char *file, char **command)
{
	static struct sock_filter insns[4096];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, insns, sizeof(insns));
	const struct sock_fprog program = { (unsigned short)(n / (ssize_t)sizeof(insns[0])), insns };

	if (n <= 0 || ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(2);
	execv(command[0], command);
	_exit(127);
}

#ifdef __x86_64__
/* Above the stack pointer: the number of arguments, they, NULL, the environment, NULL, pairs. */
static int hide_vdso(pid_t pid)
{
	struct user_regs_struct regs;
	unsigned long at;
	int blocks = 0;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) != 0)
		return -1;
	for (at = regs.rsp + 8; blocks < 2; at += 8)
		blocks += ptrace(PTRACE_PEEKDATA, pid, at, NULL) == 0;
	for (;; at += 16) {
		long type = ptrace(PTRACE_PEEKDATA, pid, at, NULL);

		if (type == AT_NULL)
			return -1;
		if (type == AT_SYSINFO_EHDR)
			return (int)ptrace(PTRACE_POKEDATA, pid, at, AT_IGNORE);
	}
}
#else
static int hide_vdso(pid_t pid)
{
	(void)pid;
	return -1;
}
#endif

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc < 3)
		return 2;
	pid = fork();
	if (pid == 0)
		child(argv[1], argv + 2);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 2;
	if (WIFSTOPPED(status)) {
		if (hide_vdso(pid) != 0) {
			kill(pid, SIGKILL);
			return 77;
		}
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
		waitpid(pid, &status, 0);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
