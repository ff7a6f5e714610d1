/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peaks seen become limits with headroom. */
#ifndef LEARN_LEARNER_LIMITS_H
#define LEARN_LEARNER_LIMITS_H

#include "learner/tally.h"
#include "policy/policy.h"

/*
 * Adds a limit for each resource whose measured peak bounds its use, but for those that the kernel
 * counts over all processes of a user: such a limit would depend on what else the user runs. Nor
 * is there one for the address space of programs that reserve it, for locked memory where io_uring
 * and its like are used, or for descriptors of programs that ask for their limit or accept
 * connections. 0 or -ENOMEM.
 */
int limits_add(const struct tally *tally, struct policy *policy);

/* The limit for a peak: the stated headroom, at least one unit, rounded up. */
uint64_t limit_for_peak(int resource, uint64_t peak);

#endif
