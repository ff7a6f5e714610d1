/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where tracer and tracees run. A stop wakes the tracer and a resume wakes the tracee; on the same
 * CPU that is a switch, on another one an interrupt between CPUs, several times as slow. So the
 * command and what it makes begin on the tracer's CPU; a task that waits there for others may run
 * anywhere, and is kept again when it stops often: parallel programs stay parallel.
 *
 * The program must not notice: what it asks about its CPUs (sched_getaffinity) is answered with
 * the mask that it would have had, and what it asks for (sched_setaffinity) is done and kept.
 */
#ifndef LEARN_TRACER_PLACEMENT_H
#define LEARN_TRACER_PLACEMENT_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/cpus.h"
#include "tracer/guardian.h"
#include "tracer/procfs.h"

struct placement {
	bool possible;      /* more than one CPU to choose from, and the mask fits */
	bool calibrated;
	struct guardian *guardian; /* told of each task kept; NULL: they do not outlive us */
	size_t next;        /* task to look at in the next sweep */
	int cpu;            /* the tracer's while any task is kept on it */
	unsigned n_kept;
	size_t n_busy;	    /* of these, that wanted the CPU when last looked at */
	bool ever_kept;
	uint64_t often_ns;  /* a mean gap between stops below this is often ... */
	uint64_t busy_ns;   /* ... while others want the CPU */
	uint64_t seldom_ns; /* a gap above this is not */
	uint64_t stop_ns;   /* a stop on another CPU costs at most so much more than here */
	size_t mask_bytes;  /* of the kernel's masks */
	unsigned char own[CPUS_MASK_BYTES]; /* the tracer's mask before */
};

/* A mask that several tasks believe to have. */
struct believed {
	unsigned n_users;
	unsigned char mask[];
};

/* What is kept of one task, in few bytes; zeroes for a new one. */
struct placed {
	struct believed *believed; /* while it is kept: the mask that it believes to have */
	union {
		uint64_t since_ns; /* while kept: when it was last looked at */
		uint64_t last_ns;  /* while not: when it last stopped */
	};
	union {
		struct procfs_run run; /* while kept: until then */
		uint64_t mean_ns;      /* while not: between stops */
	};
	union {
		unsigned stops; /* while kept: since then */
		unsigned n;     /* while not: those counted into the mean */
	};
	uint8_t computing; /* looks that found it computing, in a row */
	uint8_t to_pass;   /* looks to be passed over, while it makes no stop */
	bool kept;         /* on the tracer's CPU */
};

struct process;
struct task;
struct tasks;

/* GUARDIAN: NULL where the tasks end with us. */
void placement_begin(struct placement *placement, struct guardian *guardian);
/* Lets all tasks go, and the tracer. */
void placement_end(struct placement *placement, const struct tasks *tasks);

/* Keeps a task from its beginning: its first calls will come fast. */
void placement_keep(struct placement *placement, struct task *task);

/* At each stop for a call: keeps a task here that stops often. */
void placement_at_stop(struct placement *placement, struct task *task);

/* From time to time: lets tasks go that compute while others want to run here. */
void placement_sweep(struct placement *placement, const struct tasks *tasks);
/* How often that should be, in milliseconds; 0: no need. */
unsigned placement_sweep_ms(const struct placement *placement);

/* A new task has the mask of its maker, and with it the place. */
void placement_inherit(struct placement *placement, const struct task *maker, struct task *task);
/* Gives a task back the mask that it believes to have. */
void placement_release(struct placement *placement, struct task *task);
/*
 * Gives all tasks of a process back their masks, for as long as it runs this program: threads that
 * the kernel makes for it take them over, and nobody would give them back to these.
 */
void placement_leave(struct placement *placement, const struct tasks *tasks,
		     const struct process *process);
/* A task is gone. */
void placement_forget(struct placement *placement, struct task *task);

/*
 * At the exit of sched_getaffinity(2) of CALLER with RESULT: writes the mask that its target
 * believes to have. At that of sched_setaffinity(2): from now on the target has the mask that the
 * kernel made of the request.
 */
void placement_answer(const struct placement *placement, const struct tasks *tasks,
		      const struct task *caller, int64_t result);
void placement_note_request(struct placement *placement, const struct tasks *tasks,
			    const struct task *caller, int64_t result);

/*
 * READER is about to use the file PATH: where it is one that shows a task's CPUs (/proc/N/status),
 * the task has its own again, until it has made some more calls.
 */
void placement_at_path(struct placement *placement, const struct tasks *tasks,
		       const struct task *reader, const char *path);

#endif
