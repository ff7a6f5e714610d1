/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks changed by single values, and copied from one call to another. */
#ifndef LEARN_LEARNER_CHECKS_H
#define LEARN_LEARNER_CHECKS_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/policy.h"

/*
 * Sees to it that the check of argument INDEX, where there is one, lets VALUE through. 0, -ENOMEM,
 * or -EINVAL when a mask is too wide for a list and dangerous with this value.
 */
int check_allow_value(struct policy_call *call, unsigned index, uint64_t value);

/* Whether check_allow_value() can do it; CALL has been seen to deny it. */
bool check_can_allow(const struct policy_call *call, unsigned index, uint64_t value);

/*
 * Takes VALUE out of what the check lets through. 1 when nothing is left, else 0; -ENODATA when
 * the argument is not checked, -ENOMEM.
 */
int check_deny_value(struct policy_call *call, unsigned index, uint64_t value);

/* A check of argument INDEX that lets only VALUE through. 0 or -ENOMEM. */
int check_only_value(struct policy_call *call, unsigned index, uint64_t value);

/*
 * Gives TO, a call of which no argument was seen, the checks of FROM on arguments of the same
 * name; flags without such a check get all but those that no mask may have. 0 or -ENOMEM.
 */
int checks_copy(const struct policy_call *from, struct policy_call *to);

#endif
