/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command run under a policy and watched: how it ended and what it was denied. The one place
 * where enforcer and tracer meet: `learn run` prints what comes of it, `learn refine` decides.
 */
#ifndef LEARN_CLI_SUPERVISE_H
#define LEARN_CLI_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/denial.h"
#include "enforcer/enforcer.h"
#include "event/event.h"
#include "policy/policy.h"
#include "tracer/tracer.h"

struct supervision {
	const struct policy *policy;
	char *const *command; /* ends with NULL; looked up in PATH */
	unsigned layers;      /* LAYER_*: what is enforced of the policy */
	/*
	 * Descriptors that become the command's 0, 1 and 2; negative: ours are inherited, as is
	 * every other one that is not close-on-exec.
	 */
	int input, output, errors;
	uint64_t timeout_ms; /* then all processes are ended; 0: never */
	/*
	 * The run ends with the command: what it left behind is killed, as is everything after
	 * timeout_ms, by SIGKILL at once. Nothing is said of it. Otherwise the run goes on until
	 * the last process has ended, and a timeout asks first (SIGTERM).
	 */
	bool alone;
	bool soon;   /* the filter need not be fast (TUNE_SOON) */
	pid_t group; /* that the command joins (setpgid(2)); 0: ours */
	/*
	 * Of supervise_untraced(): our parent, with whose end all is ended. Else PR_SET_PDEATHSIG
	 * and the tracer do that.
	 */
	pid_t guardian;
	/*
	 * Denials that are known by the failure of a call are reported too (DENIAL_PATH, _PORT,
	 * _SCOPE, _LIMIT): the calls that open, make and remove files, ask for descriptors, memory
	 * and tasks then cost two stops each. Otherwise only what filters deny, and signals.
	 */
	bool failures;
	/*
	 * Calls that the policy answers by a rule (policy->denials, policy->newest: mostly ENOSYS
	 * on purpose) are reported too, with `by_rule`.
	 */
	bool rules;
	/*
	 * May be NULL. What the command does is told as when recording (TRACE_CALLS), each call a
	 * stop or two: of calls, those that are allowed. recorder_sink() fits.
	 */
	const struct event_sink *trace;
	/*
	 * Nothing is enforced: what would be denied is told of and done. But for calls that the
	 * policy answers by a rule: these are answered so. Goes with `trace`.
	 */
	bool observe;
	/* May be NULL: called at once when something is denied for the first time. */
	void (*denied)(void *state, const struct denial *denial);
	void *state;
};

/* What the policy allows and cannot be while we watch. */
enum hindrance {
	HINDERED_LISTENER = 1u << 0, /* a seccomp listener of the command's own, which got EBUSY */
	HINDERED_TRACING = 1u << 1,  /* ptrace(2) of what we trace, which got EPERM */
};

struct supervised {
	/*
	 * How it ended. trace.started is false when the command was not executed; trace.status says
	 * why as `learn` would exit (126, 127, 125: an own failure), or 128 + SIGSYS when the
	 * policy does not let it be executed.
	 */
	struct trace_result trace;
	struct denials denials;
	/*
	 * The policy is for a program that makes tasks which nobody can trace (CLONE_UNTRACED):
	 * then only calls that kill or trap are reported, and not of those tasks.
	 */
	bool unwatched;
	unsigned hindered; /* enum hindrance */
};

/*
 * Runs the command to its end. 0 with *ret filled, to be cleared with supervised_clear(); -errno
 * after a message when it could not be run or watched. Besides that, stderr gets a message when
 * the command cannot be executed and in a child that cannot be confined. Denials are decided by
 * the very filter that policy and layers make: with --exec or without, the same happens.
 *
 * One run at a time in a process: it waits for all of its children, takes SIGALRM and passes
 * SIGINT, SIGTERM and their like on to the command while it runs (tracer/wait.h). For several at
 * once fork first.
 */
int supervise(const struct supervision *s, struct supervised *ret);
void supervised_clear(struct supervised *supervised);

#endif
