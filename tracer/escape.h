/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Children that nobody traces: a caller of clone3(2) may ask for that (CLONE_UNTRACED) in memory
 * that another thread writes, between the moment when we look at it and the one when the kernel
 * does. Under our filter such a child sees every call fail; attached to, it would not be recorded.
 */
#ifndef LEARN_TRACER_ESCAPE_H
#define LEARN_TRACER_ESCAPE_H

#include "tracer/tracing.h"

/*
 * At the exit of a call, which returned MADE, that the kernel has told of no child: where there is
 * one all the same, it
 * is traced from here on, and the evidence says what is missing. 0 or -errno of the sink.
 */
int escape_at_exit(struct tracing *t, struct task *maker, int64_t made);

/* About once a second: the same for makers that wait in the call for what their child does. */
int escape_look(struct tracing *t);

#endif
