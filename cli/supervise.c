/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command run under a policy and watched: how it ended and what it was denied. */
#include "cli/supervise.h"

#include <linux/sched.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/confined.h"
#include "cli/failures.h"
#include "cli/supervisor.h"
#include "emitter/filter.h"

static bool needs_tracer(const struct policy *policy, bool rules)
{
	return policy->action.kind == ACTION_ERRNO || policy->action.kind == ACTION_LOG || rules;
}

/*
 * Whether the program makes tasks that nobody traces. Calls of theirs may not be handed over. They
 * could be made traceable, but then the policy would be asked about other flags than it knows.
 */
static bool makes_untraced(const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_calls; i++) {
		const struct policy_call *call = &policy->calls[i];

		if (strcmp(call->name, "clone") != 0 || !call->n_checks)
			continue;
		for (size_t v = 0; v < call->checks[0].n_values; v++)
			if (call->checks[0].values[v] & CLONE_UNTRACED)
				return true;
	}
	return false;
}

static int trace(struct supervisor *v, struct confined *child, struct trace_result *result)
{
	static const char *const listeners[] = { "seccomp", NULL };
	const bool watch = !makes_untraced(v->s->policy);
	const bool hand_over = watch && !v->s->observe && v->s->layers & LAYER_CALLS &&
			       needs_tracer(v->s->policy, v->s->rules);
	const struct phase_event no_phases = { .kind = PHASE_AT_NOTHING };
	const struct event_sink sink = supervisor_sink(v);
	const struct trace_options options = {
		.command = v->s->command,
		.mode = v->s->trace ? TRACE_CALLS : TRACE_DENIALS,
		.watched = !watch	 ? NULL
			   : v->failures ? failures_watched(v->failures)
			   : hand_over	 ? listeners
					 : NULL,
		.leader_exit = v->s->alone,
		.abrupt = v->s->alone,
		.timeout_ms = v->s->timeout_ms,
		.prepare = confined_prepare,
		.prepare_state = child,
		.phase_at = &no_phases,
	};

	v->handed_over = hand_over;
	if (hand_over)
		filter_hand_over(child->filter.insns, child->filter.n, TRACE_HANDED_OVER);
	return trace_run(&options, &sink, result);
}

int supervise(const struct supervision *s, struct supervised *ret)
{
	struct confined cleanup(confined_clear) child = { 0 };
	struct supervisor cleanup(supervisor_clear) v = { 0 };
	struct trace_result result;
	int r = confined_init(&child, s);

	if (r == 0)
		r = supervisor_init(&v, s);
	if (r == 0)
		r = trace(&v, &child, &result);
	if (r < 0) {
		denials_clear(&v.collector.denials);
		return r;
	}
	ret->trace = result;
	ret->denials = v.collector.denials;
	ret->hindered = v.hindered;
	ret->unwatched =
		makes_untraced(s->policy) && (s->failures || needs_tracer(s->policy, s->rules));
	return 0;
}

void supervised_clear(struct supervised *supervised)
{
	denials_clear(&supervised->denials);
}
