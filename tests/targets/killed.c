/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Children killed by SIGKILL in the middle of a call, with threads and without. */
#include <pthread.h>
#include <signal.h>

#include "target.h"

static void *sleep_on(void *pipe_end)
{
	char byte;

	must(read(*(const int *)pipe_end, &byte, 1));
	return NULL;
}

static void victim(int threads, int ready)
{
	pthread_t thread;
	int never[2];

	must(pipe(never));
	for (int i = 0; i < threads; i++)
		check(pthread_create(&thread, NULL, sleep_on, &never[0]) == 0);
	must(write(ready, "", 1));
	sleep_on(&never[0]);
}

int main(void)
{
	for (int threads = 0; threads < 4; threads++) {
		int ready[2], status;
		pid_t child;
		char byte;

		must(pipe(ready));
		child = (pid_t)must(fork());
		if (child == 0)
			victim(threads, ready[1]);
		must(read(ready[0], &byte, 1));
		must(kill(child, SIGKILL));
		must(waitpid(child, &status, 0));
		check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	puts("4 killed");
	return 0;
}
