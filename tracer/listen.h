/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command run without ptrace: its calls are listened to, or not watched at all. */
#ifndef LEARN_TRACER_LISTEN_H
#define LEARN_TRACER_LISTEN_H

#include <stdint.h>

#include "event/event.h"
#include "tracer/tracer.h"

struct listen_options {
	char *const *command; /* ends with NULL; looked up in PATH */
	/* Called in the child as the last thing before execve, as in trace_options. */
	int (*prepare)(void *state);
	void *prepare_state;
	uint64_t timeout_ms; /* then all processes are killed; 0: never */
	pid_t guardian;	     /* likewise when this process ends; 0: nobody */
};

/*
 * Runs the command to its end, and kills what it leaves behind. With a SINK each call is an event,
 * and is made (seccomp_unotify(2)), with all events that it tells of at its entry: there are no
 * stacks and results. Then the command runs with no_new_privs, and can have no such listener of
 * its own. 0 with *ret filled, -errno after a
 * message. All children of this process are waited for: one run at a time, in a process of its own.
 */
int listen_run(const struct listen_options *options, const struct event_sink *sink,
	       struct trace_result *ret);

#endif
