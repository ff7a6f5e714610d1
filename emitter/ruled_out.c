/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy rules out: the questions that formats with coarser rules than ours ask. */
#include "emitter/ruled_out.h"

#include <string.h>

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

/* A directory that was but looked at says nothing about what is below it. */
#define PATH_LOOKS (PATH_LIST | PATH_CHDIR | PATH_WATCH | PATH_STAT | PATH_HANDLE)

static bool is_excepted(const char *path, const char *const *except)
{
	for (; except && *except; except++)
		if (path_is_within(path, *except))
			return true;
	return false;
}

const struct policy_path *policy_uses(const struct policy *p, const char *dir, uint32_t effects,
				      const char *const *except)
{
	for (size_t i = 0; i < p->n_paths; i++) {
		const struct policy_path *path = &p->paths[i];
		bool below = path_is_within(path->path, dir);
		bool above = path->directory && path_is_within(dir, path->path);

		if (((below && (path->effects & effects)) ||
		     (above && (path->effects & effects & ~(uint32_t)PATH_LOOKS))) &&
		    !is_excepted(path->path, except))
			return path;
	}
	return NULL;
}
