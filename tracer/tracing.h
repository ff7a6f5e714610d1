/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One recording in progress: what the tracer's files share. */
#ifndef LEARN_TRACER_TRACING_H
#define LEARN_TRACER_TRACING_H

#include <stdbool.h>

#include "event/event.h"
#include "sysdb/syscalls.h"
#include "tracer/lookup.h"
#include "tracer/fields.h"
#include "tracer/interrupt.h"
#include "tracer/passing.h"
#include "tracer/placement.h"
#include "tracer/stacks.h"
#include "tracer/symbols.h"
#include "tracer/tasks.h"
#include "tracer/tracer.h"
#include "tracer/wait.h"

/* How far the end has come, where it did not come by itself. */
enum ending {
	ENDING_NOT,
	ENDING_DETACH,   /* each task is let go at its next stop */
	ENDING_GIVEN_UP, /* the kernel lets go of the rest when we end */
	ENDING_TERM,     /* all processes were sent SIGTERM */
	ENDING_KILL,     /* and SIGKILL */
};

#define TRACING_ARCHES 2 /* native, and the 32-bit one that the kernel may run beside it */

struct tracing {
	const struct trace_options *options;
	const struct event_sink *sink;
	struct tasks tasks;
	struct lookup lookup;
	struct symbols symbols;
	struct stacks *stacks;
	struct syscall_index *calls[TRACING_ARCHES];
	struct fields fields;
	struct interrupts interrupts;
	struct map programs; /* "path\0build-id" to its number plus one */
	struct tracing_most *most; /* by program: see tracing_most() */
	size_t n_most;
	struct changes changes;
	struct passing passing;
	struct placement placement;
	struct guardian guardian; /* while attached */
	unsigned tick_ms;    /* how often the timer wakes us */
	uint64_t last_tick_ms; /* when the sink had its last tick */
	struct descriptors inherited; /* what the command had open when it began */
	struct tree_peaks {
		uint64_t memory, tasks; /* the largest seen, in bytes and as a number */
		uint64_t told_memory, told_tasks; /* the sink knows */
		uint64_t tried;      /* the largest sum that was looked into */
		size_t next;         /* process to look at in the next tick */
	} tree;
	pid_t leader;        /* the command; 0: attached */
	pid_t porter;        /* the child that waits at the door; 0: none */
	bool leader_ended;
	bool told_of_rest;   /* that processes outlive the command */
	enum ending ending;
	uint64_t ending_due_ms; /* when ending_tick() has to act; 0: never */
	bool started;        /* it was executed */
	bool listening;      /* without ptrace (tracer/hearing.h): no task can be changed */
	struct trace_result result;
};

/* Options and sink are there; the rest is made. 0 or -errno. tracing_end() in either case. */
int tracing_begin(struct tracing *t);
void tracing_end(struct tracing *t);

/* The clock of *_ms: CLOCK_MONOTONIC. */
uint64_t tracing_now_ms(void);

/* Whether what is traced was attached to: it has no filter of ours, and outlives us. */
static inline bool tracing_attached(const struct tracing *t)
{
	return t->options->n_targets || t->options->door;
}

/* Before the first call of an architecture, whose tables are then made. 0 or -ENOMEM. */
int tracing_know_arch(struct tracing *t, uint32_t arch);

/* The row for a call, or NULL. */
const struct syscall_info *tracing_info(const struct tracing *t, const struct event_call *call);

/*
 * Fills in who and hands the event on, and EVENT_STACK after it where that is asked for. -errno, 0,
 * or with LESSON_PLACES all that the sink wants: for entry_lessons().
 */
int tracing_emit(const struct tracing *t, const struct task *task, struct event *event);
/* The same of a program that has been executed: with it the callers have gone from the stack. */
int tracing_emit_executed(const struct tracing *t, const struct task *task, struct event *event);

/*
 * EVENT_PROGRAM, when new: sets process->program to what the process runs now. PATH: its name where
 * that is known, or NULL. 0 or -errno.
 */
int tracing_set_program(struct tracing *t, const struct task *task, const char *path);

/* What processes of one program were seen to use: less than that is not worth a look. */
struct tracing_most {
	uint64_t data;	      /* bytes of private and stack memory when VmData was looked at */
	uint64_t descriptors; /* the highest one told, plus one */
};

/* That of a program, all zeroes at first; valid until the next program. NULL without memory. */
struct tracing_most *tracing_most(struct tracing *t, uint32_t program);

/* EVENT_LIBRARY for the file PATH, which can be opened as FILE, when it is an ELF file. */
int tracing_library(struct tracing *t, const struct task *task, const char *path,
		    const char *file);

#endif
