/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exits with status N, or with -N kills itself with signal N. */
#include <signal.h>
#include <sys/resource.h>

#include "target.h"

int main(int argc, char **argv)
{
	long n = number(argc, argv, 1, 0);
	struct rlimit none = { 0, 0 };

	if (n >= 0)
		return (int)n;
	must(setrlimit(RLIMIT_CORE, &none));
	must(kill(getpid(), (int)-n));
	return EXIT_FAILURE;
}
