/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What administrators have learnt to expect of a policy that fits one machine. */
#ifndef LEARN_LEARNER_GOTCHAS_H
#define LEARN_LEARNER_GOTCHAS_H

#include "learner/tally.h"
#include "policy/policy.h"

/*
 * Adds a note to POLICY for each thing that was seen and may be different on another machine or
 * another day: what looks names up, logs people in, is loaded or is run by a name that somebody
 * else sets. 0 or -ENOMEM.
 */
int gotchas_note(const struct tally *tally, struct policy *policy);

#endif
