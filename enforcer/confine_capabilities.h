/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capabilities taken from this process. */
#ifndef LEARN_ENFORCER_CONFINE_CAPABILITIES_H
#define LEARN_ENFORCER_CONFINE_CAPABILITIES_H

#include "policy/policy.h"

/*
 * Leaves this process, and what it will execute, no capabilities but the policy's (guesses are
 * among them): bounding, permitted, effective, inheritable and ambient sets. Nothing is done under
 * a policy that has no evidence of root (policy->as_root), and without any capability there is
 * nothing to do. Allocates nothing. 0 or -errno after a message.
 */
int confine_capabilities(const struct policy *policy);

/* Those that this process has in effect, a bit each. */
uint64_t capabilities_held(void);

#endif
