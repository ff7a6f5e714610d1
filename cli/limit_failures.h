/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which failures of calls a resource limit explains. */
#ifndef LEARN_CLI_LIMIT_FAILURES_H
#define LEARN_CLI_LIMIT_FAILURES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cli/denial.h"
#include "event/event.h"
#include "policy/policy.h"

/*
 * The calls to be seen, by number from 0; NULL after the last, of which there are at most
 * LIMIT_FAILURES_MOST; "" is one that the limits of POLICY cannot make fail.
 */
#define LIMIT_FAILURES_MOST 64
const char *limit_failures_call(const struct policy *policy, size_t i);

/*
 * Whether a limit of a resource that POLICY limits explains that the call of PID failed with
 * ERROR; then kind and what belongs to it are filled in.
 */
bool limit_failures_explain(const struct policy *policy, pid_t pid, const struct event_call *call,
			    int error, struct denial *ret);

/* The same for the signal of a limit, which needs no explanation. */
void limit_failures_signal(pid_t pid, int resource, struct denial *ret);

#endif
