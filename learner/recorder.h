/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events become evidence: the learner's end of the event contract. */
#ifndef LEARN_LEARNER_RECORDER_H
#define LEARN_LEARNER_RECORDER_H

#include <stdint.h>

#include "event/event.h"
#include "profile/profile.h"

struct recorder;

/*
 * A recorder that adds to PROFILE, which must outlive it. NULL without memory. Free with
 * recorder_free().
 */
struct recorder *recorder_new(struct profile *profile);
void recorder_free(struct recorder *recorder);

/* How far a recording has come. */
struct recorder_stats {
	uint64_t calls;    /* counted */
	uint64_t distinct; /* calls by program, phase and architecture */
	uint64_t finds;    /* first sights of a call or an argument's value */
};
struct recorder_stats recorder_stats(const struct recorder *recorder);

/* The sink to hand to an event source; its tick does nothing. */
struct event_sink recorder_sink(struct recorder *recorder);

#endif
