/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison in the making: what its parts share. Only files of this room include it. */
#ifndef LEARN_LEARNER_COMPARISON_H
#define LEARN_LEARNER_COMPARISON_H

#include "base/map.h"
#include "learner/compare.h"
#include "learner/tally.h"
#include "policy/policy.h"

/* The evidence and the policy of one program on one side. */
struct side {
	struct tally tally;
	struct policy *policy;
};

struct comparison {
	const char *program; /* in hand */
	struct side old, new;
	const struct policy *all_old; /* of all programs */
	struct needs needs;
	struct map known; /* by kind, program and what: those of the list */
};

/* Adds a need of the program in hand, once; WHAT is taken over. 0 or -ENOMEM. */
int compare_add(struct comparison *c, enum need_kind kind, char *what, const char *why, ...)
	__attribute__((format(printf, 4, 5)));

/* By program, kind and what. */
void needs_sort(struct needs *needs);

/* Parts of the comparison; each 0 or -ENOMEM. */
int compare_addresses(struct comparison *c);
int compare_families(struct comparison *c);
int compare_path_rules(struct comparison *c);
int compare_scopes(struct comparison *c);

#endif
