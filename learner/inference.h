/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capabilities being inferred: what its parts share. Only files of this room include it. */
#ifndef LEARN_LEARNER_INFERENCE_H
#define LEARN_LEARNER_INFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learner/tally.h"
#include "policy/policy.h"

struct inference {
	struct policy *policy;
	const struct tally *tally;
	uint32_t uid;	/* of the first run */
	bool root;	/* some run was root, or gained rights: guesses make sense */
	bool namespace; /* a user namespace was made: capabilities may be those of the inside */
};

/*
 * Adds the capability for WHAT was seen; a guess, where root could have had it, says UNLESS what it
 * is not needed (or NULL). 0 or -ENOMEM.
 */
int infer(const struct inference *in, int capability, bool guess, const char *what,
	  const char *unless);

/* What the paths of program NUMBER needed, by the files' modes as they are now. 0 or -ENOMEM. */
int infer_files(const struct inference *in, size_t number);
/* What the files of programs have: without one of these they are not executed. 0 or -ENOMEM. */
int infer_programs_rights(const struct inference *in);

#endif
