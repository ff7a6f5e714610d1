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
#include "tracer/descriptors.h"
#include "tracer/placement.h"

/* What a process holds, as far as its peaks need it: tracer/use.c, tracer/tree.c. */
struct use {
	uint64_t memory;     /* its part of tasks->memory */
	uint64_t shmem;      /* of that, shared; when it was last looked at */
	uint64_t grown;      /* bytes that may have become private and writable since then */
	uint64_t brk;        /* the end of the heap that it asked for */
	uint64_t queues;     /* bytes of message queues */
	uint64_t shm_locked; /* bytes of segments locked in memory */
	bool borrowed : 1;   /* its memory is its maker's: CLONE_VM */
	bool returned : 1;   /* which waits until it is given back: vfork(2) */
	bool seen : 1;	     /* memory is what it has; else it is among tasks->n_unseen */
	bool related : 1;    /* pages of it may be its maker's, or its children's, as well */
	bool locks : 1;      /* locked some of its memory */
	bool realtime : 1;   /* asked for a real-time policy */
};

/* There may be thousands: what a process or a task does not need, it does not have. */
struct process {
	pid_t pid;
	unsigned n_tasks;   /* alive; the process is freed with the last one */
	unsigned n_exiting; /* of these, past their STOP_EXITING */
	unsigned n_held;    /* of these, held */
	uint32_t program;
	uint32_t image;     /* changes with every exec: what is cached by address is stale */
	uint32_t code;      /* changes with every mapping of code */
	int highest_fd;     /* the largest descriptor passed to a call, -1 for none */
	enum phase phase : 8;
	bool ring : 1;	    /* has an io_uring: see placement_leave() */
	bool asks_ring : 1; /* is in the call for its first one */
	bool threaded : 1;  /* had more than one task since it began */
	/*
	 * Stopped at the entry and exit of each call (PTRACE_SYSCALL): another filter than ours
	 * keeps some calls from it, or it was attached to and has none.
	 */
	bool every_call : 1;
	/* For tracer/interrupt.c. */
	bool signalled : 1;   /* may be sent signals that it ignores */
	bool time_limits : 1; /* gave sockets a time limit */
	uint32_t at_entry;    /* the instruction that the breakpoint replaces */
	uint64_t entry;       /* where PHASE_MAIN begins, while a breakpoint waits for it; else 0 */
	uint64_t phase_calls; /* made so far of the one that ends PHASE_MAIN */
	uint64_t born_ms;     /* when it was made, 0: not known */
	uint64_t handled;     /* bit N - 1: had a handler for signal N when last looked at */
	/* What it is about to execute, while it is none of those to record yet; else NULL. */
	char *launching;
	struct use use;
	struct descriptors written; /* written to: perhaps files that grew */
};

/* Whose names a task uses: see tracer/lookup.h. */
enum task_view { VIEW_OURS, VIEW_OTHER_ROOT, VIEW_OTHER_NAMESPACE };

struct task {
	pid_t tid;
	uint32_t view_generation;
	struct process *process; /* NULL: its maker's fork event has not come yet */
	struct event_call call;  /* the last one entered */
	struct placed placed;
	char *executes;          /* what its execve leads to, as far as that was told */
	uint32_t fork_flags;     /* the lower ones of that call, when it was one of CLASS_FORK */
	uint16_t answer;         /* the error that the current call is refused with, or 0 */
	enum task_view view : 2; /* as it was at view_generation */
	bool stopped : 1;        /* a new task that waits for its maker's event */
	bool unannounced : 1;    /* went on without that event, which may still come */
	bool begun : 1;          /* its first stop is over */
	bool exiting : 1;        /* past its STOP_EXITING */
	bool held : 1;           /* stopped until all of its process can be let go */
	bool entered : 1;        /* inside a call whose entry was handled at a syscall-stop */
	bool wants_result : 1;   /* the current call is to end in an exit stop */
	bool threatened : 1;     /* so it is, for what may end it: tracer/interrupt.h */
	bool changed_flags : 1;  /* clone3's were, in memory, for the time of the call */
	bool makes : 1;          /* in a call that may make a child untraced: tracer/escape.h */
};

struct tasks {
	struct map by_tid;  /* struct task */
	struct map by_pid;  /* struct process */
	size_t n_orphans;   /* tasks without a process */
	struct map ended_early; /* by tid: were unannounced to their end */
	uint32_t images;    /* given out */
	size_t most_alive;  /* tasks at once */
	size_t n_unseen;    /* processes whose memory may be anything: begun, executed, grown */
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

void tasks_clear(struct tasks *tasks);

#endif
