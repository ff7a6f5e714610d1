/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command run under a policy and watched: how it ended and what it was denied. */
#include "cli/supervise.h"

#include <errno.h>
#include <limits.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/collector.h"
#include "cli/decode.h"
#include "cli/failures.h"
#include "emitter/filter.h"
#include "sysdb/syscalls.h"

struct supervisor {
	const struct supervision *s;
	struct failures *failures; /* or NULL */
	bool handed_over;	   /* errors and the log are ours to carry out */
	/*
	 * Denied and not told yet: first come its places, then its stack. What failed is denied
	 * only where a place is beyond the policy.
	 */
	struct collector collector;
	int failed;		   /* the error of the call that the draft is about, or 0 */
	bool beyond;		   /* the policy is a place of that */
	bool places;		   /* are asked for */
	unsigned paths, addresses; /* of these, told until now */
	bool stack_for_trace;	   /* the stack is asked for by s->trace */
	bool result_for_trace;
	unsigned uses; /* of paths that the call has told until now */
};

/* ---- one denial ---- */

static int draft(struct supervisor *v, const struct event_origin *origin,
		 const struct event_call *call, const struct denial *like)
{
	collector_drop(&v->collector);
	v->failed = 0;
	v->places = true;
	v->paths = v->addresses = 0;
	return collector_draft(&v->collector, origin, call, like);
}

/* Counts what is denied for certain: what is asked for of a new kind, or nothing. */
static int note_denial(struct supervisor *v, const struct event_origin *origin,
		       const struct event_call *call, const struct denial *like)
{
	int r = draft(v, origin, call, like);

	if (r == 0)
		r = collector_is_new(&v->collector);
	return r > 0 ? LESSON_PLACES | LESSON_STACK : r;
}

static int take_stack(struct supervisor *v, const struct event *e)
{
	if (v->failed && !v->beyond) {
		collector_drop(&v->collector);
		return 0;
	}
	return collector_finish(&v->collector, e);
}

/* ---- what a filter denies ---- */

/* Which argument the call is denied for, where it is allowed with others. */
static void find_argument(const struct policy *policy, const struct event_call *call,
			  struct denial *d)
{
	const struct policy_call *rule = policy_find_call(policy, call->arch, call->nr);

	for (size_t i = 0; rule && i < rule->n_checks; i++) {
		const struct policy_check *check = &rule->checks[i];

		if (policy_check_holds(check, call->args[check->index]))
			continue;
		d->kind = DENIAL_ARGUMENT;
		d->index = check->index;
		return;
	}
}

/* Whether the answer is one that the policy has a rule for, and not its default. */
static bool is_by_rule(const struct policy *policy, const struct event_call *call,
		       struct action answer)
{
	for (size_t i = 0; i < policy->n_denials; i++)
		if (policy->denials[i].arch == call->arch && policy->denials[i].nr == call->nr)
			return true;
	return answer.kind == ACTION_ERRNO && policy->newest && call->nr != -1 &&
	       (uint32_t)call->nr > (uint32_t)policy->newest &&
	       !policy_find_call(policy, call->arch, call->nr);
}

static int note_call(struct supervisor *v, const struct event_origin *origin,
		     const struct event_call *call, struct action answer)
{
	struct denial d = {
		.kind = DENIAL_CALL,
		.answer = answer,
		.by_rule = is_by_rule(v->s->policy, call, answer),
	};

	if (d.by_rule && !v->s->rules)
		return 0;
	if (!d.by_rule)
		find_argument(v->s->policy, call, &d);
	return note_denial(v, origin, call, &d);
}

static struct action decide_call(const struct supervisor *v, const struct event_call *call)
{
	if (!(v->s->layers & LAYER_CALLS))
		return (struct action){ .kind = ACTION_ALLOW };
	return policy_decide(v->s->policy, call->arch, call->nr, call->args);
}

/*
 * A listener of the program's own would be asked before us about calls that the policy answers
 * with an error (SECCOMP_RET_USER_NOTIF precedes SECCOMP_RET_TRACE), and could let them through.
 */
static bool asks_for_listener(const struct event_call *call)
{
	int nr;

	return call->args[0] == SECCOMP_SET_MODE_FILTER &&
	       call->args[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER &&
	       syscall_number(call->arch, "seccomp", &nr) == 0 && nr == call->nr;
}

static int on_allowed(struct supervisor *v, const struct event_origin *origin,
		      const struct event_call *call)
{
	const struct event_sink *trace = v->s->trace;
	int lessons = trace ? trace->call(trace->state, origin, call) : 0;

	if (lessons < 0)
		return lessons;
	v->stack_for_trace = lessons & LESSON_STACK;
	v->result_for_trace = lessons & LESSON_RESULT;
	return lessons | (v->s->failures ? LESSON_RESULT : 0);
}

static int on_allowed_all_the_same(struct supervisor *v, const struct event_origin *origin,
				   const struct event_call *call, struct action answer)
{
	int r = note_call(v, origin, call, answer);
	int lessons = r < 0 ? r : on_allowed(v, origin, call);

	if (v->s->trace) { /* is told the places of itself */
		v->places = false;
		r &= ~LESSON_PLACES;
	}
	return lessons < 0 ? lessons : lessons | r;
}

static int on_observed(struct supervisor *v, const struct event_origin *origin,
		       const struct event_call *call, struct action answer)
{
	if (answer.kind == ACTION_ERRNO && is_by_rule(v->s->policy, call, answer))
		return LESSON_ANSWER(answer.error);
	return on_allowed_all_the_same(v, origin, call, answer);
}

static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	struct supervisor *v = state;
	struct action answer = decide_call(v, call);
	int r;

	v->stack_for_trace = v->result_for_trace = false;
	v->uses = 0;
	if (v->s->observe && answer.kind != ACTION_ALLOW)
		return on_observed(v, origin, call, answer);
	switch (answer.kind) {
	case ACTION_ALLOW:
		if (v->handed_over && asks_for_listener(call))
			return LESSON_ANSWER(EBUSY);
		return on_allowed(v, origin, call);
	case ACTION_LOG:
		return on_allowed_all_the_same(v, origin, call, answer);
	case ACTION_ERRNO:
		r = note_call(v, origin, call, answer);
		return r < 0 ? r : r | LESSON_ANSWER(answer.error);
	case ACTION_KILL: /* the filter itself does that, and EVENT_DENIED tells */
	case ACTION_TRAP:
		return 0;
	}
	return 0;
}

/* Every thread of a killed process reports; those whose call the policy denies are the cause. */
static int on_denied(struct supervisor *v, const struct event *e)
{
	struct action answer = decide_call(v, e->call);

	if (answer.kind != (e->denied.killed ? ACTION_KILL : ACTION_TRAP))
		return 0;
	return note_call(v, &e->origin, e->call, answer);
}

/* ---- what a failure tells ---- */

/* A failure that landlock may be the reason for: its places tell. */
static int ask_places(struct supervisor *v, const struct event *e, const struct denial *like)
{
	if (draft(v, &e->origin, e->call, like) < 0)
		return -ENOMEM;
	v->failed = like->answer.error;
	v->beyond = false;
	return LESSON_PLACES | LESSON_STACK;
}

static int on_result(struct supervisor *v, const struct event *e)
{
	const int error = e->result < 0 && e->result > -4096 ? (int)-e->result : 0;
	struct denial d = { .answer = { .kind = ACTION_ERRNO, .error = error } };

	if (!error || !v->s->failures)
		return 0;
	if (failures_by_limit(v->failures, e->origin.pid, e->call, error, &d)) {
		d.probable = true;
		return note_denial(v, &e->origin, e->call, &d);
	}
	return failures_is_of_place(v->failures, error) ? ask_places(v, e, &d) : 0;
}

/* A place beyond the policy makes the draft a denial, and each further one another. */
static int add_place(struct supervisor *v, const struct event *e, const struct denial *like,
		     unsigned nth)
{
	struct denial *d = collector_last(&v->collector);

	if (v->beyond || !v->failed) {
		if (collector_draft(&v->collector, &e->origin, e->call, like) < 0)
			return -ENOMEM;
		d = collector_last(&v->collector);
		return e->call && e->kind != EVENT_SIGNAL ? decode_place(d, e, nth) : 0;
	}
	v->beyond = true;
	denial_take_place(d, like);
	d->path = like->path ? strdup(like->path) : NULL;
	return like->path && !d->path ? -ENOMEM : 0;
}

static int on_place(struct supervisor *v, const struct event *e)
{
	struct denial like = { .probable = true,
			       .answer = { .kind = ACTION_ERRNO, .error = v->failed } };
	const unsigned nth = e->kind == EVENT_PATH ? v->paths++ : v->addresses++;

	if (e->kind != EVENT_SIGNAL && decode_place(v->collector.drafts[0], e, nth) < 0)
		return -ENOMEM;
	if (!v->failed || !failures_at_place(v->failures, e, v->failed, &like))
		return 0;
	return add_place(v, e, &like, nth);
}

static bool is_place(const struct event *e)
{
	return e->kind == EVENT_PATH || e->kind == EVENT_ADDRESS || e->kind == EVENT_SIGNAL;
}

/* About the draft: s->trace has had the places of calls before. */
static bool is_of_draft(const struct supervisor *v, const struct event *e)
{
	return collector_last(&v->collector) && v->places && is_place(e);
}

static int on_exceeded(struct supervisor *v, const struct event *e)
{
	struct denial d = { .probable = true, .answer = { .kind = ACTION_KILL } };

	failures_by_signal(e->origin.pid, e->exceeded.resource, &d);
	return note_denial(v, &e->origin, e->call, &d);
}

static int forward(const struct supervisor *v, const struct event *e)
{
	const struct event_sink *trace = v->s->trace;

	return trace ? trace->event(trace->state, e) : 0;
}

/* What is done that would be denied; the call itself may be denied as well. */
static int on_use(struct supervisor *v, const struct event *e)
{
	const unsigned nth = e->kind == EVENT_PATH ? v->uses++ : 0;
	const bool of_call = collector_last(&v->collector);
	struct denial like = { .probable = true };
	int r = forward(v, e);

	if (r >= 0 && of_call && e->kind != EVENT_SIGNAL && e->kind != EVENT_PEAK)
		r = decode_place(v->collector.drafts[0], e, nth);
	if (r < 0 || !failures_at_use(v->failures, e, &like))
		return r;
	if (of_call) /* its stack is still to come */
		return add_place(v, e, &like, nth);
	r = note_denial(v, &e->origin, e->call, &like);
	v->places = false;
	if (r <= 0)
		return r;
	if (is_place(e) && e->call && e->kind != EVENT_SIGNAL &&
	    decode_place(collector_last(&v->collector), e, nth) < 0)
		return -ENOMEM;
	return r & LESSON_STACK;
}

static int on_event(void *state, const struct event *e)
{
	struct supervisor *v = state;
	int r;

	if (v->s->observe && (is_place(e) || e->kind == EVENT_PEAK))
		return on_use(v, e);
	if (is_of_draft(v, e))
		return on_place(v, e);
	if (e->kind == EVENT_DENIED)
		return on_denied(v, e);
	if (e->kind == EVENT_EXCEEDED)
		return on_exceeded(v, e);
	if (e->kind == EVENT_STACK && collector_last(&v->collector)) {
		r = take_stack(v, e);
		return r < 0 || !v->stack_for_trace ? r : forward(v, e);
	}
	if (e->kind == EVENT_RESULT) {
		r = v->result_for_trace ? forward(v, e) : 0;
		return r < 0 ? r : on_result(v, e);
	}
	return forward(v, e);
}

static int on_tick(void *state)
{
	const struct event_sink *trace = ((struct supervisor *)state)->s->trace;

	return trace && trace->tick ? trace->tick(trace->state) : 0;
}

/* ---- the run ---- */

int supervise_redirect(const struct supervision *s)
{
	const int from[] = { s->input, s->output, s->errors };

	for (int to = 0; to < 3; to++)
		if (from[to] >= 0 && dup2(from[to], to) < 0)
			return diag_errno(-errno, "cannot redirect descriptor %d", to);
	return 0;
}

struct child {
	const struct supervision *s;
	struct enforcement enforcement;
};

static int prepare(void *state)
{
	struct child *child = state;
	int r = supervise_redirect(child->s);

	return r < 0 || child->s->observe ? r : enforce_self(&child->enforcement);
}

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

static int trace(struct supervisor *v, struct filter *filter, struct trace_result *result)
{
	static const char *const listeners[] = { "seccomp", NULL };
	const bool watch = !makes_untraced(v->s->policy);
	const bool hand_over = watch && !v->s->observe && v->s->layers & LAYER_CALLS &&
			       needs_tracer(v->s->policy, v->s->rules);
	const struct phase_event no_phases = { .kind = PHASE_AT_NOTHING };
	const struct event_sink sink = { v, on_call, on_event, on_tick };
	struct child child = { v->s, { v->s->policy, filter->insns, filter->n, v->s->layers } };
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
		.prepare = prepare,
		.prepare_state = &child,
		.phase_at = &no_phases,
	};

	v->handed_over = hand_over;
	if (hand_over)
		filter_hand_over(filter->insns, filter->n, TRACE_HANDED_OVER);
	return trace_run(&options, &sink, result);
}

int supervise(const struct supervision *s, struct supervised *ret)
{
	struct supervisor v = { .s = s, .collector = { .tell = s->denied, .state = s->state } };
	struct filter cleanup(filter_free) filter = { 0 };
	struct trace_result result;
	int r = filter_compile(s->policy, &filter);

	if (r < 0)
		return r == -ENOMEM ? diag(r, "out of memory") : r;
	if (s->failures || s->observe) {
		v.failures = failures_new(s->policy, s->layers);
		if (!v.failures)
			return diag(-ENOMEM, "out of memory");
	}
	r = trace(&v, &filter, &result);
	failures_free(v.failures);
	collector_clear(&v.collector);
	if (r < 0) {
		denials_clear(&v.collector.denials);
		return r;
	}
	ret->trace = result;
	ret->denials = v.collector.denials;
	ret->unwatched =
		makes_untraced(s->policy) && (s->failures || needs_tracer(s->policy, s->rules));
	return 0;
}

void supervised_clear(struct supervised *supervised)
{
	denials_clear(&supervised->denials);
}
