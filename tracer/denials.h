/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a confined program runs into: filters that kill or trap it, signals of resource limits. */
#ifndef LEARN_TRACER_DENIALS_H
#define LEARN_TRACER_DENIALS_H

#include "tracer/tracing.h"

/* At STOP_EXITING with the wait STATUS: EVENT_DENIED of a task that a filter kills. */
int denials_at_end(struct tracing *t, struct task *task, int status);

/* At STOP_SIGNAL: EVENT_DENIED of a trapped call, EVENT_EXCEEDED. */
int denials_at_signal(struct tracing *t, struct task *task, int signal);

#endif
