/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes CALLS calls (100000) beside N idle children (500): `crowd N CALLS`. Prints the nanoseconds
 * a call took. The children end with it.
 */
#include <signal.h>
#include <time.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "target.h"

static long now_ns(void)
{
	struct timespec now;

	must(clock_gettime(CLOCK_MONOTONIC, &now));
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void idle(int ready)
{
	must(prctl(PR_SET_PDEATHSIG, SIGKILL));
	check(write(ready, "x", 1) == 1);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	long n = number(argc, argv, 1, 500), calls = number(argc, argv, 2, 100000), start;
	int ready[2];
	char byte;

	must(pipe(ready));
	for (long i = 0; i < n; i++)
		if (must(fork()) == 0)
			idle(ready[1]);
	for (long i = 0; i < n; i++)
		check(read(ready[0], &byte, 1) == 1);
	start = now_ns();
	for (long i = 0; i < calls; i++)
		syscall(SYS_getppid);
	printf("%ld\n", (now_ns() - start) / (calls ? calls : 1));
	fflush(stdout);
	return 0;
}
