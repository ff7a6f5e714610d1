/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that are heard of without ptrace, as events: what they say, and who makes them. */
#ifndef LEARN_TRACER_HEARING_H
#define LEARN_TRACER_HEARING_H

#include <linux/seccomp.h>

#include "event/event.h"

struct hearing;

/* PATH: what is executed. 0 or -errno. Free with hearing_free(); NULL is fine. */
int hearing_new(const struct event_sink *sink, const char *path, struct hearing **ret);
void hearing_free(struct hearing *hearing);

/*
 * A call that waits for its answer, but for the launcher's: then TASK is there to be looked at. 0,
 * also when it has been killed meanwhile, or -errno.
 */
int hearing_tell(struct hearing *hearing, const struct seccomp_notif *heard);

#endif
