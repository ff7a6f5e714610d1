/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy rules out: the questions that formats with coarser rules than ours ask. */
#include "emitter/ruled_out.h"

#include <string.h>

#include "base/path.h"

bool policy_allows(const struct policy *p, const char *call)
{
	for (size_t i = 0; i < p->n_calls; i++)
		if (strcmp(p->calls[i].name, call) == 0)
			return true;
	return false;
}

const char *policy_allows_any(const struct policy *p, const char *const *calls)
{
	for (; *calls; calls++)
		if (policy_allows(p, *calls))
			return *calls;
	return NULL;
}

static bool check_allows_all(const struct policy_check *check, uint64_t bits)
{
	if (check->kind == CHECK_MASK)
		return (check->mask & bits) == bits;
	for (size_t i = 0; i < check->n_values; i++)
		if ((check->values[i] & bits) == bits)
			return true;
	return false;
}

static bool call_allows_all(const struct policy_call *call, unsigned index, uint64_t bits)
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (call->checks[i].index == index && !check_allows_all(&call->checks[i], bits))
			return false;
	for (size_t i = 0; i < call->n_held; i++)
		if (call->held[i].index == index && !check_allows_all(&call->held[i], bits))
			return false;
	return true;
}

bool policy_allows_all_bits(const struct policy *p, const char *call, unsigned index, uint64_t bits)
{
	for (size_t i = 0; i < p->n_calls; i++)
		if (strcmp(p->calls[i].name, call) == 0 &&
		    call_allows_all(&p->calls[i], index, bits))
			return true;
	return false;
}

bool policy_allows_any_bit(const struct policy *p, const char *call, unsigned index, uint64_t bits)
{
	for (uint64_t bit = 1; bit; bit <<= 1)
		if ((bits & bit) && policy_allows_all_bits(p, call, index, bit))
			return true;
	return false;
}

/* What is known of the argument: a check, or what it held; or NULL. */
static const struct policy_check *known_of(const struct policy_call *call, unsigned index)
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (call->checks[i].index == index)
			return &call->checks[i];
	for (size_t i = 0; i < call->n_held; i++)
		if (call->held[i].index == index)
			return &call->held[i];
	return NULL;
}

bool policy_allows_value(const struct policy *p, const char *call, unsigned index, uint64_t value)
{
	for (size_t i = 0; i < p->n_calls; i++) {
		const struct policy_check *known;

		if (strcmp(p->calls[i].name, call) != 0)
			continue;
		known = known_of(&p->calls[i], index);
		if (!known || policy_check_holds(known, value))
			return true;
	}
	return false;
}

bool policy_knows(const struct policy *p, const char *call, unsigned index)
{
	bool known = false;

	for (size_t i = 0; i < p->n_calls; i++) {
		if (strcmp(p->calls[i].name, call) != 0)
			continue;
		if (!known_of(&p->calls[i], index))
			return false;
		known = true;
	}
	return known;
}

bool call_holds_only(const struct policy_call *call, unsigned index, const uint64_t *values,
		     size_t n)
{
	const struct policy_check *known = known_of(call, index);

	if (!known || known->kind != CHECK_VALUES)
		return false;
	for (size_t i = 0; i < known->n_values; i++) {
		size_t k = 0;

		while (k < n && values[k] != known->values[i])
			k++;
		if (k == n)
			return false;
	}
	return true;
}

/* A directory that was but looked at says nothing about what is below it. */
#define PATH_LOOKS (PATH_LIST | PATH_CHDIR | PATH_WATCH | PATH_STAT | PATH_HANDLE)

static bool is_excepted(const char *path, const char *const *except)
{
	for (; except && *except; except++)
		if (path_is_within(path, *except))
			return true;
	return false;
}

/* A name that was looked for, and that nothing was made at, is as missing elsewhere. */
static bool was_there(const struct policy_seen_path *seen)
{
	return seen->kinds != KIND_MISSING || (seen->effects & PATH_RENAMES);
}

static const char *seen_within(const struct policy *p, const char *dir, uint32_t effects,
			       const char *const *except)
{
	for (size_t i = 0; i < p->n_seen_paths; i++) {
		const struct policy_seen_path *seen = &p->seen_paths[i];

		if ((seen->effects & effects) && path_is_within(seen->path, dir) &&
		    was_there(seen) && !is_excepted(seen->path, except))
			return seen->path;
	}
	return NULL;
}

const char *policy_uses(const struct policy *p, const char *dir, uint32_t effects,
			const char *const *except)
{
	if (p->n_seen_paths)
		return seen_within(p, dir, effects, except);
	for (size_t i = 0; i < p->n_paths; i++) {
		const struct policy_path *path = &p->paths[i];
		bool below = path_is_within(path->path, dir);
		bool above = path->directory && path_is_within(dir, path->path);

		if (((below && (path->effects & effects)) ||
		     (above && (path->effects & effects & ~(uint32_t)PATH_LOOKS))) &&
		    !is_excepted(path->path, except))
			return path->path;
	}
	return NULL;
}
