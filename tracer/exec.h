/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process runs a new program. */
#ifndef LEARN_TRACER_EXEC_H
#define LEARN_TRACER_EXEC_H

#include "tracer/tracing.h"

/* At STOP_EXEC of a task that is TASK now. PATH: the command's, at its first exec; else NULL. */
int exec_of_program(struct tracing *t, struct task *task, const char *path);

/* At the entry of a call that may execute PATH, which is told: notes it. 0 or -ENOMEM. */
int exec_expect(struct task *task, const char *path);

/*
 * EVENT_LIMIT: the kernel shows memory and files of what is not dumpable (prctl(2)) only to root.
 * 0 or -errno of the sink.
 */
int exec_tell_hidden(const struct tracing *t, const struct task *task);

/* At STOP_SIGNAL with SIGTRAP: whether it is that breakpoint; then PHASE_MAIN has begun. */
bool exec_reached_entry(struct task *task);

/*
 * Before a task is let go: takes the breakpoint away. False when it was hit already and its
 * SIGTRAP, which nobody but us expects, is still to come.
 */
bool exec_forget_entry(const struct task *task);

#endif
