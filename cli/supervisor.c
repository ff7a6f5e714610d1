/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command does under a policy, as it is told: answers to calls, and denials collected. */
#include "cli/supervisor.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ptrace.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/decode.h"
#include "cli/failures.h"
#include "cli/limit_failures.h"
#include "enforcer/enforcer.h"
#include "sysdb/syscalls.h"

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

static bool is_call(const struct event_call *call, const char *name)
{
	int nr;

	return syscall_number(call->arch, name, &nr) == 0 && nr == call->nr;
}

/*
 * A listener of the program's own would be asked before us about calls that the policy answers
 * with an error (SECCOMP_RET_USER_NOTIF precedes SECCOMP_RET_TRACE), and could let them through.
 */
static bool asks_for_listener(const struct event_call *call)
{
	return call->args[0] == SECCOMP_SET_MODE_FILTER &&
	       call->args[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER && is_call(call, "seccomp");
}

static int on_allowed(struct supervisor *v, const struct event_origin *origin,
		      const struct event_call *call)
{
	const struct event_sink *trace = origin->launching ? NULL : v->s->trace;
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

	if (v->s->trace && !origin->launching) { /* is told the places of itself */
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

static int judge(struct supervisor *v, const struct event_origin *origin,
		 const struct event_call *call)
{
	struct action answer = decide_call(v, call);
	int r;

	if (v->s->observe && answer.kind != ACTION_ALLOW)
		return on_observed(v, origin, call, answer);
	switch (answer.kind) {
	case ACTION_ALLOW:
		if (v->handed_over && asks_for_listener(call)) {
			v->hindered |= HINDERED_LISTENER;
			return LESSON_ANSWER(EBUSY);
		}
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

static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	struct supervisor *v = state;
	const bool retold = v->retold;

	v->stack_for_trace = v->result_for_trace = false;
	v->uses = 0;
	v->retold = v->s->trace && origin->launching;
	return retold ? on_allowed(v, origin, call) : judge(v, origin, call);
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

/* A task has one tracer. */
static bool asks_to_trace(const struct event_call *call)
{
	static const uint64_t requests[] = { PTRACE_TRACEME, PTRACE_ATTACH, PTRACE_SEIZE };

	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		if (call->args[0] == requests[i])
			return is_call(call, "ptrace");
	return false;
}

static int on_result(struct supervisor *v, const struct event *e)
{
	const int error = e->result < 0 && e->result > -4096 ? (int)-e->result : 0;
	struct denial d = { .answer = { .kind = ACTION_ERRNO, .error = error } };

	if (error == EPERM && asks_to_trace(e->call))
		v->hindered |= HINDERED_TRACING;
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

	limit_failures_signal(e->origin.pid, e->exceeded.resource, &d);
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

	if (e->kind == EVENT_PATH && e->path.again)
		return r;
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

static int on_tick(void *state, size_t processes)
{
	const struct event_sink *trace = ((struct supervisor *)state)->s->trace;

	return trace && trace->tick ? trace->tick(trace->state, processes) : 0;
}

/* ---- its life ---- */

int supervisor_init(struct supervisor *v, const struct supervision *s)
{
	*v = (struct supervisor){ .s = s, .collector = { .tell = s->denied, .state = s->state } };
	if (!s->failures && !s->observe)
		return 0;
	v->failures = failures_new(s->policy, s->layers);
	return v->failures ? 0 : diag(-ENOMEM, "out of memory");
}

void supervisor_clear(struct supervisor *v)
{
	failures_free(v->failures);
	collector_clear(&v->collector);
}

struct event_sink supervisor_sink(struct supervisor *v)
{
	return (struct event_sink){ v, on_call, on_event, on_tick };
}
