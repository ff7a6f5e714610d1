/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done that formats forbid as a whole: code run, rights gained, what /proc was asked. */
#ifndef LEARN_LEARNER_USES_H
#define LEARN_LEARNER_USES_H

#include "learner/tally.h"
#include "policy/policy.h"

/*
 * Adds to POLICY the uses (enum policy_use_kind) that the evidence shows: every file of code and
 * every entry, of the other kinds the first path in byte order; and the paths themselves. Files
 * are looked at as they are now. 0 or -ENOMEM.
 */
int uses_add(const struct tally *tally, struct policy *policy);

#endif
