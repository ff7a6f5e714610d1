/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A system call at its entry, and at its exit where that was asked for. */
#ifndef LEARN_TRACER_ENTRY_H
#define LEARN_TRACER_ENTRY_H

#include "tracer/tracing.h"

/*
 * At the entry of task->call: hands on what it teaches, and sets task->wants_result when the exit
 * is to be seen. 0 or -errno of the sink.
 */
int entry_of_call(struct tracing *t, struct task *task);

/*
 * At STOP_SECCOMP, after that: the call is refused where the sink has said so, or where a filter
 * of the program's own asks for a tracer that there is not.
 */
void entry_answer(const struct tracing *t, struct task *task);

/* What the sink has asked for about task->call: LESSON_PLACES, LESSON_STACK. 0 or its -errno. */
int entry_lessons(struct tracing *t, struct task *task, int lessons);

/* At the exit, with what the call returned. */
int exit_of_call(struct tracing *t, struct task *task, int64_t result);

/* When task->call was an execve(2) that has succeeded: its result is known before its exit. */
int exit_of_exec(struct tracing *t, struct task *task);

/* Learns from task->call, which was begun before the task was traced. 0 or -errno of the sink. */
int entry_in_the_past(struct tracing *t, struct task *task);

/* Puts back what was changed in the task's memory for the time of its call. */
void entry_undo(struct task *task);

#endif
