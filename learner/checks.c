/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks changed by single values, and copied from one call to another. */
#include "learner/checks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/argspecs.h"

/* A mask of so many bits is short enough, written out, for a list. */
#define MOST_LISTED_BITS 6

static struct policy_check *find_check(struct policy_call *call, unsigned index)
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (call->checks[i].index == index)
			return &call->checks[i];
	return NULL;
}

/* Every combination of the mask's bits becomes a value. */
static int mask_to_list(struct policy_check *check)
{
	struct policy_check list = *check;
	uint64_t value = 0;

	list.kind = CHECK_VALUES;
	do {
		if (policy_check_add_value(&list, value, 0) < 0) {
			free(list.values);
			free(list.counts);
			return -ENOMEM;
		}
		value = (value - check->mask) & check->mask; /* the next one within the mask */
	} while (value);
	*check = list;
	return 0;
}

static bool is_dangerous(const struct argspec *spec, uint64_t mask)
{
	return !spec || spec->kind != ARG_FLAGS || (mask & spec->unmasked) ||
	       (spec->apart && (mask & spec->apart) == spec->apart);
}

static int widen_mask(const struct argspec *spec, struct policy_check *check, uint64_t value)
{
	int r;

	if (!is_dangerous(spec, check->mask | value)) {
		check->mask |= value;
		return 0;
	}
	if (__builtin_popcountll(check->mask) > MOST_LISTED_BITS)
		return -EINVAL;
	r = mask_to_list(check);
	return r < 0 ? r : policy_check_add_value(check, value, 0);
}

bool check_can_allow(const struct policy_call *call, unsigned index, uint64_t value)
{
	for (size_t i = 0; i < call->n_checks; i++) {
		const struct policy_check *check = &call->checks[i];

		if (check->index == index && check->kind == CHECK_MASK)
			return !is_dangerous(argspec_of(call->name, index), check->mask | value) ||
			       __builtin_popcountll(check->mask) <= MOST_LISTED_BITS;
	}
	return true;
}

int check_allow_value(struct policy_call *call, unsigned index, uint64_t value)
{
	struct policy_check *check = find_check(call, index);

	if (!check || policy_check_holds(check, value))
		return 0;
	if (check->kind == CHECK_MASK)
		return widen_mask(argspec_of(call->name, index), check, value);
	return policy_check_add_value(check, value, 0);
}

static void drop_value(struct policy_check *check, uint64_t value)
{
	for (size_t i = 0; i < check->n_values; i++) {
		if (check->values[i] != value)
			continue;
		check->n_values--;
		check->values[i] = check->values[check->n_values];
		check->counts[i] = check->counts[check->n_values];
		return;
	}
}

int check_deny_value(struct policy_call *call, unsigned index, uint64_t value)
{
	struct policy_check *check = find_check(call, index);

	if (!check)
		return -ENODATA;
	if (!policy_check_holds(check, value))
		return 0;
	if (check->kind == CHECK_MASK && __builtin_popcountll(check->mask) > MOST_LISTED_BITS) {
		check->mask &= ~value;
		return 0;
	}
	if (check->kind == CHECK_MASK && mask_to_list(check) < 0)
		return -ENOMEM;
	drop_value(check, value);
	return check->n_values == 0;
}

int check_only_value(struct policy_call *call, unsigned index, uint64_t value)
{
	const struct argspec *spec = argspec_of(call->name, index);
	struct policy_check *check =
		policy_add_check(call, index, spec ? spec->width : 64, CHECK_VALUES);

	return check ? policy_check_add_value(check, value, 0) : -ENOMEM;
}

static const struct policy_check *check_of(const struct policy_call *call, const char *arg)
{
	for (size_t i = 0; i < call->n_checks; i++) {
		const struct argspec *spec = argspec_of(call->name, call->checks[i].index);

		if (spec && strcmp(spec->arg, arg) == 0)
			return &call->checks[i];
	}
	return NULL;
}

static int copy_check(const struct policy_check *from, const struct argspec *spec,
		      struct policy_call *to)
{
	struct policy_check *check = policy_add_check(to, spec->index, spec->width, from->kind);
	int r = check ? 0 : -ENOMEM;

	if (check)
		check->mask = from->mask;
	for (size_t i = 0; i < from->n_values && r == 0; i++)
		r = policy_check_add_value(check, from->values[i], 0);
	return r;
}

static int harmless_flags(const struct argspec *spec, struct policy_call *to)
{
	struct policy_check *check = policy_add_check(to, spec->index, spec->width, CHECK_MASK);

	if (!check)
		return -ENOMEM;
	/* Of bits that are harmless apart only the lowest. */
	check->mask = ~(spec->unmasked | (spec->apart & (spec->apart - 1)));
	check->mask = argspec_significant(spec, check->mask);
	return 0;
}

int checks_copy(const struct policy_call *from, struct policy_call *to)
{
	size_t n;
	const struct argspec *specs = argspecs_of(to->name, &n);
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		const struct policy_check *check = check_of(from, specs[i].arg);

		if (specs[i].shown_only || !argspec_applies(&specs[i], to->arch))
			continue;
		if (check)
			r = copy_check(check, &specs[i], to);
		else if (specs[i].kind == ARG_FLAGS && (specs[i].unmasked | specs[i].apart))
			r = harmless_flags(&specs[i], to);
	}
	return r;
}
