/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals that others send to us and that are meant for the command. */
#ifndef LEARN_TRACER_PASSING_H
#define LEARN_TRACER_PASSING_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/wait.h"

struct task;
struct tracing;

#define PASSING_MOST 32

/*
 * Who sends to a process group, or to all that a service manager knows of, means the command and
 * sends to us as well: passed on, such a signal would come twice. So a signal waits for a moment,
 * and is passed on unless the command has one from the same sender.
 */
struct passing {
	struct passing_signal {
		struct sent sent;
		uint64_t ms;	    /* when it came */
		unsigned ticks;	    /* that it has waited for */
	} waiting[PASSING_MOST],    /* at us */
		came[PASSING_MOST]; /* at the command: a ring, of which `next` is the oldest */
	size_t n, next;
};

/* Takes what has come at us. Not passed on is what recorded programs themselves send. */
void passing_take(struct tracing *t);

/* SIGNAL is about to be delivered to a task of the command's. */
void passing_note(struct tracing *t, const struct task *task, int signal);

/* Passes on what has waited long enough; after the command's end it ends the recording. */
void passing_tick(struct tracing *t);
/* How soon, in milliseconds, passing_tick() has something to do; 0: it has nothing. */
unsigned passing_tick_ms(const struct tracing *t);

#endif
