/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies behind each process while it is recorded: its milestones. */
#ifndef LEARN_LEARNER_LIVES_H
#define LEARN_LEARNER_LIVES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/map.h"
#include "event/event.h"

struct life {
	pid_t pid;
	uint32_t program;
	enum phase phase;
	uint32_t behind; /* MILESTONE_*: since it was forked off or executed its program */
	bool threads;    /* another thread than the first was seen */
	bool ended;      /* the first thread has ended the process; others may be at their last */
};

struct lives {
	struct map by_pid; /* struct life */
	struct life *last; /* the one asked for last */
};

/*
 * The process that made a call with this origin, just before the call counts. Who made it is not
 * asked: each process makes its first call as a copy of its maker, but for the first of all. NULL
 * without memory. Valid until lives_end().
 */
struct life *lives_find(struct lives *lives, const struct event_origin *origin);
/* The process has made its last call. */
void lives_end(struct lives *lives, struct life *life, const struct event_origin *origin);
void lives_clear(struct lives *lives);

#endif
