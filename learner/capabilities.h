/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which capabilities (capabilities(7)) what was seen needs. */
#ifndef LEARN_LEARNER_CAPABILITIES_H
#define LEARN_LEARNER_CAPABILITIES_H

#include "learner/tally.h"
#include "policy/policy.h"

/*
 * Adds to POLICY the capabilities without which calls that worked would not have. Where a call
 * needs one only sometimes, and its arguments do not tell, it is added as a guess if root ran the
 * program: others could not have had it. Files are looked at as they are now. 0 or -ENOMEM.
 */
int capabilities_add(const struct profile *profile, const struct tally *tally,
		     struct policy *policy);

#endif
