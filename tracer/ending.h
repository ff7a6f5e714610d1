/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a recording ends before its last process has: let go of them, or end them. */
#ifndef LEARN_TRACER_ENDING_H
#define LEARN_TRACER_ENDING_H

#include "tracer/tracing.h"

/*
 * Begins to end the recording. Processes that were attached to are let go, each task at its next
 * stop. Those that we have started cannot go on without us, as each call asks our filter: they
 * get SIGTERM and, two seconds later or when this is called again, SIGKILL; or that at once.
 */
void ending_begin(struct tracing *t);

/* From time to time: begins when the time is up, and goes on with what was begun. */
void ending_tick(struct tracing *t);

/* How often that should be, in milliseconds; 0: no need within the next second. */
unsigned ending_tick_ms(const struct tracing *t);

/* Whether there is nobody left to wait for. */
bool ending_is_over(const struct tracing *t);

/*
 * Holds a task that has stopped at STOP_EVENT or STOP_GROUP; when that was the last one, lets its
 * process go, with all its threads at once, and forgets them. A group-stop stays one. 0 or -errno
 * of the sink.
 */
int ending_let_go(struct tracing *t, struct task *task);

/* A task is exiting, or has ended: perhaps the others waited for it. 0 or -errno of the sink. */
int ending_without(struct tracing *t, struct task *task);

/* After the last stop: what did not stop in time is made ready to be let go by our own end. */
void ending_finish(struct tracing *t);

#endif
