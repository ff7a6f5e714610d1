/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource limits applied to this process. */
#ifndef LEARN_ENFORCER_CONFINE_LIMITS_H
#define LEARN_ENFORCER_CONFINE_LIMITS_H

#include "policy/policy.h"

/*
 * Sets the policy's limits, soft and hard; one that is lower already stays. Those of resources
 * whose use grows with time (GROWS_WITH_TIME) are left out: what is run may be a service, which
 * would be stopped by them one day. Allocates nothing. 0 or -errno after a message.
 */
int confine_limits(const struct policy *policy);

#endif
