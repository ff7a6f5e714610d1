/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One recording in progress: what the tracer's files share. */
#ifndef LEARN_TRACER_TRACING_H
#define LEARN_TRACER_TRACING_H

#include <stdbool.h>

#include "event/event.h"
#include "sysdb/syscalls.h"
#include "tracer/lookup.h"
#include "tracer/placement.h"
#include "tracer/stacks.h"
#include "tracer/symbols.h"
#include "tracer/tasks.h"
#include "tracer/tracer.h"

#define TRACING_ARCHES 2 /* native, and the 32-bit one that the kernel may run beside it */

struct tracing {
	const struct trace_options *options;
	const struct event_sink *sink;
	struct tasks tasks;
	struct lookup lookup;
	struct symbols symbols;
	struct stacks *stacks;
	struct syscall_index *calls[TRACING_ARCHES];
	struct map programs; /* "path\0build-id" to its number plus one */
	struct placement placement;
	unsigned tick_ms;    /* how often the timer wakes us */
	uint64_t last_tick_ms; /* when the sink had its last tick */
	struct descriptors inherited; /* what the command had open when it began */
	struct tree_peaks {
		uint64_t memory, tasks; /* the largest seen, in bytes and as a number */
		uint64_t told_memory, told_tasks; /* the sink knows */
		uint64_t tried;      /* the largest sum that was looked into */
		size_t next;         /* process to look at in the next tick */
	} tree;
	pid_t leader;        /* the command */
	bool started;        /* it was executed */
	bool leader_stopped; /* by job control */
	struct trace_result result;
};

/* The row for a call, or NULL. */
const struct syscall_info *tracing_info(const struct tracing *t, const struct event_call *call);

/* Fills in who and which call, and hands the event on. 0 or -errno. */
int tracing_emit(const struct tracing *t, const struct task *task, struct event *event);

/* EVENT_PROGRAM, when new: sets process->program to what the process runs now. 0 or -errno. */
int tracing_set_program(struct tracing *t, const struct task *task);

/* EVENT_LIBRARY for the file PATH, which can be opened as FILE, when it is an ELF file. */
int tracing_library(struct tracing *t, const struct task *task, const char *path,
		    const char *file);

#endif
