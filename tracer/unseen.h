/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What recording keeps a program from doing, or does not see: said once in the evidence. */
#ifndef LEARN_TRACER_UNSEEN_H
#define LEARN_TRACER_UNSEEN_H

#include "tracer/tracing.h"

/* All at the entry of task->call, by the class of its row; 0 or -errno. */

/* CLASS_FILTER: seccomp's strict mode. */
int unseen_strict(const struct tracing *t, const struct task *task,
		  const struct syscall_info *info);
/* CLASS_TRACE: a task has one tracer, and it is us. */
int unseen_by_tracing(const struct tracing *t, const struct task *task);
/* CLASS_RING: what is done by io_uring. */
int unseen_in_ring(struct tracing *t, struct task *task, const struct syscall_info *info);

/* It has a ring, which may work without any call: is told, and its CPUs are its own from now on. */
int unseen_by_ring(struct tracing *t, const struct task *task);

/* At the exit of a call of CLASS_RING, with RESULT: there is a ring now. */
int unseen_from_now(struct tracing *t, const struct task *task, int64_t result);

#endif
