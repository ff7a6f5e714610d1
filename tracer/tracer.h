/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a program and watches it: kernel stops become events. Knows nothing of profiles.
 */
#ifndef LEARN_TRACER_TRACER_H
#define LEARN_TRACER_TRACER_H

#include <stdbool.h>
#include <sys/types.h>

#include "event/event.h"
#include "tracer/phases.h"

enum trace_mode {
	TRACE_CALLS,  /* every system call is an event */
	TRACE_DEATHS, /* EVENT_KILLED alone: processes that a seccomp filter kills; costs nothing */
};

struct trace_options {
	char *const *command; /* ends with NULL; looked up in PATH as execvp(3) does */
	enum trace_mode mode;
	/*
	 * Called in the child as the last thing before execve; may be NULL. A negative errno ends
	 * the child after the message that prepare has written itself.
	 */
	int (*prepare)(void *state);
	void *prepare_state;
	const struct phase_event *phase_at; /* what begins PHASE_SERVING; never NULL */
	bool stat_paths;  /* EVENT_PATH also for calls that only look (PATH_STAT) */
};

struct trace_result {
	bool started;    /* the command was executed; otherwise status says why not */
	int status;      /* exit status as `learn` must report it: 0-255, 128+N, EXIT_* */
	int exit_status; /* of the command, or -1 */
	int signal;      /* that killed it, or 0 */
	bool complete;   /* all events until the end of the last process were delivered */
};

/*
 * Runs the command to the end of its whole tree. 0 with *ret filled, also when the command could
 * not be executed (the message has been written); -errno when tracing itself failed (message
 * written). While it runs, SIGINT, SIGQUIT, SIGTERM, SIGHUP and their like, sent to this process
 * alone, are passed on to the command.
 */
int trace_run(const struct trace_options *options, const struct event_sink *sink,
	      struct trace_result *ret);

#endif
