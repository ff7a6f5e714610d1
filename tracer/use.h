/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource use that a call is about to change, looked at while it is still there. */
#ifndef LEARN_TRACER_USE_H
#define LEARN_TRACER_USE_H

#include "tracer/tracing.h"

/*
 * At the entry of a call of CLASS_MAP, CLASS_MEMORY, CLASS_RESOURCE or CLASS_SIGNAL: EVENT_PEAK
 * for what it takes away or asks for. 0 or -errno of the sink.
 *
 * Private memory can only grow by calls, so the largest that it was is there when it is about to
 * shrink. /proc is read when the calls since the last look may have added as much as 256 KiB, or
 * when 1 MiB or more is to go.
 */
int use_of_call(struct tracing *t, struct task *task, const struct syscall_info *info);

#endif
