/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call does to files, as events. */
#ifndef LEARN_TRACER_PATH_NOTES_H
#define LEARN_TRACER_PATH_NOTES_H

#include "tracer/tracing.h"

/* Each of them at the entry of task->call: 0, or -errno of the sink. */

/* The paths that it names. LOOKED_AT: also those of calls that only look. */
int path_notes_of_call(struct tracing *t, struct task *task, const struct syscall_info *info,
		       bool looked_at);
/* ioctl(2) on a device: the right belongs to the path that the descriptor was opened by. */
int path_notes_ioctl(const struct tracing *t, struct task *task);
/* mmap(2) of code from a file: a library, or the program itself. */
int path_notes_map(struct tracing *t, const struct task *task);

/*
 * Code that comes and goes by the call. Last of all, when the stack was walked: the call itself
 * comes before its mapping.
 */
void path_notes_code(struct tracing *t, struct process *process, const struct event_call *call,
		     const struct syscall_info *info);

#endif
