/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks that stay in optimised builds and say where they failed. */
#ifndef LEARN_TESTS_UNIT_CHECK_H
#define LEARN_TESTS_UNIT_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define check(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

#endif
