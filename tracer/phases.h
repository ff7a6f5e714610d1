/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a process has started up: the event that begins PHASE_SERVING. */
#ifndef LEARN_TRACER_PHASES_H
#define LEARN_TRACER_PHASES_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/tasks.h"

/* The forms of --phase-at. */
enum phase_event_kind {
	PHASE_AT_NOTHING,
	PHASE_AT_CALL,   /* "CALL" or "CALL:N": the Nth time a process makes it */
	PHASE_AT_SIGNAL, /* "signal:NAME": it is delivered */
	PHASE_AT_PATH,   /* "path:GLOB": a call acts on a path that matches (fnmatch(3)) */
};

struct phase_event {
	enum phase_event_kind kind;
	uint64_t times;   /* CALL */
	char call[64];    /* CALL: its name */
	int nr;           /* CALL: on the native architecture */
	int signal;       /* SIGNAL */
	const char *glob; /* PATH: borrowed */
};

/* Reads the word; ret->glob borrows from it. 0, or -EINVAL after a message. */
int phase_event_parse(const char *word, struct phase_event *ret);

/* What happens in a task; each may move its process on to PHASE_SERVING. */
void phases_at_call(const struct phase_event *event, struct task *task);
void phases_at_signal(const struct phase_event *event, struct task *task, int signal);
void phases_at_path(const struct phase_event *event, struct task *task, const char *path);

#endif
