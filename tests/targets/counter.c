/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts each of the signals whose numbers it is given, and prints the counts at SIGUSR1. */
#include <signal.h>

#include "target.h"

static volatile sig_atomic_t counts[NSIG], over;

static void count(int number)
{
	counts[number]++;
}

static void end(int number)
{
	(void)number;
	over = 1;
}

int main(int argc, char **argv)
{
	const struct sigaction counting = { .sa_handler = count };
	const struct sigaction ending = { .sa_handler = end };

	for (int i = 1; i < argc; i++)
		must(sigaction(atoi(argv[i]), &counting, NULL));
	must(sigaction(SIGUSR1, &ending, NULL));
	puts("ready");
	fflush(stdout);
	while (!over)
		; /* so that a signal is taken at once */
	for (int i = 1; i < argc; i++)
		printf("%d\n", (int)counts[atoi(argv[i])]);
	return 0;
}
