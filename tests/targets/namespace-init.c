/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fault in the first process of a PID namespace: it dies of it, and its parent is told. */
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "target.h"

int main(void)
{
	int status;
	pid_t pid;

	must(unshare(CLONE_NEWPID));
	pid = must(fork());
	if (pid == 0) {
		*(volatile int *)8 = 1;
		_exit(1);
	}
	must(waitpid(pid, &status, 0));
	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	puts("died of the fault");
	return 0;
}
