/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A decision in the making: what its parts share. Only files of this room include it. */
#ifndef LEARN_LEARNER_DECISION_H
#define LEARN_LEARNER_DECISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learner/decide.h"
#include "learner/tally.h"
#include "learner/wishes.h"
#include "policy/policy.h"

#define MOST_ARCHES 4

struct decision {
	const struct decide_options *options;
	const struct profile *profile;
	struct wishes wishes;
	struct tally tally;
	struct policy *policy;
	uint32_t arches[MOST_ARCHES]; /* those that have rules, native first */
	size_t n_arches;
};

/* Whether a person allowed, or denied, the call by its name. */
bool is_allowed_by_hand(const struct decision *d, const char *name);
bool is_denied_by_hand(const struct decision *d, const char *name);

/* Whether nothing is decided yet about the call on ARCH; then *nr is its number there. */
bool is_open(const struct decision *d, uint32_t arch, const char *name, int *nr);

/* Allows the call whole on each architecture where nothing is decided about it. 0 or -ENOMEM. */
int imply(struct decision *d, const char *name, const char *why);

/*
 * Sees to it that the call may be made with VALUE in argument INDEX, on each architecture: allows
 * the call with this value alone where nothing is decided about it, and adds the value where
 * others are checked. 0, -ENOMEM, or -EINVAL when a mask cannot be widened by it without letting
 * through what is dangerous.
 */
int imply_value(struct decision *d, const char *name, unsigned index, uint64_t value,
		const char *why);

#endif
