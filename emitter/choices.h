/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A call's checks for formats that know one value an argument: some values of several arguments
 * are then their product, one rule a combination. And the questions such formats ask of a call.
 */
#ifndef LEARN_EMITTER_CHOICES_H
#define LEARN_EMITTER_CHOICES_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/policy.h"

/* Which of each check's values a rule is for; starts with zeroes. */
struct choice {
	size_t of[6];
};

/* The next combination of values, the last check's fastest; false after the last. */
bool choice_next(const struct policy_call *call, struct choice *choice);

/* The bits of the argument that the check looks at. */
uint64_t check_bits(const struct policy_check *check);
/* A mask of all bits: nothing to compare. */
bool check_always_holds(const struct policy_check *check);
/*
 * The check's value number I by name ("PROT_READ"), or the bits of its mask ("within
 * MSG_PEEK|MSG_TRUNC"), for comments and the caller to free; NULL where the argument has no names.
 */
char *check_describe(const struct policy_call *call, const struct policy_check *check, size_t i);
/* Whether no check of the call compares anything. */
bool call_is_unconditional(const struct policy_call *call);
/* Whether a check lets nothing through: no rule. */
bool call_is_impossible(const struct policy_call *call);

/*
 * Whether the rule at INDEX is one that a format can state: its number is a call's (x32 numbers
 * go the way of foreign architectures), and no denial goes before it.
 */
bool call_is_stated(const struct policy *p, size_t index);
/* Whether the denial at INDEX gives another answer than the default, to a call's number. */
bool denial_is_stated(const struct policy *p, size_t index);

bool same_action(struct action a, struct action b);

#endif
