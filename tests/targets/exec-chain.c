/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Executes itself N times (5) in the same process. */
#include "target.h"

int main(int argc, char **argv)
{
	long n = number(argc, argv, 1, 5);
	char left[24];

	if (n == 0) {
		puts("end of the chain");
		return 0;
	}
	snprintf(left, sizeof(left), "%ld", n - 1);
	must(execl("/proc/self/exe", argv[0], left, (char *)NULL));
	return EXIT_FAILURE;
}
