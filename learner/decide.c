/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence becomes a decision: which calls are allowed, and the other parts put together. */
#include "learner/decide.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "learner/argset.h"
#include "learner/baseline.h"
#include "learner/gaps.h"
#include "learner/limits.h"
#include "learner/network.h"
#include "learner/pathset.h"
#include "learner/tally.h"
#include "sysdb/syscalls.h"

#define MOST_ARCHES 4

const struct decide_options decide_defaults = {
	.action = { .kind = ACTION_KILL },
	.arguments = true,
};

/* A decision in the making. */
struct decision {
	const struct decide_options *options;
	struct tally tally;
	struct policy *policy;
	uint32_t arches[MOST_ARCHES]; /* those that have rules, native first */
	size_t n_arches;
};

static void clear_decision(struct decision *d)
{
	tally_clear(&d->tally);
	policy_free(d->policy);
}

static bool is_in(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool is_allowed_by_hand(const struct decision *d, const char *name)
{
	return is_in(d->options->allow, d->options->n_allow, name);
}

static bool is_denied_by_hand(const struct decision *d, const char *name)
{
	return is_in(d->options->deny, d->options->n_deny, name);
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

static int check_names(const struct decision *d, const char *option, const char *const *names,
		       size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool known = false;
		int nr;

		for (size_t a = 0; a < d->n_arches && !known; a++)
			known = syscall_number(d->arches[a], names[i], &nr) == 0;
		if (!known)
			return diag(-EINVAL, "--%s: unknown system call '%s'", option, names[i]);
	}
	return 0;
}

static int check_all_names(const struct decision *d)
{
	int r = check_names(d, "allow", d->options->allow, d->options->n_allow);

	return r < 0 ? r : check_names(d, "deny", d->options->deny, d->options->n_deny);
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
	if (!d->options->arguments || is_allowed_by_hand(d, seen->name))
		return 0;
	return argset_add_checks(seen, d->policy, call);
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
		return policy_add_note(d->policy,
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

/* ---- calls that were not ---- */

static bool has_denial(const struct policy *p, uint32_t arch, int nr)
{
	for (size_t i = 0; i < p->n_denials; i++)
		if (p->denials[i].arch == arch && p->denials[i].nr == nr)
			return true;
	return false;
}

/* Whether nothing is decided yet about the call on ARCH; then *nr is its number there. */
static bool is_open(const struct decision *d, uint32_t arch, const char *name, int *nr)
{
	return !is_denied_by_hand(d, name) && syscall_number(arch, name, nr) == 0 &&
	       !policy_find_call(d->policy, arch, *nr) && !has_denial(d->policy, arch, *nr);
}

static int imply(struct decision *d, const char *name, const char *why)
{
	for (size_t a = 0; a < d->n_arches; a++) {
		struct policy_call *call;
		int nr;

		if (!is_open(d, d->arches[a], name, &nr))
			continue;
		call = policy_add_call(d->policy, d->arches[a], nr, name, why);
		if (!call)
			return -ENOMEM;
		call->implied = true;
	}
	return 0;
}

static int add_allowed_by_hand(struct decision *d)
{
	int r = 0;

	for (size_t i = 0; i < d->options->n_allow && r == 0; i++)
		r = imply(d, d->options->allow[i], "allowed by hand (--allow)");
	return r;
}

static const char *const implied_by[] = {
	[IMPLIED_ALWAYS] = "implied",
	[IMPLIED_LAUNCHED] = "implied by launching it",
	[IMPLIED_THREADS] = "implied by threads",
	[IMPLIED_VDSO] = "implied by the vDSO",
};

/* clone3's flags are behind a pointer: a process made with it is taken for a thread. */
static bool makes_threads(const struct decision *d)
{
	const struct call_tally *clone = NULL;
	int nr;

	if (tally_may_have_worked(&d->tally, "clone3"))
		return true;
	if (syscall_number(d->policy->arch, "clone", &nr) == 0)
		clone = tally_find(&d->tally, d->policy->arch, nr);
	for (size_t s = 0; clone && s < clone->n_sources; s++) {
		const struct profile_arg *flags = profile_call_arg(clone->sources[s].call, 0);

		if (flags && flags->set_once & CLONE_THREAD)
			return true;
	}
	return false;
}

static int add_baseline(struct decision *d)
{
	bool threads = makes_threads(d);

	for (const struct implied_call *row = baseline_table; row->name; row++) {
		auto_free char *why = NULL;

		if (row->when == IMPLIED_THREADS && !threads)
			continue;
		if (asprintf(&why, "%s: %s", implied_by[row->when], row->why) < 0)
			return -ENOMEM;
		if (imply(d, row->name, why) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_fallback(struct decision *d, const char *name)
{
	static const char why[] = "not seen: a library that tries it falls back on ENOSYS alone";

	for (size_t a = 0; a < d->n_arches; a++) {
		uint32_t arch = d->arches[a];
		int nr;

		if (is_open(d, arch, name, &nr) &&
		    !policy_add_denial(d->policy, arch, nr, name, not_there, why))
			return -ENOMEM;
	}
	return 0;
}

static int add_fallbacks(struct decision *d)
{
	int newest = syscall_newest(d->policy->arch), r = 0;

	for (const char *const *name = fallback_table; *name && r == 0; name++)
		r = add_fallback(d, *name);
	d->policy->newest = newest > 0 ? newest : 0;
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
	return policy_add_note(d->policy,
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
		add_seen_calls, add_allowed_by_hand, add_baseline, add_fallbacks, note_ways_around,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](d);
	return r;
}

static int add_rest(struct decision *d, const struct profile *profile)
{
	int (*const steps[])(const struct tally *, struct policy *) = {
		pathset_add, network_add, limits_add,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](&d->tally, d->policy);
	for (size_t i = 0; i < d->tally.n_programs && r == 0; i++)
		r = policy_add_program(d->policy, d->tally.programs[i]->path);
	d->policy->memory_peak = profile->tree.memory;
	d->policy->tasks_peak = profile->tree.tasks;
	return r < 0 ? r : gaps_note(profile, &d->tally, d->policy);
}

/* An empty profile must not become an empty allow-list. */
static int refuse_empty(const struct decide_options *options)
{
	if (options->program)
		return diag(-ENODATA, "no program in the profile matches '%s'", options->program);
	return diag(-ENODATA, "the profile holds no system call: there is nothing to allow");
}

static int start(struct decision *d, const struct profile *profile)
{
	int r = tally_make(profile, d->options->program, &d->tally);

	if (r < 0)
		return r;
	if (!d->tally.calls.n)
		return refuse_empty(d->options);
	d->policy = policy_new();
	if (!d->policy)
		return -ENOMEM;
	d->policy->arch = choose_arch(profile);
	d->policy->action = d->options->action;
	r = find_arches(d);
	return r < 0 ? r : check_all_names(d);
}

int decide(const struct profile *profile, const struct decide_options *options, struct policy **ret)
{
	cleanup(clear_decision) struct decision d = { .options = options };
	int r = start(&d, profile);

	if (r == 0)
		r = add_calls(&d);
	if (r == 0)
		r = add_rest(&d, profile);
	if (r < 0)
		return r;
	policy_sort(d.policy);
	*ret = take_ptr(d.policy);
	return 0;
}
