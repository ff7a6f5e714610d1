/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls that were broken into because the program is traced: by a stop of ours, or by a signal that
 * it ignores, which the kernel delivers to tracers all the same. The program must not notice.
 */
#ifndef LEARN_TRACER_INTERRUPT_H
#define LEARN_TRACER_INTERRUPT_H

#include "tracer/tracing.h"

/*
 * At STOP_EVENT and STOP_SIGNAL. Most calls that wait are begun again by the kernel after a stop;
 * those that would fail with EINTR (signal(7), "Interruption of system calls ... by stop signals")
 * are made to be begun again as well, unless a handler of the program's runs now. A time that such
 * a call was to wait at most begins anew. A call that the kernel goes on with by
 * restart_syscall(2) is learned under its own name. 0 or -errno of the sink.
 */
int interrupt_over(struct tracing *t, struct task *task);

/*
 * The same at the exit of task->call, for what has no other stop: an ignored signal may wake one
 * thread and be taken by another.
 */
void interrupt_at_exit(const struct task *task);

#endif
