/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls and denials of a policy as one decision graph over struct seccomp_data. */
#ifndef LEARN_EMITTER_PLAN_H
#define LEARN_EMITTER_PLAN_H

#include "emitter/graph.h"
#include "emitter/tuning.h"
#include "policy/policy.h"

/* The graph's root: it decides as policy_decide() does. NULL without memory. */
struct node *plan_policy(struct graph *graph, const struct policy *policy,
			 const struct tuning *tuning);

/* What a call leads to: each check in turn, then the allowing return. NULL without memory. */
struct node *plan_call(struct graph *graph, const struct policy *policy,
		       const struct policy_call *call, const struct tuning *tuning);

#endif
