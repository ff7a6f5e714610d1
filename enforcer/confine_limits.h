/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource limits applied to this process. */
#ifndef LEARN_ENFORCER_CONFINE_LIMITS_H
#define LEARN_ENFORCER_CONFINE_LIMITS_H

#include "policy/policy.h"

/*
 * Sets the policy's limits, soft and hard; one that is lower already stays. Allocates nothing. 0
 * or -errno after a message.
 */
int confine_limits(const struct policy *policy);

#endif
