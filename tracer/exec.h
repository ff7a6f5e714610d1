/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process runs a new program. */
#ifndef LEARN_TRACER_EXEC_H
#define LEARN_TRACER_EXEC_H

#include "tracer/tracing.h"

/* At STOP_EXEC of a task that is TASK now. PATH: the command's, at its first exec; else NULL. */
int exec_of_program(struct tracing *t, struct task *task, const char *path);

/* At STOP_SIGNAL with SIGTRAP: whether it is that breakpoint; then PHASE_MAIN has begun. */
bool exec_reached_entry(struct task *task);

/*
 * Before a task is let go: takes the breakpoint away. False when it was hit already and its
 * SIGTRAP, which nobody but us expects, is still to come.
 */
bool exec_forget_entry(const struct task *task);

#endif
