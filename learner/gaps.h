/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence that is known to have gaps. */
#ifndef LEARN_LEARNER_GAPS_H
#define LEARN_LEARNER_GAPS_H

#include "learner/tally.h"
#include "policy/policy.h"

/*
 * Adds a note to POLICY for recordings that did not reach their end, and for each reason why what a
 * selected program did could not all be seen. 0 or -ENOMEM.
 */
int gaps_note(const struct profile *profile, const struct tally *tally, struct policy *policy);

#endif
