/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one profile needs that the policy of another does not give. */
#include "learner/compare.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/comparison.h"
#include "sysdb/argspecs.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"
#include "sysdb/syscalls.h"

/* ---- calls and arguments ---- */

/* "openat", or "x86 openat" for an architecture that is not the machine's. */
static char *call_label(const struct comparison *c, const struct call_tally *call)
{
	auto_free char *arch = NULL;
	char *text;

	if (call->arch == c->new.policy->arch)
		return strdup(call->name);
	arch = arch_format(call->arch);
	return !arch || asprintf(&text, "%s %s", arch, call->name) < 0 ? NULL : text;
}

static int add_argument(struct comparison *c, const struct call_tally *call,
			const struct argspec *spec, const char *value, uint64_t count)
{
	auto_free char *label = call_label(c, call);
	char *what;

	if (!label || asprintf(&what, "%s %s %s", label, spec->arg, value) < 0)
		return -ENOMEM;
	return count ? compare_add(c, NEED_ARGUMENT, what, "seen %" PRIu64 "x", count)
		     : compare_add(c, NEED_ARGUMENT, what, "more values were seen than are listed");
}

static int compare_value(struct comparison *c, const struct call_tally *call,
			 const struct argspec *spec, const struct policy_check *check,
			 const struct profile_value *value)
{
	auto_free char *text = NULL;

	if (policy_check_holds(check, value->value))
		return 0;
	text = argspec_format(spec, value->value);
	return text ? add_argument(c, call, spec, text, value->count) : -ENOMEM;
}

/* The values seen for the argument that CHECK is about. */
static int compare_argument(struct comparison *c, const struct call_tally *call,
			    const struct policy_check *check)
{
	const struct argspec *spec = argspec_of(call->name, check->index);
	int r = 0;

	for (size_t s = 0; spec && s < call->n_sources && r == 0; s++) {
		const struct profile_arg *arg =
			profile_call_arg(call->sources[s].call, check->index);

		if (!arg)
			continue;
		for (size_t i = 0; i < arg->n_values && r == 0; i++)
			r = compare_value(c, call, spec, check, &arg->values[i]);
		if (r == 0 && arg->many &&
		    (check->kind != CHECK_MASK || !policy_check_holds(check, arg->set_once)))
			r = add_argument(c, call, spec, "(any)", 0);
	}
	return r;
}

static bool is_answered(const struct policy *policy, const struct call_tally *call)
{
	for (size_t i = 0; i < policy->n_denials; i++)
		if (policy->denials[i].arch == call->arch && policy->denials[i].nr == call->nr)
			return true;
	return policy->newest && call->nr > policy->newest;
}

static int compare_call(struct comparison *c, const struct call_tally *call)
{
	const struct policy_call *rule = policy_find_call(c->old.policy, call->arch, call->nr);
	bool absent = call_tally_is_absent(call);
	char *what;
	int r = 0;

	for (size_t i = 0; rule && i < rule->n_checks && r == 0; i++)
		r = compare_argument(c, call, &rule->checks[i]);
	if (rule || (absent && is_answered(c->old.policy, call)))
		return r;
	what = call_label(c, call);
	return compare_add(c, NEED_CALL, what, "seen %" PRIu64 "x%s", call->count,
			   absent ? ", returned ENOSYS" : "");
}

static int compare_calls(struct comparison *c)
{
	int r = 0;

	for (size_t i = 0; i < c->new.tally.calls.n && r == 0; i++)
		r = compare_call(c, c->new.tally.calls.entries[i].value);
	return r;
}

/* ---- limits ---- */

static const struct policy_limit *find_limit(const struct policy *policy, int resource)
{
	for (size_t i = 0; i < policy->n_limits; i++)
		if (policy->limits[i].resource == resource)
			return &policy->limits[i];
	return NULL;
}

/* A peak within the old limit's headroom is no news. */
static int compare_limits(struct comparison *c)
{
	int r = 0;

	for (size_t i = 0; i < c->new.policy->n_limits && r == 0; i++) {
		const struct policy_limit *limit = &c->new.policy->limits[i];
		const struct policy_limit *old = find_limit(c->old.policy, limit->resource);

		if (old && limit->peak > old->value)
			r = compare_add(c, NEED_LIMIT,
					strdup(rlimit_by_number(limit->resource)->name),
					"a peak of %" PRIu64 ", past the old limit of %" PRIu64,
					limit->peak, old->value);
	}
	return r;
}

/* ---- programs ---- */

static void clear_side(struct side *side)
{
	tally_clear(&side->tally);
	policy_free(side->policy);
	*side = (struct side){ 0 };
}

/* The pattern of fnmatch(3) that PATH alone matches, for the caller to free. */
static char *exactly(const char *path)
{
	char *pattern = malloc(2 * strlen(path) + 1), *to = pattern;

	for (; pattern && *path; path++) {
		if (strchr("*?[\\", *path))
			*to++ = '\\';
		*to++ = *path;
	}
	if (pattern)
		*to = '\0';
	return pattern;
}

/* -ENODATA without a message when the program made no call there. */
static int make_side(const struct profile *profile, const struct decide_options *options,
		     const char *program, struct side *ret)
{
	auto_free char *pattern = exactly(program);
	const struct selection selection = { pattern, options->from, options->arch };
	struct decide_options own = *options;
	int r = pattern ? tally_make(profile, &selection, &ret->tally) : -ENOMEM;

	if (r < 0)
		return r;
	if (!ret->tally.calls.n)
		return -ENODATA;
	own.program = pattern;
	return decide(profile, &own, &ret->policy);
}

static int compare_all(struct comparison *c)
{
	int (*const steps[])(struct comparison *) = {
		compare_calls,	  compare_path_rules, compare_addresses,
		compare_families, compare_scopes, compare_limits,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](c);
	return r;
}

static int compare_program(struct comparison *c, const struct profile *old,
			   const struct profile *new, const struct decide_options *options)
{
	int r = make_side(new, options, c->program, &c->new);

	if (r < 0)
		return r == -ENODATA ? 0 : r;
	r = make_side(old, options, c->program, &c->old);
	if (r == -ENODATA)
		return compare_add(c, NEED_PROGRAM, strdup(c->program),
				   "executed: %zu different calls",
				   c->new.tally.calls.n);
	return r < 0 ? r : compare_all(c);
}

static int compare_programs(struct comparison *c, const struct profile *old,
			    const struct profile *new, const struct decide_options *options)
{
	auto_free struct profile_program **programs = profile_sorted(&new->programs);
	int r = programs ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < new->programs.n; i++) {
		const char *path = programs[i]->path;

		if (options->program && fnmatch(options->program, path, 0) != 0)
			continue;
		if (c->program && strcmp(c->program, path) == 0)
			continue; /* another build: both were taken together */
		c->program = path;
		r = compare_program(c, old, new, options);
		clear_side(&c->old);
		clear_side(&c->new);
	}
	return r;
}

int compare(const struct profile *old, const struct profile *new,
	    const struct decide_options *options, struct needs *ret)
{
	struct comparison c = { 0 };
	struct policy *all_old = NULL;
	int r = decide(old, options, &all_old);

	c.all_old = all_old;
	if (r == 0)
		r = compare_programs(&c, old, new, options);
	policy_free(all_old);
	map_clear(&c.known, NULL);
	if (r < 0) {
		needs_clear(&c.needs);
		return r;
	}
	needs_sort(&c.needs);
	*ret = c.needs;
	return 0;
}
