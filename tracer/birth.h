/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New tasks: whose they are, and how they, and all others, go on after a stop. */
#ifndef LEARN_TRACER_BIRTH_H
#define LEARN_TRACER_BIRTH_H

#include "tracer/tracing.h"

/*
 * Lets a stopped task go on as its process wants it, with SIGNAL delivered to it (0: none); while
 * all are to be let go, only to the next place where it can be.
 */
void birth_resume(const struct tracing *t, const struct task *task, int signal);

/* At STOP_EVENT: a new task, or one that we have stopped, goes on. May free it. 0 or -errno. */
int birth_at_event(struct tracing *t, struct task *task);

/* At STOP_FORK: MAKER has made the task TID, whose first stop may come before or after. */
int birth_at_fork(struct tracing *t, struct task *maker, pid_t tid);

/* Gives a task without a process one by what /proc tells. 0 or -errno. */
int birth_by_proc(struct tracing *t, struct task *task);

/* After a death: tasks whose maker's event was lost with the maker. 0 or -errno. */
int birth_of_orphans(struct tracing *t);

#endif
