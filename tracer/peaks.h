/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource use, read when a process is about to lose it: no stop is made for it. */
#ifndef LEARN_TRACER_PEAKS_H
#define LEARN_TRACER_PEAKS_H

#include "tracer/tracing.h"

/* The command begins: the descriptors that it inherits are no use of its own. */
void peaks_begin(struct tracing *t, const struct task *task);

/* EVENT_PEAK: a use of a resource by the task's process. 0 or -errno of the sink. */
int peaks_emit(const struct tracing *t, const struct task *task, int resource, uint64_t value);

/*
 * EVENT_PEAK for what a process used, at STOP_EXITING of its last task with that stop's wait
 * status. 0 or -errno of the sink.
 */
int peaks_at_end(struct tracing *t, const struct task *task, int status);

/* The same for what is lost when it executes another program: memory, files that it closes then. */
int peaks_before_exec(struct tracing *t, const struct task *task);

/* A descriptor that was written to is about to be closed: EVENT_PEAK for RLIMIT_FSIZE. */
int peaks_of_file(const struct tracing *t, const struct task *task, uint64_t fd);

#endif
