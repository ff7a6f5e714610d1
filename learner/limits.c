/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peaks seen become limits with headroom. */
#include "learner/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "sysdb/rlimits.h"

#define MIB (UINT64_C(1) << 20)
#define USUAL_PERCENT 25
#define USUAL_STACK (8 * MIB)

/* Where a quarter more is not the right headroom. */
struct headroom {
	int resource;
	unsigned percent;
	uint64_t least; /* headroom, in the resource's unit */
	uint64_t floor; /* the smallest limit */
};

static const struct headroom headroom_table[] = {
	/* Another machine may be several times slower. */
	{ RLIMIT_CPU, 300, 3, 4 },
	/* More CPUs at the same moment keep more connections and pipes open. */
	{ RLIMIT_NOFILE, USUAL_PERCENT, 16, 0 },
	/*
	 * Collectors of garbage run when they find the time (a JVM's data varied by 40% in ten runs
	 * of the same program), and more CPUs get more threads, each with 8 MiB of stack.
	 */
	{ RLIMIT_DATA, 100, 128 * MIB, 0 },
	/* malloc(3) reserves 64 MiB for each thread that finds the others' arenas busy. */
	{ RLIMIT_AS, 100, 1024 * MIB, 0 },
	{ RLIMIT_CORE, 0, 0, 0 },
	{ RLIMIT_NICE, 0, 0, 0 },
	{ RLIMIT_RTPRIO, 0, 0, 0 },
};

static struct headroom headroom_of(const struct rlimit_info *info)
{
	for (size_t i = 0; i < ARRAY_SIZE(headroom_table); i++)
		if (headroom_table[i].resource == info->resource)
			return headroom_table[i];
	return (struct headroom){ info->resource, USUAL_PERCENT, info->round, 0 };
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* A + B, or the largest number. */
static uint64_t add(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

static uint64_t round_up(uint64_t value, uint64_t unit)
{
	uint64_t over = value % unit;

	return over ? add(value, unit - over) : value;
}

/*
 * Arguments and environment may fill a quarter of the limit (execve(2)), and are part of the peak.
 * Threads get stacks as large as the limit: past the usual one, more headroom costs address space.
 */
static uint64_t stack_limit(uint64_t peak)
{
	uint64_t quadruple = 4 * peak;

	return larger(quadruple < USUAL_STACK ? quadruple : USUAL_STACK, MIB);
}

/* The stack's own rule is for what is usual. */
static bool is_usual_stack(int resource, uint64_t peak)
{
	return resource == RLIMIT_STACK && peak <= USUAL_STACK;
}

/* What is added to a peak: a part of it (*PERCENT), or the least that is (*PERCENT is 0). */
static uint64_t extra_for(const struct headroom *room, uint64_t peak, unsigned *percent)
{
	/* By hundredths first: a peak near the largest number must not wrap. */
	uint64_t part = peak / 100 * room->percent + peak % 100 * room->percent / 100;
	uint64_t least = larger(room->least, room->floor > peak ? room->floor - peak : 0);

	*percent = part > least ? room->percent : 0;
	return larger(part, least);
}

uint64_t limit_for_peak(int resource, uint64_t peak)
{
	const struct rlimit_info *info = rlimit_by_number(resource);
	struct headroom room = headroom_of(info);
	unsigned percent;

	if (is_usual_stack(resource, peak))
		return stack_limit(round_up(peak, info->round));
	return round_up(add(peak, extra_for(&room, peak, &percent)), info->round);
}

/* The largest use by any of the programs; false when it was not measured. */
static bool find_peak(const struct tally *tally, int resource, uint64_t *ret)
{
	bool found = false;

	for (size_t p = 0; p < tally->n_programs; p++) {
		const struct profile_peak *peak = profile_find_peak(tally->programs[p], resource);

		if (!peak)
			continue;
		*ret = found ? larger(*ret, peak->value) : peak->value;
		found = true;
	}
	return found;
}

/* ---- when a peak says nothing about the next run ---- */

/* Address space beyond private memory, files and libraries: no program comes to so much by use. */
#define RESERVED (512 * MIB)

/*
 * Run-time systems with a heap of their own (JVM, V8, Go, sanitizers), and data bases that map
 * their files, reserve what the machine's memory or their files allow: another number tomorrow.
 */
static bool reserves_addresses(const struct tally *tally)
{
	for (size_t p = 0; p < tally->n_programs; p++) {
		const struct profile_program *program = tally->programs[p];
		const struct profile_peak *space = profile_find_peak(program, RLIMIT_AS);
		const struct profile_peak *data = profile_find_peak(program, RLIMIT_DATA);

		if (space && data && space->value > add(data->value, RESERVED))
			return true;
	}
	return false;
}

static bool makes_any(const struct tally *tally, const char *const calls[], size_t n)
{
	for (size_t c = 0; c < tally->calls.n; c++) {
		const struct call_tally *call = tally->calls.entries[c].value;

		for (size_t i = 0; i < n; i++)
			if (strcmp(calls[i], call->name) == 0)
				return true;
	}
	return false;
}

/*
 * What these lock is counted for the user, not the process, or, depending on the kernel, not at
 * all: io_uring since 5.12, bpf since 5.11 by control group.
 */
static bool locks_for_the_user(const struct tally *tally)
{
	static const char *const calls[] = { "io_uring_setup", "bpf", "perf_event_open", "shmctl" };

	return makes_any(tally, calls, ARRAY_SIZE(calls));
}

/* ---- who asks, and who sets ---- */

static const struct profile_arg *argument_of(const struct profile_call *call, unsigned index)
{
	for (size_t a = 0; a < call->n_args; a++)
		if (call->args[a].index == index)
			return &call->args[a];
	return NULL;
}

static bool argument_held(const struct profile_call *call, unsigned index, uint64_t value)
{
	const struct profile_arg *arg = argument_of(call, index);

	for (size_t i = 0; arg && i < arg->n_values; i++)
		if (arg->values[i].value == value)
			return true;
	return false;
}

/* new_limit.rlim_max: of all resources together. 0: nothing was set; RLIM_INFINITY: too many. */
static uint64_t largest_new_limit(const struct profile_call *prlimit)
{
	const struct profile_arg *arg = argument_of(prlimit, ARGSPEC_ARGUMENTS);
	uint64_t largest = 0;

	if (arg && arg->many)
		return RLIM_INFINITY;
	for (size_t i = 0; arg && i < arg->n_values; i++)
		largest = larger(largest, arg->values[i].value);
	return largest;
}

static uint64_t sets_nothing(const struct profile_call *call)
{
	(void)call;
	return 0;
}

/* What these are told is not recorded. */
static uint64_t sets_anything(const struct profile_call *call)
{
	(void)call;
	return RLIM_INFINITY;
}

static const struct limit_call {
	const char *call;
	unsigned resource; /* the argument */
	uint64_t (*most)(const struct profile_call *call); /* that it may have set */
} limit_calls[] = {
	{ "prlimit64", 1, largest_new_limit },
	{ "setrlimit", 0, sets_anything },
	{ "getrlimit", 0, sets_nothing },
	{ "ugetrlimit", 0, sets_nothing },
};

/* What programs do about a limit of their own. */
struct own_limit {
	bool asked; /* for, or set */
	uint64_t most; /* that may have been set */
};

static void add_call(struct own_limit *own, const struct call_tally *call,
		     const struct limit_call *row, int resource)
{
	for (size_t s = 0; s < call->n_sources; s++) {
		const struct profile_call *seen = call->sources[s].call;

		if (!argument_held(seen, row->resource, (uint64_t)resource))
			continue;
		own->asked = true;
		own->most = larger(own->most, row->most(seen));
	}
}

static struct own_limit own_limit_of(const struct tally *tally, int resource)
{
	struct own_limit own = { 0 };

	for (size_t c = 0; c < tally->calls.n; c++) {
		const struct call_tally *call = tally->calls.entries[c].value;

		for (size_t i = 0; i < ARRAY_SIZE(limit_calls); i++)
			if (strcmp(limit_calls[i].call, call->name) == 0)
				add_call(&own, call, &limit_calls[i], resource);
	}
	return own;
}

/*
 * Servers that ask for their limit size their tables by it and give up below what they were built
 * for; others accept clients, each of which takes a descriptor, and who knows how many come.
 */
static bool opens_what_it_may(const struct tally *tally)
{
	static const char *const accepting[] = { "accept", "accept4", "listen" };

	return own_limit_of(tally, RLIMIT_NOFILE).asked ||
	       makes_any(tally, accepting, ARRAY_SIZE(accepting));
}

static bool peak_bounds_use(const struct tally *tally, const struct rlimit_info *info)
{
	if (!info->bound || info->per_user)
		return false;
	switch (info->resource) {
	case RLIMIT_AS:
		return !reserves_addresses(tally);
	case RLIMIT_MEMLOCK:
		return !locks_for_the_user(tally);
	case RLIMIT_NOFILE:
		return !opens_what_it_may(tally);
	default:
		return true;
	}
}

/*
 * Who sets a limit gets no less than that: a hard limit below it could not be raised again. Why
 * the value is another one now, or NULL.
 */
static const char *raise_for_own(const struct own_limit *own, uint64_t *value)
{
	if (*value >= own->most)
		return NULL;
	*value = own->most;
	return "as much as a program sets itself";
}

/* How the limit follows from the peak: " and 25% more", " and 16 more, rounded up"; or "". */
static void describe_room(const struct rlimit_info *info, uint64_t peak, uint64_t value,
			  char text[2 * RLIMIT_TEXT])
{
	struct headroom room = headroom_of(info);
	unsigned percent;
	uint64_t extra = extra_for(&room, peak, &percent);
	const char *rounded = add(peak, extra) < value ? ", rounded up" : "";
	char amount[RLIMIT_TEXT];

	*text = '\0';
	if (value <= peak)
		return;
	if (is_usual_stack(info->resource, peak)) {
		strcpy(text, value < USUAL_STACK ? " rounded up, and 300% more" :
						   " and more, up to the usual limit");
	} else if (percent) {
		sprintf(text, " and %u%% more%s", percent, rounded);
	} else if (extra) {
		rlimit_format(info->unit, extra, amount);
		sprintf(text, " and %s more%s", amount, rounded);
	}
}

static char *describe(const struct rlimit_info *info, uint64_t peak, uint64_t value,
		      const char *raised)
{
	char amount[RLIMIT_LONG_TEXT], room[2 * RLIMIT_TEXT];
	char *text;
	int r;

	rlimit_format_exact(info->unit, peak, amount);
	describe_room(info, peak, value, room);
	if (raised)
		r = asprintf(&text, "peak %s: %s; %s", amount, info->measured, raised);
	else
		r = asprintf(&text, "peak %s%s: %s", amount, room, info->measured);
	return r < 0 ? NULL : text;
}

static int add_limit(const struct tally *tally, struct policy *policy,
		     const struct rlimit_info *info, uint64_t peak)
{
	struct own_limit own = own_limit_of(tally, info->resource);
	uint64_t value = limit_for_peak(info->resource, peak);
	const char *raised = raise_for_own(&own, &value);
	auto_free char *why = describe(info, peak, value, raised);
	struct policy_limit *limit;

	if (!why)
		return -ENOMEM;
	if (value == RLIM_INFINITY)
		return 0;
	limit = policy_add_limit(policy, info->resource, why);
	if (!limit)
		return -ENOMEM;
	limit->peak = peak;
	limit->value = value;
	return 0;
}

int limits_add(const struct tally *tally, struct policy *policy)
{
	for (const struct rlimit_info *info = rlimit_table; info->name; info++) {
		uint64_t peak = 0;
		/* Nobody needs to be seen writing no core file. */
		bool known = find_peak(tally, info->resource, &peak) ||
			     info->resource == RLIMIT_CORE;

		if (!known || !peak_bounds_use(tally, info))
			continue;
		if (add_limit(tally, policy, info, peak) < 0)
			return -ENOMEM;
	}
	return 0;
}
