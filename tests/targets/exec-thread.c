/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Executes itself from a thread that is not the leader, while others sleep. */
#include <pthread.h>

#include "target.h"

static void *execute(void *name)
{
	must(execl("/proc/self/exe", (const char *)name, "again", (char *)NULL));
	return NULL;
}

static void *sleep_on(void *state)
{
	for (;;)
		pause();
	return state;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc > 1) {
		check(gettid() == getpid());
		puts("executed from a thread");
		return 0;
	}
	for (int i = 0; i < 2; i++)
		check(pthread_create(&thread, NULL, sleep_on, NULL) == 0);
	check(pthread_create(&thread, NULL, execute, argv[0]) == 0);
	pthread_join(thread, NULL);
	return EXIT_FAILURE;
}
