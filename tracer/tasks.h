/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is traced: tasks (threads) and the processes they make up. */
#ifndef LEARN_TRACER_TASKS_H
#define LEARN_TRACER_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/map.h"
#include "event/event.h"
#include "tracer/placement.h"

/* A set of descriptors. */
struct descriptors {
	uint64_t *bits;
	size_t n; /* words of 64 */
};

/* What a process holds, as far as its peaks need it: tracer/use.c, tracer/tree.c. */
struct use {
	uint64_t memory;     /* its part of tasks->memory */
	uint64_t shmem;      /* of that, shared; when it was last looked at */
	uint64_t grown;      /* bytes that may have become private and writable since then */
	uint64_t brk;        /* the end of the heap that it asked for */
	uint64_t queues;     /* bytes of message queues */
	uint64_t shm_locked; /* bytes of segments locked in memory */
	bool borrowed;       /* its memory is its maker's: CLONE_VM */
	bool returned;       /* which waits until it is given back: vfork(2) */
	bool locks;          /* locked some of its memory */
	bool realtime;       /* asked for a real-time policy */
};

struct process {
	pid_t pid;
	uint64_t born_ms;   /* when it was made, 0: not known */
	unsigned n_tasks;   /* alive; the process is freed with the last one */
	unsigned n_exiting; /* of these, past their STOP_EXITING */
	unsigned n_held;    /* of these, held */
	uint32_t program;
	enum phase phase;
	uint64_t phase_calls; /* made so far of the one that ends PHASE_MAIN */
	uint64_t entry;    /* where PHASE_MAIN begins, while a breakpoint waits for it; else 0 */
	uint32_t at_entry; /* the instruction that the breakpoint replaces */
	uint32_t image;    /* changes with every exec: what is cached by address is stale */
	uint32_t code;     /* changes with every mapping of code */
	bool threaded;     /* had more than one task since it began */
	/*
	 * Stopped at the entry and exit of each call (PTRACE_SYSCALL): a filter of its own keeps
	 * some calls from ours, or it was attached to and has none.
	 */
	bool every_call;
	/* For tracer/interrupt.c. */
	bool signalled;    /* may be sent signals that it ignores */
	bool time_limits;  /* gave sockets a time limit */
	uint64_t handled;  /* bit N - 1: had a handler for signal N when it was last looked at */
	/* What it is about to execute, while it is none of those to record yet; else NULL. */
	char *launching;
	int highest_fd;    /* the largest descriptor passed to a call, -1 for none */
	struct use use;
	struct descriptors written; /* written to: perhaps files that grew */
};

/* Whose names a task uses: see tracer/lookup.h. */
enum task_view { VIEW_OURS, VIEW_OTHER_ROOT, VIEW_OTHER_NAMESPACE };

struct task {
	pid_t tid;
	struct process *process; /* NULL: its maker's fork event has not come yet */
	struct event_call call;  /* the last one entered */
	uint64_t fork_flags;     /* of that call, when it was one of CLASS_FORK */
	bool stopped;            /* a new task that waits for its maker's event */
	bool unannounced;        /* went on without that event, which may still come */
	bool begun;              /* its first stop is over */
	bool exiting;            /* past its STOP_EXITING */
	bool held;               /* stopped until all of its process can be let go */
	struct placed placed;
	bool entered;            /* inside a call whose entry was handled at a syscall-stop */
	enum task_view view;     /* as it was at view_generation */
	uint32_t view_generation;
	bool wants_result;       /* the current call is to end in an exit stop */
	bool threatened;         /* so it is, for what may end it: tracer/interrupt.h */
	int answer;              /* the error that the current call is refused with, or 0 */
	char *executes;          /* what its execve leads to, where only root may ask /proc later */
	struct { /* clone3's flags were changed in memory for the time of the call */
		uint64_t address, flags;
	} restore;
};

struct tasks {
	struct map by_tid;  /* struct task */
	struct map by_pid;  /* struct process */
	size_t n_orphans;   /* tasks without a process */
	struct map ended_early; /* by tid: were unannounced to their end */
	uint32_t images;    /* given out */
	size_t most_alive;  /* tasks at once */
	uint64_t memory;    /* held by all processes when each was last looked at; bytes */
};

struct task *tasks_find(const struct tasks *tasks, pid_t tid);
struct process *tasks_process(const struct tasks *tasks, pid_t pid);
static inline size_t tasks_alive(const struct tasks *tasks)
{
	return tasks->by_tid.n;
}

/* A task nobody has told us about yet. NULL without memory. */
struct task *tasks_add(struct tasks *tasks, pid_t tid);

/*
 * Puts a task without a process into MAKER's process (a thread), or gives it one of its own that
 * starts as a copy of MAKER's; MAKER NULL: with nothing known. 0 or -ENOMEM.
 */
int tasks_adopt(struct tasks *tasks, struct task *task, const struct process *maker, bool thread);

/* Puts a task without a process into the process PID, made when it is new. 0 or -ENOMEM. */
int tasks_join(struct tasks *tasks, struct task *task, pid_t pid);

/* The task OLD has the number TID by exec; a leader of that number was removed before. */
int tasks_exec(struct tasks *tasks, pid_t tid, pid_t old, struct task **ret);

/* Forgets a task, and its process with the last one. */
void tasks_remove(struct tasks *tasks, pid_t tid);

/* Whether a task of this number has ended unannounced; asked once. */
bool tasks_ended_early(struct tasks *tasks, pid_t tid);

/* Adds a descriptor; out of memory, or beyond what anybody uses: it is left out. */
void descriptors_add(struct descriptors *set, uint64_t fd);
bool descriptors_has(const struct descriptors *set, uint64_t fd);
/* Takes it out; whether it was there. */
bool descriptors_take(struct descriptors *set, uint64_t fd);

void tasks_clear(struct tasks *tasks);

#endif
