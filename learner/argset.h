/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which values of a call's arguments are let through. */
#ifndef LEARN_LEARNER_ARGSET_H
#define LEARN_LEARNER_ARGSET_H

#include "learner/tally.h"
#include "policy/policy.h"

/*
 * Adds to CALL, a rule of POLICY for the tallied call, one check for each inspected argument whose
 * values are all known: a list, or for flags a mask where that lets nothing dangerous through that
 * was not seen. An argument without a check gets a note in POLICY. 0 or -ENOMEM.
 */
int argset_add_checks(const struct call_tally *seen, struct policy *policy,
		      struct policy_call *call);

/* Adds to CALL what its other inspected arguments held, where that is known. 0 or -ENOMEM. */
int argset_add_held(const struct call_tally *seen, struct policy_call *call);

/*
 * The call through which the same can be done unseen, its arguments being behind a pointer (clone3
 * for clone), or NULL.
 */
const char *argset_way_around(const char *call);

#endif
