/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known about one call: argument values, results, call sites, its name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "profile/profile.h"
#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"

/* ---- lists of counted values ---- */

/* The position of VALUE in a sorted list, or where it would go. */
static size_t find_value(const struct profile_value *values, size_t n, uint64_t value)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (values[middle].value < value)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

/* Returns 1 when the value was new, 0 when it was there, -ENOMEM. */
static int count_value(struct profile_value **values, size_t *n, uint64_t value, uint64_t count)
{
	size_t at = find_value(*values, *n, value);
	struct profile_value *more;

	if (at < *n && (*values)[at].value == value) {
		(*values)[at].count = profile_sum((*values)[at].count, count);
		return 0;
	}
	more = realloc(*values, (*n + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	memmove(&more[at + 1], &more[at], (*n - at) * sizeof(*more));
	more[at] = (struct profile_value){ value, profile_sum(count, 0) };
	*values = more;
	++*n;
	return 1;
}

/* ---- arguments ---- */

unsigned profile_call_most(const struct profile_call *call, unsigned index)
{
	const struct argspec *spec = argspec_of(call->name, index);

	return spec ? spec->most : PROFILE_MOST_VALUES;
}

/* The entry for argument or field INDEX, made when it is not there. */
static struct profile_arg *arg_at(struct profile_call *call, unsigned index)
{
	size_t at = 0;

	while (at < call->n_args && call->args[at].index < index)
		at++;
	if (at < call->n_args && call->args[at].index == index)
		return &call->args[at];
	memmove(&call->args[at + 1], &call->args[at], (call->n_args - at) * sizeof(call->args[0]));
	call->args[at] = (struct profile_arg){ .index = index, .set_always = UINT64_MAX };
	call->n_args++;
	return &call->args[at];
}

static void give_up_list(struct profile_arg *arg)
{
	free(take_ptr(arg->values));
	arg->n_values = 0;
	arg->many = true;
}

int profile_call_value(struct profile_call *call, unsigned index, unsigned most, uint64_t value,
		       uint64_t count)
{
	struct profile_arg *arg = arg_at(call, index);
	int is_new = arg->many ? 0 : count_value(&arg->values, &arg->n_values, value, count);

	if (is_new < 0)
		return is_new;
	arg->set_once |= value;
	arg->set_always &= value;
	if (arg->n_values > most)
		give_up_list(arg);
	return is_new;
}

int profile_call_many(struct profile_call *call, unsigned index, uint64_t set_once,
		      uint64_t set_always)
{
	struct profile_arg *arg = arg_at(call, index);

	arg->set_once |= set_once;
	arg->set_always &= set_always;
	give_up_list(arg);
	return 0;
}

/* ---- results ---- */

const struct profile_arg *profile_call_arg(const struct profile_call *call, unsigned index)
{
	for (size_t i = 0; i < call->n_args; i++)
		if (call->args[i].index == index)
			return &call->args[i];
	return NULL;
}

int profile_call_result(struct profile_call *call, int error, uint64_t count)
{
	return count_value(&call->results, &call->n_results, (uint64_t)error, count);
}

/* ---- name ---- */

/* As syscall_name() makes them. What libseccomp does not know is a name from a newer one: real. */
static bool is_made_up(const char *name)
{
	static const char *const prefixes[] = { "syscall_", "x32_" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if (strncmp(name, prefixes[i], n) == 0 && name[n] &&
		    !name[n + strspn(name + n, "0123456789")])
			return true;
	}
	return false;
}

int profile_call_name(struct profile_call *call, const char *name)
{
	int worse = is_made_up(name) - is_made_up(call->name);
	char *copy;

	if (worse > 0 || (worse == 0 && strcmp(name, call->name) >= 0))
		return 0;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	free(call->name);
	call->name = copy;
	for (size_t i = 0; i < call->n_args; i++)
		if (call->args[i].n_values > profile_call_most(call, call->args[i].index))
			give_up_list(&call->args[i]);
	return 0;
}

/* ---- call sites ---- */

/* A copy of a stack without empty frames and without those past PROFILE_MOST_FRAMES. */
static char *cut_stack(const char *frames)
{
	char *stack = malloc(strlen(frames) + 1), *to = stack;

	if (!stack)
		return NULL;
	for (unsigned n = 0; *frames && n < PROFILE_MOST_FRAMES;) {
		size_t length = strcspn(frames, "\n");

		if (length) {
			if (n++)
				*to++ = '\n';
			to = mempcpy(to, frames, length);
		}
		frames += length + (frames[length] == '\n');
	}
	*to = '\0';
	return stack;
}

static int insert_site(struct profile_call *call, size_t at, char *stack)
{
	if (call->n_sites == PROFILE_MOST_SITES) {
		free(call->sites[--call->n_sites]);
	} else {
		char **more = realloc(call->sites, (call->n_sites + 1) * sizeof(*more));

		if (!more)
			return -ENOMEM;
		call->sites = more;
	}
	memmove(&call->sites[at + 1], &call->sites[at], (call->n_sites - at) * sizeof(char *));
	call->sites[at] = stack;
	call->n_sites++;
	return 1;
}

int profile_call_site(struct profile_call *call, const char *frames)
{
	auto_free char *stack = cut_stack(frames);
	size_t at = 0;
	int err;

	if (!stack)
		return -ENOMEM;
	while (at < call->n_sites && strcmp(call->sites[at], stack) < 0)
		at++;
	if (!*stack || at == PROFILE_MOST_SITES)
		return 0;
	if (at < call->n_sites && strcmp(call->sites[at], stack) == 0)
		return 0;
	err = insert_site(call, at, stack);
	if (err > 0)
		take_ptr(stack);
	return err;
}
