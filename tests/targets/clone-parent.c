/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child makes its own sibling (CLONE_PARENT), which outlives it; the parent reaps both. */
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "target.h"

int main(void)
{
	int status, sum = 0;
	pid_t child = (pid_t)must(fork());

	if (child == 0) {
#if defined(__s390x__)
		long sibling = must(syscall(SYS_clone, 0, CLONE_PARENT | SIGCHLD, 0, 0, 0));
#else
		long sibling = must(syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0));
#endif
		if (sibling == 0) {
			usleep(20000);
			_exit(2);
		}
		_exit(1);
	}
	for (int i = 0; i < 2; i++) {
		must(wait(&status));
		check(WIFEXITED(status));
		sum += WEXITSTATUS(status);
	}
	check(sum == 3);
	puts("both reaped");
	return 0;
}
