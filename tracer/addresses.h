/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket addresses in calls: IPv4, IPv6, UNIX. */
#ifndef LEARN_TRACER_ADDRESSES_H
#define LEARN_TRACER_ADDRESSES_H

#include "tracer/tracing.h"

/* EVENT_ADDRESS or EVENT_PATH for a CLASS_ADDRESS call. 0 or -errno of the sink. */
int addresses_of_call(const struct tracing *t, const struct task *task,
		      const struct syscall_info *info);

#endif
