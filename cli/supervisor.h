/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command does under a policy, as it is told: answers to calls, and denials collected. */
#ifndef LEARN_CLI_SUPERVISOR_H
#define LEARN_CLI_SUPERVISOR_H

#include <stdbool.h>

#include "cli/collector.h"
#include "cli/supervise.h"
#include "event/event.h"

/* One run under way. */
struct supervisor {
	const struct supervision *s;
	struct failures *failures; /* or NULL */
	bool handed_over;	   /* errors and the log are ours to carry out */
	/*
	 * Denied and not told yet: first come its places, then its stack. What failed is denied
	 * only where a place is beyond the policy.
	 */
	struct collector collector;
	int failed;		   /* the error of the call that the draft is about, or 0 */
	bool beyond;		   /* the policy is a place of that */
	bool places;		   /* are asked for */
	unsigned paths, addresses; /* of these, told until now */
	bool stack_for_trace;	   /* the stack is asked for by s->trace */
	bool result_for_trace;
	unsigned uses; /* of paths that the call has told until now */
	unsigned hindered; /* enum hindrance, until now */
	bool retold; /* the call that executes the command: it is told again as the command's */
};

/* 0, or -errno after a message; supervisor_clear() either way. S must outlive it. */
int supervisor_init(struct supervisor *v, const struct supervision *s);
/* Frees all but the denials, which are the caller's. */
void supervisor_clear(struct supervisor *v);

/* Where the events of the run go; lives as long as V. */
struct event_sink supervisor_sink(struct supervisor *v);

#endif
