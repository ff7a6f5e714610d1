/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the failure of a call tells about landlock and resource limits, which say nothing. */
#ifndef LEARN_CLI_FAILURES_H
#define LEARN_CLI_FAILURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/denial.h"
#include "event/event.h"
#include "policy/policy.h"

struct failures;

/*
 * Looks which of the policy's path rules take hold: has to be called right before they are made.
 * LAYERS (LAYER_*) are enforced. NULL without memory. The policy must outlive it.
 */
struct failures *failures_new(const struct policy *policy, unsigned layers);
void failures_free(struct failures *failures);

/* Names of the calls whose results are to be seen; ends with NULL. Lives as long as FAILURES. */
const char *const *failures_watched(const struct failures *failures);

/* Whether the error of a call may come from landlock: what the call was about has to tell. */
bool failures_is_of_place(const struct failures *failures, int error);

/*
 * Whether EVENT, one of those that tell what a call was about that failed with ERROR (EVENT_PATH,
 * _ADDRESS, _SIGNAL), is beyond the policy: then kind and what belongs to it are filled in; `path`
 * is borrowed from the event.
 */
bool failures_at_place(const struct failures *failures, const struct event *event, int error,
		       struct denial *ret);

/*
 * The same for what is done by a process that is not confined: whether it could not be, were it.
 * Also of EVENT_PEAK; `answer` is filled in, too.
 */
bool failures_at_use(const struct failures *failures, const struct event *event,
		     struct denial *ret);

/* Whether a resource limit explains that the call of PID failed with ERROR; fills in as above. */
bool failures_by_limit(const struct failures *failures, pid_t pid, const struct event_call *call,
		       int error, struct denial *ret);

#endif
