/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy rules out: the questions that formats with coarser rules than ours ask. */
#ifndef LEARN_EMITTER_RULED_OUT_H
#define LEARN_EMITTER_RULED_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/path.h"
#include "policy/policy.h"
#include "sysdb/effects.h"

/* Whether the call is allowed, on any architecture, with whatever arguments. */
bool policy_allows(const struct policy *p, const char *call);
/* The first of the calls (a list that ends with NULL) that is allowed, or NULL. */
const char *policy_allows_any(const struct policy *p, const char *const *calls);

/* Whether the call is allowed with an argument in which all (any) of BITS are set. */
bool policy_allows_all_bits(const struct policy *p, const char *call, unsigned index,
			    uint64_t bits);
bool policy_allows_any_bit(const struct policy *p, const char *call, unsigned index, uint64_t bits);

/* Whether the call is allowed with VALUE in the argument, as far as is known. */
bool policy_allows_value(const struct policy *p, const char *call, unsigned index, uint64_t value);
/* Whether every rule for the call, of which there is one, tells what the argument holds. */
bool policy_knows(const struct policy *p, const char *call, unsigned index);
/* Whether the argument holds nothing but these values. */
bool call_holds_only(const struct policy_call *call, unsigned index, const uint64_t *values,
		     size_t n);

/*
 * The first path at or below DIR that is used in one of the ways EFFECTS and is not within one of
 * EXCEPT (a list that ends with NULL, or NULL); or NULL. A policy that has no seen paths answers
 * by its rules, also by those for directories above DIR.
 */
const char *policy_uses(const struct policy *p, const char *dir, uint32_t effects,
			const char *const *except);

#endif
