/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A 1 ms timer and a handler without SA_RESTART interrupt N reads (50) of an empty pipe. Every
 * one must fail with EINTR, and calls that never wait must never do so.
 */
#include <errno.h>
#include <signal.h>
#include <sys/time.h>

#include "target.h"

static void ignore(int signal)
{
	(void)signal;
}

int main(int argc, char **argv)
{
	struct itimerval every = { { 0, 1000 }, { 0, 1000 } };
	struct sigaction action = { .sa_handler = ignore };
	long n = number(argc, argv, 1, 50), interrupted = 0;
	int ends[2];
	char byte;

	must(pipe(ends));
	must(sigaction(SIGALRM, &action, NULL));
	must(setitimer(ITIMER_REAL, &every, NULL));
	while (interrupted < n) {
		check(read(ends[0], &byte, 1) == -1 && errno == EINTR);
		interrupted++;
		must(write(ends[1], "x", 1));
		check(read(ends[0], &byte, 1) == 1 && byte == 'x');
	}
	printf("%ld interrupted\n", interrupted);
	return 0;
}
