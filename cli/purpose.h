/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is denied on purpose: by a rule with its own answer, or because refining dropped it. */
#ifndef LEARN_CLI_PURPOSE_H
#define LEARN_CLI_PURPOSE_H

#include <stdbool.h>

#include "cli/denial.h"
#include "policy/policy.h"
#include "profile/profile.h"

struct purpose {
	const struct profile *profile;
	const struct policy *policy;	/* in force */
	const struct policy *undecided; /* without the decisions; NULL: there are none */
};

/* Whether the policy would allow it, had refining not taken that away. */
bool purpose_is_refined(const struct purpose *purpose, const struct denial *denial);

/*
 * Why it is denied on purpose, a phrase for people that lives as long as the policies; NULL: it is
 * not.
 */
const char *purpose_of(const struct purpose *purpose, const struct denial *denial);

#endif
