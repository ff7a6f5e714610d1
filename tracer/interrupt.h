/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that one of our own stops (control_interrupt()) broke into: the program must not notice. */
#ifndef LEARN_TRACER_INTERRUPT_H
#define LEARN_TRACER_INTERRUPT_H

#include "tracer/tracing.h"

/*
 * At STOP_EVENT. Most calls that wait are begun again by the kernel after a stop; those that
 * would fail with EINTR (signal(7), "Interruption of system calls ... by stop signals") are made
 * to be begun again as well. A time that such a call was to wait at most begins anew. One that the
 * kernel goes on with by restart_syscall(2) is learned under its own name. 0 or -errno of the sink.
 */
int interrupt_over(struct tracing *t, struct task *task);

/* The same at the exit of a call, while a stop of ours is due; task->call is that call. */
void interrupt_at_exit(const struct task *task);

#endif
