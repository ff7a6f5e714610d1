/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call says by its arguments: of sockets, signals, limits, and of the task itself. */
#ifndef LEARN_TRACER_NOTES_H
#define LEARN_TRACER_NOTES_H

#include "tracer/tracing.h"

/* All at the entry of task->call but for notes_of_cpus(). Those with a result: 0, or -errno. */

/* How high its descriptors are. */
void notes_of_descriptors(struct task *task, const struct syscall_info *info);
/* What its class asks for. */
int notes_of_class(struct tracing *t, struct task *task, const struct syscall_info *info);
/* What it is about when it is not made, or has failed and changed nothing. */
int notes_of_places(struct tracing *t, struct task *task);
/* CLASS_FORK: nobody may escape. */
void notes_of_fork(struct task *task, const struct syscall_info *info);
/* At the exit, with RESULT: what it says of CPUs is what an untraced program would be told. */
void notes_of_cpus(struct tracing *t, const struct task *task, int64_t result);

#endif
