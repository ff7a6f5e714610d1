/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a confined run does that undisturbed ones do not: it fell back to something else. */
#ifndef LEARN_CLI_DRIFT_H
#define LEARN_CLI_DRIFT_H

#include <stddef.h>

#include "cli/denial.h"
#include "profile/profile.h"

/*
 * New programs, calls, argument values, paths, addresses and errors of SEEN, and processes that
 * were killed; errors that are denials are none. How many there are, the first in words in TEXT;
 * -errno after a message.
 */
int drift_find(const struct profile *undisturbed, const struct profile *seen,
	       const struct denials *denials, char *text, size_t size);

#endif
