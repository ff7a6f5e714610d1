/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which values of a call's arguments are let through. */
#include "learner/argset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/argspecs.h"

/* What one inspected argument held in all phases and programs. */
struct argset {
	bool many;            /* too many values for a list */
	const char *unknown;  /* a program whose values were not recorded, or NULL */
	uint64_t set_once;    /* OR of all values */
	struct policy_check values; /* only its lists are used */
};

static void clear_argset(struct argset *set)
{
	free(set->values.values);
	free(set->values.counts);
}

static int add_value(struct policy_check *list, uint64_t value, uint64_t count)
{
	for (size_t i = 0; i < list->n_values; i++) {
		if (list->values[i] == value) {
			list->counts[i] += count;
			return 0;
		}
	}
	return policy_check_add_value(list, value, count);
}

static int add_source(struct argset *set, const struct argspec *spec,
		      const struct call_source *source)
{
	const struct profile_arg *arg = profile_call_arg(source->call, spec->index);
	int r = 0;

	if (!arg) {
		set->unknown = source->program->path;
		return 0;
	}
	set->many = set->many || arg->many;
	set->set_once |= argspec_significant(spec, arg->set_once);
	for (size_t i = 0; i < arg->n_values && r == 0; i++) {
		uint64_t value = argspec_significant(spec, arg->values[i].value);

		set->set_once |= value;
		r = add_value(&set->values, value, arg->values[i].count);
	}
	return r;
}

static bool one_value_had(const struct argset *set, uint64_t bits)
{
	for (size_t i = 0; i < set->values.n_values; i++)
		if ((set->values.values[i] & bits) == bits)
			return true;
	return false;
}

/*
 * A mask lets through every combination of the bits that were seen. That is dangerous where bits
 * are harmless apart and were never seen together, and for bits that no mask may have.
 */
static bool mask_is_harmless(const struct argset *set, const struct argspec *spec)
{
	if (spec->kind != ARG_FLAGS || (set->set_once & spec->unmasked))
		return false;
	return !spec->apart || (set->set_once & spec->apart) != spec->apart ||
	       one_value_had(set, spec->apart);
}

static int add_mask(struct policy_call *call, const struct argspec *spec, uint64_t mask)
{
	struct policy_check *check = policy_add_check(call, spec->index, spec->width, CHECK_MASK);

	if (!check)
		return -ENOMEM;
	check->mask = mask;
	return 0;
}

static int add_list(struct policy_call *call, const struct argspec *spec,
		    const struct policy_check *list)
{
	struct policy_check *check = policy_add_check(call, spec->index, spec->width, CHECK_VALUES);
	int r = check ? 0 : -ENOMEM;

	for (size_t i = 0; i < list->n_values && r == 0; i++)
		r = policy_check_add_value(check, list->values[i], list->counts[i]);
	return r;
}

static int add_check(const struct argset *set, const struct argspec *spec, struct policy *policy,
		     struct policy_call *call)
{
	if (set->unknown)
		return policy_add_note(policy, NOTE_ARGUMENTS,
				       "%s: any %s is allowed: its values in %s were not recorded",
				       spec->call, spec->arg, set->unknown);
	/* One value is checked as fast as a mask and lets less through. */
	if ((set->many || set->values.n_values > 1 || spec->harmless) &&
	    mask_is_harmless(set, spec))
		return add_mask(call, spec, set->set_once | spec->harmless);
	if (set->many)
		return policy_add_note(policy, NOTE_ARGUMENTS,
				       "%s: any %s is allowed: more than %u values were seen",
				       spec->call, spec->arg, spec->most);
	return add_list(call, spec, &set->values);
}

static int add_check_for(const struct call_tally *seen, const struct argspec *spec,
			 struct policy *policy, struct policy_call *call)
{
	cleanup(clear_argset) struct argset set = { 0 };
	int r = 0;

	for (size_t i = 0; i < seen->n_sources && r == 0; i++)
		r = add_source(&set, spec, &seen->sources[i]);
	return r < 0 ? r : add_check(&set, spec, policy, call);
}

/* What an argument that is not checked held; of one that was not recorded nothing is known. */
static int add_held(const struct call_tally *seen, const struct argspec *spec,
		    struct policy_call *call)
{
	cleanup(clear_argset) struct argset set = { 0 };
	struct policy_check *held;
	int r = 0;

	for (size_t i = 0; i < seen->n_sources && r == 0; i++)
		r = add_source(&set, spec, &seen->sources[i]);
	if (r < 0)
		return r;
	/* A field that nobody pointed to was not there to be recorded. */
	if (set.unknown && !(argspec_is_field(spec) && set.values.n_values))
		return 0;
	held = policy_add_held(call, spec->index, spec->width,
			       set.many ? CHECK_MASK : CHECK_VALUES);
	if (!held)
		return -ENOMEM;
	held->mask = set.many ? set.set_once : 0;
	for (size_t i = 0; !set.many && i < set.values.n_values && r == 0; i++)
		r = policy_check_add_value(held, set.values.values[i], set.values.counts[i]);
	return r;
}

int argset_add_held(const struct call_tally *seen, struct policy_call *call)
{
	size_t n;
	const struct argspec *specs = argspecs_of(seen->name, &n);
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		if (specs[i].shown_only && argspec_applies(&specs[i], seen->arch))
			r = add_held(seen, &specs[i], call);
	return r;
}

int argset_add_checks(const struct call_tally *seen, struct policy *policy,
		      struct policy_call *call)
{
	size_t n;
	const struct argspec *specs = argspecs_of(seen->name, &n);
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		if (!specs[i].shown_only && argspec_applies(&specs[i], seen->arch))
			r = add_check_for(seen, &specs[i], policy, call);
	return r;
}

static const struct {
	const char *call, *around;
} ways_around[] = {
	{ "clone", "clone3" },
	{ "socket", "socketcall" },
	{ "socketpair", "socketcall" },
	{ "setsockopt", "socketcall" },
	{ "getsockopt", "socketcall" },
	{ "mmap2", "mmap" }, /* only i386 and its like have mmap2: there mmap takes a pointer */
};

const char *argset_way_around(const char *call)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways_around); i++)
		if (strcmp(ways_around[i].call, call) == 0)
			return ways_around[i].around;
	return NULL;
}
