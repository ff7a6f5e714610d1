/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attaching to programs that run already. */
#ifndef LEARN_TRACER_ATTACH_H
#define LEARN_TRACER_ATTACH_H

#include "tracer/tracing.h"

/*
 * Traces every task of options->targets and of the processes that descend from them, hands on what
 * they run (EVENT_PROGRAM, EVENT_LIBRARY, EVENT_LIMIT), and stops each once, so that from there on
 * it stops at every call. Should `learn` die, the kernel lets go of them and they run on.
 * 0, or -errno after a message: then our end lets go of what was stopped.
 */
int attach(struct tracing *t);

/*
 * Traces the process PID, of one thread, which waits to be told to execute FILE: from there on it
 * is recorded. 0 or -errno, and then it is not traced.
 */
int attach_newcomer(struct tracing *t, pid_t pid, const char *file);

#endif
