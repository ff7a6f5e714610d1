/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that a trace cannot show, each with its reason. */
#include "learner/implied.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/baseline.h"
#include "learner/checks.h"
#include "learner/decision.h"
#include "learner/reach.h"
#include "learner/siblings.h"
#include "sysdb/syscalls.h"

static const struct action not_there = { .kind = ACTION_ERRNO, .error = ENOSYS };

static bool has_denial(const struct policy *p, uint32_t arch, int nr)
{
	for (size_t i = 0; i < p->n_denials; i++)
		if (p->denials[i].arch == arch && p->denials[i].nr == nr)
			return true;
	return false;
}

bool is_open(const struct decision *d, uint32_t arch, const char *name, int *nr)
{
	return !is_denied_by_hand(d, name) && syscall_number(arch, name, nr) == 0 &&
	       !policy_find_call(d->policy, arch, *nr) && !has_denial(d->policy, arch, *nr);
}

static struct policy_call *add_implied(struct decision *d, uint32_t arch, int nr, const char *name,
				       const char *why)
{
	struct policy_call *call = policy_add_call(d->policy, arch, nr, name, why);

	if (call)
		call->implied = true;
	return call;
}

int imply(struct decision *d, const char *name, const char *why)
{
	for (size_t a = 0; a < d->n_arches; a++) {
		int nr;

		if (is_open(d, d->arches[a], name, &nr) &&
		    !add_implied(d, d->arches[a], nr, name, why))
			return -ENOMEM;
	}
	return 0;
}

static struct policy_call *find_call(struct decision *d, uint32_t arch, int nr)
{
	for (size_t i = 0; i < d->policy->n_calls; i++)
		if (d->policy->calls[i].arch == arch && d->policy->calls[i].nr == nr)
			return &d->policy->calls[i];
	return NULL;
}

static int imply_value_on(struct decision *d, uint32_t arch, const char *name, unsigned index,
			  uint64_t value, const char *why)
{
	struct policy_call *call;
	int nr;

	if (is_open(d, arch, name, &nr)) {
		call = add_implied(d, arch, nr, name, why);
		return call ? check_only_value(call, index, value) : -ENOMEM;
	}
	call = syscall_number(arch, name, &nr) == 0 ? find_call(d, arch, nr) : NULL;
	return call ? check_allow_value(call, index, value) : 0;
}

int imply_value(struct decision *d, const char *name, unsigned index, uint64_t value,
		const char *why)
{
	int r = 0;

	for (size_t a = 0; a < d->n_arches && r == 0; a++)
		r = imply_value_on(d, d->arches[a], name, index, value, why);
	return r;
}

/* ---- siblings ---- */

static bool is_in(const struct sibling_group *group, const char *name)
{
	for (const char *const *other = group->names; *other; other++)
		if (strcmp(*other, name) == 0)
			return true;
	return false;
}

/* A call of the group that was seen on ARCH, for its checks; NULL when none was. */
static struct policy_call *seen_of(struct decision *d, const struct sibling_group *group,
				   uint32_t arch)
{
	for (size_t i = 0; i < d->policy->n_calls; i++) {
		struct policy_call *call = &d->policy->calls[i];

		if (call->arch == arch && !call->implied && is_in(group, call->name))
			return call;
	}
	return NULL;
}

/* A call of the group that was made where the architecture has none of that name. */
static const char *missing_of(const struct decision *d, const struct sibling_group *group)
{
	for (size_t i = 0; i < d->tally.missing.n; i++)
		if (is_in(group, d->tally.missing.entries[i].value))
			return d->tally.missing.entries[i].value;
	return NULL;
}

static int imply_sibling(struct decision *d, uint32_t arch, const char *name,
			 const struct policy_call *seen, const char *why)
{
	/* Its reallocation moves what SEEN points to. */
	size_t at = seen ? (size_t)(seen - d->policy->calls) : 0;
	struct policy_call *call;
	int nr;

	if (!is_open(d, arch, name, &nr))
		return 0;
	call = add_implied(d, arch, nr, name, why);
	if (!call)
		return -ENOMEM;
	return seen && d->options->arguments ? checks_copy(&d->policy->calls[at], call) : 0;
}

static int imply_group(struct decision *d, const struct sibling_group *group, uint32_t arch)
{
	struct policy_call *seen = d->options->portable ? seen_of(d, group, arch) : NULL;
	const char *missing = missing_of(d, group);
	auto_free char *name = seen || missing ? strdup(seen ? seen->name : missing) : NULL;
	auto_free char *why = NULL;
	int r = 0;

	if (!seen && !missing)
		return 0;
	if (!name || asprintf(&why, "implied by %s: %s", name, group->why) < 0)
		return -ENOMEM;
	for (const char *const *other = group->names; *other && r == 0; other++) {
		seen = seen_of(d, group, arch);
		r = imply_sibling(d, arch, *other, seen, why);
	}
	return r;
}

int imply_siblings(struct decision *d)
{
	int r = 0;

	for (const struct sibling_group *group = sibling_table; group->why; group++)
		for (size_t a = 0; a < d->n_arches && r == 0; a++)
			r = imply_group(d, group, d->arches[a]);
	return r;
}

/* Whether the call is allowed on any architecture. */
static bool is_allowed(const struct decision *d, const char *name)
{
	for (size_t i = 0; i < d->policy->n_calls; i++)
		if (strcmp(d->policy->calls[i].name, name) == 0)
			return true;
	return false;
}

static int imply_startup_call(struct decision *d, const struct startup_call *row, const char *why)
{
	if (row->how == STARTUP_VALUE_TOO && !is_allowed(d, row->name))
		return 0;
	if (row->how == STARTUP_WHOLE || !d->options->arguments)
		return imply(d, row->name, why);
	return imply_value(d, row->name, row->index, row->value, why);
}

int imply_startup(struct decision *d)
{
	int r = 0;

	for (const struct startup_call *row = startup_table;
	     row->name && d->options->portable && r == 0; row++) {
		auto_free char *why = NULL;

		if (asprintf(&why, "implied by --portable: %s", row->why) < 0)
			return -ENOMEM;
		r = imply_startup_call(d, row, why);
		/* A mask that must not be widened stays. */
		r = r == -EINVAL ? 0 : r;
	}
	return r;
}

/* ---- baseline ---- */

struct clocks {
	struct map reached; /* names of calls */
	bool any;           /* it cannot be told which */
};

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

static int add_clocks(struct clocks *clocks, const struct reach *reach)
{
	for (const struct implied_call *row = baseline_table; row->name; row++) {
		size_t length = strlen(row->name);

		if (map_get(&reach->calls, row->name, length) &&
		    !map_get(&clocks->reached, row->name, length) &&
		    map_put(&clocks->reached, row->name, length, clocks) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* What the programs can reach of the calls that the vDSO serves, if that can be told. */
static int look_for_clocks(const struct decision *d, struct clocks *clocks)
{
	int r = 0;

	/* Another C library reads the same clock by another call. */
	clocks->any = d->options->portable;
	for (size_t p = 0; p < d->tally.n_programs && !clocks->any && r == 0; p++) {
		struct reach reach;

		r = reach_of(d->tally.programs[p], &reach);
		if (r < 0)
			return r;
		r = add_clocks(clocks, &reach);
		clocks->any = reach.unknown != NULL;
		reach_clear(&reach);
	}
	return r;
}

static void clear_clocks(struct clocks *clocks)
{
	map_clear(&clocks->reached, NULL);
}

static bool is_wanted(const struct decision *d, const struct implied_call *row, bool threads,
		      const struct clocks *clocks)
{
	switch (row->when) {
	case IMPLIED_ALWAYS:
		return !d->options->no_baseline;
	case IMPLIED_LAUNCHED:
		/* A filter that a program puts on itself comes after the execution. */
		return !d->options->no_baseline && d->options->from == PHASE_LOAD;
	case IMPLIED_THREADS:
		return !d->options->no_baseline && threads;
	case IMPLIED_VDSO:
		return !d->options->no_vdso &&
		       (clocks->any || map_get(&clocks->reached, row->name, strlen(row->name)));
	}
	return false;
}

int imply_baseline(struct decision *d)
{
	cleanup(clear_clocks) struct clocks clocks = { .any = false };
	bool threads = makes_threads(d);
	int r = d->options->no_vdso ? 0 : look_for_clocks(d, &clocks);

	if (r < 0)
		return r;
	for (const struct implied_call *row = baseline_table; row->name; row++) {
		auto_free char *why = NULL;

		if (!is_wanted(d, row, threads, &clocks))
			continue;
		if (asprintf(&why, "%s: %s", implied_by[row->when], row->why) < 0)
			return -ENOMEM;
		if (imply(d, row->name, why) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* ---- fallback ---- */

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

int imply_fallbacks(struct decision *d)
{
	int newest = syscall_newest(d->policy->arch), r = 0;

	if (d->options->no_fallback)
		return 0;
	for (const char *const *name = fallback_table; *name && r == 0; name++)
		r = add_fallback(d, *name);
	d->policy->newest = newest > 0 ? newest : 0;
	return r;
}
