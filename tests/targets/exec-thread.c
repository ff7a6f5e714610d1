/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Executes itself from a thread that is not the leader, while others are on their way into a read
 * that does not end (or in it: the loader reads too, so that the calls made are the same).
 */
#include <pthread.h>

#include "target.h"

static void *execute(void *name)
{
	must(execl("/proc/self/exe", (const char *)name, "again", (char *)NULL));
	return NULL;
}

static void *sleep_on(void *pipe_end)
{
	char byte;

	must(read(*(const int *)pipe_end, &byte, 1));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	int ends[2];

	if (argc > 1) {
		check(gettid() == getpid());
		puts("executed from a thread");
		return 0;
	}
	must(pipe(ends));
	for (int i = 0; i < 2; i++)
		check(pthread_create(&thread, NULL, sleep_on, &ends[0]) == 0);
	check(pthread_create(&thread, NULL, execute, argv[0]) == 0);
	pthread_join(thread, NULL);
	return EXIT_FAILURE;
}
