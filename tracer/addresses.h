/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket addresses in calls: IPv4, IPv6, UNIX. */
#ifndef LEARN_TRACER_ADDRESSES_H
#define LEARN_TRACER_ADDRESSES_H

#include "tracer/tracing.h"

/* EVENT_ADDRESS or EVENT_PATH for a CLASS_ADDRESS call. 0 or -errno of the sink. */
int addresses_of_call(const struct tracing *t, struct task *task, const struct syscall_info *info);

/* The same for the addresses of a CLASS_MESSAGE or CLASS_MESSAGES call. */
int addresses_of_messages(const struct tracing *t, struct task *task,
			  const struct syscall_info *info);

/*
 * What a CLASS_SOCKETCALL call stands for: its row, and RET with its arguments. NULL when there is
 * nothing in it to look at.
 */
const struct syscall_info *addresses_unpack(const struct task *task, struct event_call *ret);

#endif
