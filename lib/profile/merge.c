/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence of one profile added to another's. */
#include <errno.h>

#include "base/cleanup.h"
#include "profile/profile.h"
#include "profile/runs.h"

/* Each adds one entry of SRC's to the program: 0 or -ENOMEM. */

static int add_arg(struct profile_call *call, const struct profile_arg *arg)
{
	unsigned most = profile_call_most(call, arg->index);

	if (arg->many)
		return profile_call_many(call, arg->index, arg->set_once, arg->set_always);
	for (size_t i = 0; i < arg->n_values; i++)
		if (profile_call_value(call, arg->index, most, arg->values[i].value,
				       arg->values[i].count) < 0)
			return -ENOMEM;
	return 0;
}

static int add_call(struct profile_program *program, const void *entry)
{
	const struct profile_call *src = entry;
	struct profile_call *call = profile_call(program, src->phase, src->arch, src->nr);

	if (!call || profile_call_name(call, src->name) < 0)
		return -ENOMEM;
	call->count = profile_sum(call->count, src->count);
	call->after |= src->after;
	for (size_t i = 0; i < src->n_args; i++)
		if (add_arg(call, &src->args[i]) < 0)
			return -ENOMEM;
	for (size_t i = 0; i < src->n_results; i++)
		if (profile_call_result(call, (int)src->results[i].value, src->results[i].count) <
		    0)
			return -ENOMEM;
	for (size_t i = 0; i < src->n_sites; i++)
		if (profile_call_site(call, src->sites[i]) < 0)
			return -ENOMEM;
	return 0;
}

static int add_path(struct profile_program *program, const void *entry)
{
	const struct profile_path *src = entry;
	struct profile_path *path = profile_path(program, src->phase, src->path);

	if (!path)
		return -ENOMEM;
	path->effects |= src->effects;
	path->kinds |= src->kinds;
	path->count = profile_sum(path->count, src->count);
	return 0;
}

static int add_socket(struct profile_program *program, const void *entry)
{
	const struct profile_socket *src = entry;
	struct profile_socket *socket =
		profile_socket(program, src->phase, src->family, src->type, src->protocol);

	if (!socket)
		return -ENOMEM;
	socket->count = profile_sum(socket->count, src->count);
	return 0;
}

static int add_address(struct profile_program *program, const void *entry)
{
	const struct profile_address *src = entry;
	struct profile_address *address = profile_address(
		program, src->phase, src->bind, src->family, src->type, src->address, src->port);

	if (!address)
		return -ENOMEM;
	address->count = profile_sum(address->count, src->count);
	return 0;
}

static int add_signal(struct profile_program *program, const void *entry)
{
	const struct profile_signal *src = entry;
	struct profile_signal *signal = profile_signal(program, src->phase, src->signal);

	if (!signal)
		return -ENOMEM;
	signal->count = profile_sum(signal->count, src->count);
	return 0;
}

static int add_library(struct profile_program *program, const void *entry)
{
	const struct profile_library *src = entry;

	return profile_library(program, src->path, src->build_id) ? 0 : -ENOMEM;
}

static int add_peak(struct profile_program *program, const void *entry)
{
	const struct profile_peak *src = entry;
	struct profile_peak *peak = profile_peak(program, src->resource);

	if (!peak)
		return -ENOMEM;
	if (peak->value < src->value)
		peak->value = src->value;
	return 0;
}

static int add_limit(struct profile_program *program, const void *entry)
{
	return profile_limit(program, entry);
}

static int add_program(struct profile *dst, const struct profile_program *src)
{
	struct profile_program *program = profile_program(dst, src->path, src->build_id);
	const struct {
		const struct map *map;
		int (*add)(struct profile_program *program, const void *entry);
	} parts[] = {
		{ &src->calls, add_call },     { &src->paths, add_path },
		{ &src->sockets, add_socket }, { &src->addresses, add_address },
		{ &src->signals, add_signal }, { &src->libraries, add_library },
		{ &src->peaks, add_peak },     { &src->limits, add_limit },
	};

	if (!program)
		return -ENOMEM;
	program->unordered |= src->unordered;
	for (unsigned bit = 0; bit < N_MILESTONES; bit++)
		program->after[bit] = profile_sum(program->after[bit], src->after[bit]);
	for (size_t part = 0; part < ARRAY_SIZE(parts); part++)
		for (size_t i = 0; i < parts[part].map->n; i++)
			if (parts[part].add(program, parts[part].map->entries[i].value) < 0)
				return -ENOMEM;
	return 0;
}

static int add_profile(struct profile *dst, const struct profile *src)
{
	profile_tree(dst, src->tree.memory, src->tree.tasks);
	for (size_t i = 0; i < src->programs.n; i++)
		if (add_program(dst, src->programs.entries[i].value) < 0)
			return -ENOMEM;
	for (size_t i = 0; i < src->decisions.n; i++)
		if (profile_decide(dst, src->decisions.entries[i].value) < 0)
			return -ENOMEM;
	for (size_t i = 0; i < src->n_runs; i++) {
		struct profile_run *copy = run_copy(src->runs[i]);

		if (!copy || profile_add_run(dst, copy) < 0)
			return -ENOMEM;
	}
	return 0;
}

int profile_merge(struct profile **dst, const struct profile *src)
{
	struct profile *sum = profile_new();

	if (!sum || add_profile(sum, *dst) < 0 || add_profile(sum, src) < 0) {
		profile_free(sum);
		return -ENOMEM;
	}
	runs_settle(sum);
	profile_free(*dst);
	*dst = sum;
	return 0;
}
