/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fault in the first process of a PID namespace: it dies of it, and its parent is told. */
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>

#include "target.h"

/* Address 8 by way of a variable: a compiler may refuse it as a constant. */
static volatile uintptr_t nowhere = 8;

int main(void)
{
	int status;
	pid_t pid;

	must(unshare(CLONE_NEWPID));
	pid = must(fork());
	if (pid == 0) {
		*(volatile int *)nowhere = 1;
		_exit(1);
	}
	must(waitpid(pid, &status, 0));
	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	puts("died of the fault");
	return 0;
}
