/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks N times (3) for the processor time of its process, which the vDSO passes on to the kernel:
 * from one place, in a function of its own.
 */
#include <time.h>

#include "target.h"

static __attribute__((noinline)) void ask_for_time(long n)
{
	struct timespec ts;

	for (long i = 0; i < n; i++)
		must(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts));
}

int main(int argc, char **argv)
{
	ask_for_time(number(argc, argv, 1, 3));
	puts("asked");
	return 0;
}
