/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sleep that is stopped and continued goes on: the kernel makes restart_syscall of it. */
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "target.h"

int main(void)
{
	pid_t child = (pid_t)must(fork());
	struct timespec nap = { .tv_nsec = 300000000 };
	int status;

	if (child == 0) {
		check(nanosleep(&nap, NULL) == 0);
		_exit(4);
	}
	usleep(100000);
	must(kill(child, SIGSTOP));
	must(waitpid(child, &status, WUNTRACED));
	check(WIFSTOPPED(status));
	must(kill(child, SIGCONT));
	check(status_of(child) == 4);
	puts("slept to the end");
	return 0;
}
