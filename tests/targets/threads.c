/* SPDX-License-Identifier: GPL-3.0-or-later */
/* N threads (4), each calling getppid M times (100). */
#include <pthread.h>
#include <sys/syscall.h>

#include "target.h"

static void *work(void *state)
{
	for (long i = *(const long *)state; i > 0; i--)
		syscall(SYS_getppid);
	return NULL;
}

int main(int argc, char **argv)
{
	long n = number(argc, argv, 1, 4), calls = number(argc, argv, 2, 100);
	pthread_t *threads = calloc((size_t)n, sizeof(*threads));

	check(threads != NULL);
	for (long i = 0; i < n; i++)
		check(pthread_create(&threads[i], NULL, work, &calls) == 0);
	for (long i = 0; i < n; i++)
		check(pthread_join(threads[i], NULL) == 0);
	free(threads);
	puts("threads joined");
	return 0;
}
