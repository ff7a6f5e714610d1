/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A check on one argument as tests on the 32-bit words that BPF can load. */
#ifndef LEARN_EMITTER_WORD_H
#define LEARN_EMITTER_WORD_H

#include "emitter/graph.h"
#include "emitter/tuning.h"
#include "policy/policy.h"

/*
 * Goes on to YES when the check holds and to NO otherwise. A 32-bit check looks at the low word
 * alone, whatever the high one holds, because that is what the kernel does with the argument.
 * CALL names the values in comments. NULL without memory.
 */
struct node *word_check(struct graph *graph, const struct policy_call *call,
			const struct policy_check *check, const struct tuning *tuning,
			struct node *yes, struct node *no);

#endif
