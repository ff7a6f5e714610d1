/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A decision being carried out on a policy: what learner/decisions*.c share. */
#ifndef LEARN_LEARNER_APPLICATION_H
#define LEARN_LEARNER_APPLICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/policy.h"
#include "profile/profile.h"

struct application {
	const struct profile_decision *decision; /* in hand */
	uint64_t weight;
	struct policy *policy;
	bool past; /* there is evidence that the decision does not cover */
};

/* -EINVAL after a message: it cannot be understood. */
int decision_bad(const struct profile_decision *decision);
/* Whether it holds for a rule that was seen COUNT times, 0: that is not counted. */
bool decision_holds(struct application *a, uint64_t count);
/* Whether it takes the rule away. */
bool decision_drops(const struct application *a);
/* Makes "WHY; WHAT REASON" of *WHY; and the same with what the decision says. 0 or -ENOMEM. */
int decision_add_reason(char **why, const char *what, const char *reason);
int decision_add_need(const struct application *a, char **why);

/* Each of its kind. 0, -ENOMEM, or -EINVAL after a message. */
int decision_apply_port(struct application *a);
int decision_apply_family(struct application *a);
int decision_apply_scope(struct application *a);
int decision_apply_capability(struct application *a);
int decision_apply_limit(struct application *a);

#endif
