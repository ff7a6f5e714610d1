/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a filter costs: it is run here as the kernel would run it. */
#ifndef LEARN_EMITTER_SIMULATE_H
#define LEARN_EMITTER_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emitter/filter.h"

/* What the calls of a profile cost under a filter, in BPF instructions. */
struct filter_cost {
	double each;	/* per call, if the filter runs for each */
	double run;	/* per call that the kernel does not remember; 0: it remembers all */
	double both;	/* the sum that a plan of some tuning makes small, per call */
	double share;	/* of the calls, those that the kernel remembers */
	size_t longest; /* no call can take more, whatever its number and arguments */
};

/*
 * Whether the kernel remembers the call as allowed and runs no filter for it (since 5.11:
 * seccomp_is_const_allow() in kernel/seccomp.c): nothing on its path depends on more than its
 * number and architecture.
 */
bool filter_is_remembered(const struct filter *f, uint32_t arch, int nr);

/* How often the policy's calls come by each instruction: VISITS has one element each. */
void filter_count_visits(const struct filter *f, const struct policy *policy, double *visits);

/* REMEMBERED weighs the calls that the kernel remembers in `both`. 0 or -ENOMEM. */
int filter_measure(const struct filter *f, const struct policy *policy, double remembered,
		   struct filter_cost *ret);

#endif
