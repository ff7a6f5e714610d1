/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a program, or attaches to some that run already, and watches: kernel stops become events.
 * Knows nothing of profiles.
 */
#ifndef LEARN_TRACER_TRACER_H
#define LEARN_TRACER_TRACER_H

#include <stdbool.h>
#include <sys/types.h>

#include "event/event.h"
#include "tracer/identity.h"
#include "tracer/phases.h"

enum trace_mode {
	TRACE_CALLS, /* every system call is an event */
	/*
	 * Of a confined command: EVENT_DENIED and EVENT_EXCEEDED, and of calls those alone that are
	 * `watched` or that its filter hands over. The rest runs at full speed.
	 */
	TRACE_DENIALS,
};

/*
 * What a filter of the command's own adds to SECCOMP_RET_TRACE to hand a call over: the sink is
 * asked what becomes of it. With anything else it would be a program's own, for a tracer that it
 * does not have: such a call fails with ENOSYS, as it does without us (seccomp(2)).
 */
#define TRACE_HANDED_OVER 0x6c72

/* A process to attach to. */
struct trace_target {
	pid_t pid;       /* a thread's number stands for its process */
	int exit_status; /* filled in: -1 unless it has exited */
	int signal;      /* filled in: that killed it, or 0 */
};

/*
 * Where programs come to be traced by themselves: see tracer/door.h. A recording with a door goes
 * on until it is asked to end (SIGTERM and its like, or the time is up), and then lets go of all.
 */
struct trace_door {
	int fd; /* from door_listen() */
	void *state;
	bool (*knows)(void *state, pid_t pid); /* whether it is one that is to be traced */
	int (*enter)(void *state, pid_t pid);  /* it is traced, and about to begin. 0 or -errno */
	void (*leave)(void *state, pid_t pid, int exit_status, int signal); /* as in targets */
};

struct trace_options {
	char *const *command; /* ends with NULL; looked up in PATH as execvp(3) does */
	/*
	 * Instead of a command: these with all their threads and children. They are watched until
	 * the last has ended, or SIGINT, SIGTERM, SIGHUP or SIGQUIT comes, or the time is up; then
	 * they are let go and run on as they were.
	 */
	struct trace_target *targets;
	size_t n_targets;
	const struct trace_door *door; /* instead of a command or targets; or NULL */
	const struct identity *user; /* whom the command runs as; NULL: as we do */
	bool leader_exit;    /* what outlives the command is ended (SIGTERM, SIGKILL) */
	bool abrupt;         /* by SIGKILL at once, and without a word */
	uint64_t timeout_ms; /* then the recording ends as by a signal; 0: never */
	enum trace_mode mode;
	/*
	 * Of TRACE_DENIALS: names of calls that stop, too; ends with NULL. NULL: no call does, and
	 * none may be handed over.
	 */
	const char *const *watched;
	/*
	 * Called in the child as the last thing before execve, to confine it; NULL: it is not. A
	 * negative errno ends the child after the message that prepare has written itself.
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
	bool timed_out;
	size_t let_go;   /* tasks that were attached to and run on */
};

/*
 * Runs the command to the end of its whole tree, or attaches. 0 with *ret filled, also when the
 * command could not be executed (the message has been written); -errno when tracing itself failed
 * or a target cannot be traced (message written; targets run on). While the command runs,
 * signals that are sent to this process alone (tracer/wait.c has which) are passed on to it; when
 * there is no command, or it has ended, SIGINT, SIGQUIT, SIGTERM and SIGHUP end the recording.
 */
int trace_run(const struct trace_options *options, const struct event_sink *sink,
	      struct trace_result *ret);

#endif
