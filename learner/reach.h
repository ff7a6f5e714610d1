/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which system calls a program could make, by looking at its code and that of its libraries. */
#ifndef LEARN_LEARNER_REACH_H
#define LEARN_LEARNER_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "profile/profile.h"

struct reach {
	uint32_t arch;
	struct map calls; /* char *, what leads there, by name: "system, imported by make" */
	bool unreadable;  /* the program's own file could not be looked at: nothing is known */
	char *unknown;    /* why more may be within reach, for people; NULL: nothing known of */
};

/*
 * What PROGRAM, with the libraries that it loaded, can reach. The files are looked at where they
 * are now: one that is gone or was changed since leaves REACH with a reason in `unknown`.
 * docs/coverage.md has the method and its limits. 0 or -ENOMEM. Clear with reach_clear().
 */
int reach_of(const struct profile_program *program, struct reach *ret);
void reach_clear(struct reach *reach);

#endif
