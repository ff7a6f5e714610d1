/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided by trying (`learn refine`), carried out on a policy. */
#ifndef LEARN_LEARNER_DECISIONS_H
#define LEARN_LEARNER_DECISIONS_H

#include "learner/wishes.h"
#include "policy/policy.h"
#include "profile/profile.h"

/*
 * Takes out of POLICY what the decisions of DECIDED drop, lowers what they lower, and gives what
 * they found needed its reason, where they cover the evidence that the policy was made from;
 * WEIGHT is profile_weight() of that. Where they do not a note says so. What a person allowed by
 * hand (WISHES, may be NULL) stays. 0, -EINVAL after a message for a decision that cannot be read,
 * -ENOMEM.
 */
int decisions_apply(const struct profile *decided, uint64_t weight, const struct wishes *wishes,
		    struct policy *policy);

#endif
