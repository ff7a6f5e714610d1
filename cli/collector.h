/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Denials of a run, collected: each kind once, told when all is known of it. */
#ifndef LEARN_CLI_COLLECTOR_H
#define LEARN_CLI_COLLECTOR_H

#include <stdbool.h>

#include "base/map.h"
#include "cli/denial.h"
#include "event/event.h"

/* Places of one call that are denied. */
#define COLLECTOR_MOST_DRAFTS 4

struct collector {
	struct denials denials;
	struct map seen; /* by denial_key(): struct denial, which `denials` owns */
	struct denial *drafts[COLLECTOR_MOST_DRAFTS]; /* of one call, not told yet */
	size_t n_drafts;
	void (*tell)(void *state, const struct denial *denial); /* of a new kind; or NULL */
	void *state;
};

/* Frees all but the denials. */
void collector_clear(struct collector *c);

/*
 * A draft like LIKE (copied, also what it points to), by whom and for which call (NULL: none).
 * Past the most that there can be it is left out. 0 or -ENOMEM.
 */
int collector_draft(struct collector *c, const struct event_origin *origin,
		    const struct event_call *call, const struct denial *like);

/* Counts the last draft and drops it where its kind is known. True when it is new. -ENOMEM. */
int collector_is_new(struct collector *c);

/* The last draft, to be filled in; NULL without. */
struct denial *collector_last(const struct collector *c);

/* All drafts are known now: those of a new kind are told, the others counted. 0 or -ENOMEM. */
int collector_finish(struct collector *c, const struct event *stack);

/* Forgets the drafts. */
void collector_drop(struct collector *c);

#endif
