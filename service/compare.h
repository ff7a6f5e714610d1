/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What restricts a unit, against what it was seen to need without. */
#ifndef LEARN_SERVICE_COMPARE_H
#define LEARN_SERVICE_COMPARE_H

#include <stdio.h>

#include "policy/policy.h"
#include "profile/profile.h"
#include "service/unit.h"

struct restrictions {
	struct properties facts;  /* as the manager has them, lists expanded */
	struct settings settings; /* as the files have them */
};

/* Those in force now. 0 or -errno after a message. */
int restrictions_of(const struct unit *unit, struct restrictions *ret);
void restrictions_clear(struct restrictions *restrictions);

/* What the evidence leads to. */
struct needs {
	const struct profile *seen;
	const struct policy *policy;
	const char *drop_in; /* as the emitter writes it, with its reasons */
};

/*
 * Writes each setting that forbids something of what was seen, with what and by whom, and the line
 * that mends it: first those that end a process by SIGSYS. Returns how many, or -errno after a
 * message.
 */
int compare_with_needs(const struct restrictions *restrictions, const struct needs *needs,
		       FILE *out);

#endif
