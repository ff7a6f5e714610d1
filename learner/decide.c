/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence becomes a decision: which calls are allowed, and the other parts put together. */
#include "learner/decide.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "learner/argset.h"
#include "learner/capabilities.h"
#include "learner/decision.h"
#include "learner/decisions.h"
#include "learner/gaps.h"
#include "learner/gotchas.h"
#include "learner/implied.h"
#include "learner/limits.h"
#include "learner/network.h"
#include "learner/pathset.h"
#include "learner/stages.h"
#include "learner/unprivileged.h"
#include "learner/uses.h"
#include "learner/view.h"
#include "sysdb/milestones.h"
#include "sysdb/syscalls.h"

const struct decide_options decide_defaults = {
	.action = { .kind = ACTION_KILL },
	.arguments = true,
};

static void clear_decision(struct decision *d)
{
	wishes_clear(&d->wishes);
	tally_clear(&d->tally);
	policy_free(d->policy);
}

bool is_allowed_by_hand(const struct decision *d, const char *name)
{
	return wishes_have_call(&d->wishes, false, name);
}

bool is_denied_by_hand(const struct decision *d, const char *name)
{
	return wishes_have_call(&d->wishes, true, name);
}

/* ---- architectures ---- */

/* The architecture of the machine: this one's, where a run was made on it. */
static uint32_t choose_arch(const struct profile *profile)
{
	uint32_t native = arch_native(), first = 0;

	for (size_t i = 0; i < profile->n_runs; i++) {
		uint32_t arch = profile->runs[i]->arch ? arch_from_name(profile->runs[i]->arch) : 0;

		if (arch == native)
			return native;
		first = first ? first : arch;
	}
	return first ? first : native;
}

static int add_arch(struct decision *d, uint32_t arch)
{
	for (size_t i = 0; i < d->n_arches; i++)
		if (d->arches[i] == arch)
			return 0;
	if (d->n_arches == MOST_ARCHES)
		return diag(-E2BIG, "the profile has calls of more than %d architectures",
			    MOST_ARCHES);
	d->arches[d->n_arches++] = arch;
	return 0;
}

static int find_arches(struct decision *d)
{
	int r = add_arch(d, d->policy->arch);

	for (size_t i = 0; i < d->tally.calls.n && r == 0; i++)
		r = add_arch(d, ((struct call_tally *)d->tally.calls.entries[i].value)->arch);
	return r;
}

/* ---- a person's own words ---- */

static bool is_known(const struct decision *d, const char *name)
{
	int nr;

	for (size_t a = 0; a < d->n_arches; a++)
		if (syscall_number(d->arches[a], name, &nr) == 0)
			return true;
	return false;
}

static bool is_of_x32(const struct decision *d, const char *name)
{
	int nr;

	for (size_t a = 0; a < d->n_arches; a++)
		if (syscall_number(d->arches[a], name, &nr) == 0 && (nr & X32_SYSCALL_BIT))
			return true;
	return false;
}

static int check_names(const struct decision *d)
{
	for (size_t i = 0; i < d->wishes.n; i++) {
		const struct wish *wish = &d->wishes.list[i];

		if (wish->kind != WISH_CALL && wish->kind != WISH_ARGUMENT)
			continue;
		if (!is_known(d, wish->name))
			return diag(-EINVAL, "--%s: unknown system call '%s'",
				    wish->deny ? "deny" : "allow", wish->name);
		if (!wish->deny && is_of_x32(d, wish->name))
			return diag(-EINVAL,
				    "--allow: %s is a call of the x32 ABI, which every policy "
				    "answers in its own way", wish->name);
	}
	return 0;
}

/* ---- calls that were seen ---- */

/* "seen 12 times in nginx, redis-server", for the caller to free. */
static char *describe_seen(const struct call_tally *call)
{
	auto_free const struct profile_program **programs =
		calloc(call->n_sources, sizeof(*programs));
	auto_free char *names = NULL;
	char *text;
	int r;

	for (size_t i = 0; programs && i < call->n_sources; i++)
		programs[i] = call->sources[i].program;
	names = programs ? program_names(programs, call->n_sources) : NULL;
	if (!names)
		return NULL;
	if (call->count == 1)
		r = asprintf(&text, "seen once in %s", names);
	else
		r = asprintf(&text, "seen %" PRIu64 " times in %s", call->count, names);
	return r < 0 ? NULL : text;
}

static const struct action not_there = { .kind = ACTION_ERRNO, .error = ENOSYS };

static int deny_absent(struct decision *d, const struct call_tally *call, const char *seen)
{
	auto_free char *why = NULL;

	if (asprintf(&why, "%s: it only ever returned ENOSYS", seen) < 0)
		return -ENOMEM;
	if (!policy_add_denial(d->policy, call->arch, call->nr, call->name, not_there, why))
		return -ENOMEM;
	return 0;
}

static int allow_seen(struct decision *d, const struct call_tally *seen, const char *why)
{
	struct policy_call *call =
		policy_add_call(d->policy, seen->arch, seen->nr, seen->name, why);

	if (!call)
		return -ENOMEM;
	call->count = seen->count;
	/* Who allows a call by hand wants it whole. */
	if (is_allowed_by_hand(d, seen->name))
		return 0;
	if (argset_add_held(seen, call) < 0)
		return -ENOMEM;
	return !d->options->arguments ? 0 : argset_add_checks(seen, d->policy, call);
}

/* Negative numbers and the x32 ABI: every policy answers them in its own way. */
static bool is_outside_any_policy(const struct call_tally *call)
{
	return call->nr < 0 || (call->nr & X32_SYSCALL_BIT);
}

static int add_seen_call(struct decision *d, const struct call_tally *call)
{
	auto_free char *why = NULL;

	if (is_denied_by_hand(d, call->name))
		return 0;
	if (is_outside_any_policy(call))
		return policy_add_note(d->policy, NOTE_CALLS,
				       "%s was seen and cannot be allowed: its number is outside "
				       "the architecture's table", call->name);
	why = describe_seen(call);
	if (!why)
		return -ENOMEM;
	if (call_tally_is_absent(call) && !is_allowed_by_hand(d, call->name))
		return deny_absent(d, call, why);
	return allow_seen(d, call, why);
}

static int add_seen_calls(struct decision *d)
{
	int r = 0;

	for (size_t i = 0; i < d->tally.calls.n && r == 0; i++)
		r = add_seen_call(d, d->tally.calls.entries[i].value);
	return r;
}

/* ---- checks that are no barrier ---- */

static int note_way_around(struct decision *d, const struct policy_call *call)
{
	const char *around = argset_way_around(call->name);
	int nr;

	if (!call->n_checks || !around || syscall_number(call->arch, around, &nr) < 0 ||
	    !policy_find_call(d->policy, call->arch, nr))
		return 0;
	return policy_add_note(d->policy, NOTE_ARGUMENTS,
			       "the arguments of %s are checked, but %s is allowed too and takes "
			       "them behind a pointer, where no filter can look",
			       call->name, around);
}

static int note_ways_around(struct decision *d)
{
	int r = 0;

	for (size_t i = 0; i < d->policy->n_calls && r == 0; i++)
		r = note_way_around(d, &d->policy->calls[i]);
	return r;
}

/* ---- putting it together ---- */

/* In this order: what was decided first stays. */
static int add_calls(struct decision *d)
{
	int (*const steps[])(struct decision *) = {
		add_seen_calls,	   wishes_allow_calls, imply_siblings,	 imply_startup,
		imply_baseline,	   imply_fallbacks,    wishes_deny_values, note_ways_around,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](d);
	return r;
}

static int add_user(struct decision *d)
{
	auto_free char *why_not = NULL;
	struct becomes user;
	int r = unprivileged_find(d->profile, &user, &why_not);

	if (r == 0)
		d->policy->becomes =
			(struct policy_user){ true, user.has_group, user.uid, user.gid };
	return r == -ENOENT ? 0 : r;
}

static int add_rest(struct decision *d)
{
	int (*const steps[])(const struct tally *, struct policy *) = {
		network_add, limits_add, uses_add,
	};
	int r = pathset_add(&d->tally, d->options->paths, d->policy);

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](&d->tally, d->policy);
	if (r == 0)
		r = capabilities_add(d->profile, &d->tally, d->policy);
	if (r == 0 && d->options->as_user)
		r = unprivileged_apply(d);
	if (r == 0)
		r = wishes_change_rest(d);
	if (r == 0 && !d->options->no_decisions)
		r = decisions_apply(d->profile, profile_weight(d->profile), &d->wishes, d->policy);
	if (r == 0 && d->options->view)
		r = view_add(d->options->paths, d->policy);
	for (size_t i = 0; i < d->tally.n_programs && r == 0; i++)
		r = policy_add_program(d->policy, d->tally.programs[i]->path);
	d->policy->memory_peak = d->profile->tree.memory;
	d->policy->tasks_peak = d->profile->tree.tasks;
	if (r == 0)
		r = add_user(d);
	if (r == 0)
		r = gotchas_note(&d->tally, d->policy);
	return r < 0 ? r : gaps_note(d->profile, &d->tally, d->policy);
}

/* Which event would have begun the phase, and what that is good for. */
static int refuse_phase(const struct decision *d)
{
	const char *phase = phase_name(d->options->from), *call;
	const struct profile_program *whose;
	struct stage best;

	if (stages_best_call(d->tally.programs, d->tally.n_programs, &best, &whose) < 0)
		return -ENOMEM;
	if (!whose || d->options->from != PHASE_SERVING)
		return diag(-ENODATA, "no program in the profile came to the phase %s", phase);
	call = milestone_name((unsigned)__builtin_ctz(best.milestone));
	return diag(-ENODATA,
		    "no program in the profile came to the phase %s: recorded with "
		    "--phase-at=%s it would begin there, and %zu of %zu calls of %s would not be "
		    "needed any more",
		    phase, call, best.dropped, best.total, whose->path);
}

/* An empty profile must not become an empty allow-list. */
static int refuse_empty(const struct decision *d)
{
	const struct decide_options *options = d->options;

	if (options->program && !d->tally.n_programs)
		return diag(-ENODATA, "no program in the profile matches '%s'", options->program);
	if (d->tally.n_programs && options->from != PHASE_LOAD)
		return refuse_phase(d);
	return diag(-ENODATA, "the profile holds no system call: there is nothing to allow");
}

static int start(struct decision *d)
{
	const struct selection selection = {
		d->options->program, d->options->from, d->options->arch,
	};
	int r = wishes_parse(d->options, &d->wishes);

	if (r == 0)
		r = tally_make(d->profile, &selection, &d->tally);
	if (r < 0)
		return r;
	if (!d->tally.calls.n)
		return refuse_empty(d);
	d->policy = policy_new();
	if (!d->policy)
		return -ENOMEM;
	d->policy->arch = d->options->arch ? d->options->arch : choose_arch(d->profile);
	d->policy->action = d->options->action;
	for (size_t i = 0; i < d->profile->n_runs; i++)
		d->policy->as_root = d->policy->as_root || d->profile->runs[i]->uid == 0;
	r = find_arches(d);
	return r < 0 ? r : check_names(d);
}

int decide(const struct profile *profile, const struct decide_options *options, struct policy **ret)
{
	cleanup(clear_decision) struct decision d = { .options = options, .profile = profile };
	int r = start(&d);

	if (r == 0)
		r = add_calls(&d);
	if (r == 0)
		r = add_rest(&d);
	if (r < 0)
		return r;
	policy_sort(d.policy);
	*ret = take_ptr(d.policy);
	return 0;
}
