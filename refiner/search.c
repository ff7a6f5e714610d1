/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A smallest set by trying: groups that shrink on failure and grow on success. */
#include "refiner/search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

int search_begin(struct search *s, const struct oracle *oracle, size_t n)
{
	*s = (struct search){
		.oracle = oracle,
		.n = n,
		.setting = calloc(n + 1, sizeof(*s->setting)),
		.candidate = calloc(n + 1, sizeof(*s->candidate)),
		.rounds = calloc(n + 1, sizeof(*s->rounds)),
	};
	return s->setting && s->candidate && s->rounds ? 0 : -ENOMEM;
}

void search_clear(struct search *s)
{
	free(s->setting);
	free(s->candidate);
	free(s->rounds);
	*s = (struct search){ 0 };
}

/* ---- one trial ---- */

static void adopt(struct search *s, unsigned round)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->setting[i] == s->candidate[i])
			continue;
		s->setting[i] = s->candidate[i];
		s->rounds[i] = round;
	}
}

/* N units set to VALUE. */
static int probe(struct search *s, const size_t *units, size_t n, uint64_t value,
		 struct trial *ret)
{
	memcpy(s->candidate, s->setting, s->n * sizeof(*s->candidate));
	for (size_t i = 0; i < n; i++)
		s->candidate[units[i]] = value;
	return s->oracle->try(s->oracle->state, s->candidate, 0, ret);
}

/* The same; adopted when that is good. */
static int try_group(struct search *s, const size_t *units, size_t n, uint64_t value,
		     struct trial *ret)
{
	int r = probe(s, units, n, value, ret);

	if (r == 0 && ret->good)
		adopt(s, ret->round);
	return r;
}

int search_alone(struct search *s, size_t unit, uint64_t value, struct trial *ret)
{
	return try_group(s, &unit, 1, value, ret);
}

/* ---- groups ---- */

/* The units that nothing is known of yet; groups are taken from the front. */
struct queue {
	size_t *units;
	size_t n;
};

static void take_out(struct queue *q, size_t n)
{
	q->n -= n;
	memmove(q->units, q->units + n, q->n * sizeof(*q->units));
}

/* Moves the suspect to the front, if it is one of the first N. */
static bool bring_forward(struct queue *q, size_t n, size_t suspect)
{
	for (size_t i = 0; i < n; i++) {
		if (q->units[i] != suspect)
			continue;
		q->units[i] = q->units[0];
		q->units[0] = suspect;
		return true;
	}
	return false;
}

/*
 * The first N failed together: takes one unit that seems needed out of the queue, and those before
 * it that are not. A suspect is believed. When a part of what failed is good, the rest must fail:
 * that is not tried again.
 */
static int find_needed(struct search *s, struct queue *q, size_t n, uint64_t value, size_t suspect)
{
	while (n > 1 && !bring_forward(q, n, suspect)) {
		size_t half = n / 2;
		struct trial trial;
		int r = try_group(s, q->units, half, value, &trial);

		if (r < 0)
			return r;
		if (trial.good)
			take_out(q, half);
		n = trial.good ? n - half : half;
		suspect = trial.good ? SEARCH_NOBODY : trial.suspect;
	}
	take_out(q, 1);
	return 0;
}

/* How many to hope for next time, N having failed: with a suspect, all but that one. */
static size_t smaller(size_t n, size_t suspect)
{
	size_t size = suspect == SEARCH_NOBODY ? n / 2 : n - 1;

	return size ? size : 1;
}

static int drop_all(struct search *s, struct queue *q, uint64_t value)
{
	size_t group = q->n;

	while (q->n) {
		struct trial trial;
		size_t n = group < q->n ? group : q->n;
		int r = try_group(s, q->units, n, value, &trial);

		if (r < 0)
			return r;
		if (trial.good) {
			take_out(q, n);
			group = 2 * n;
			continue;
		}
		r = find_needed(s, q, n, value, trial.suspect);
		if (r < 0)
			return r;
		group = smaller(n, trial.suspect);
	}
	return 0;
}

int search_drop(struct search *s, const size_t *units, size_t n, uint64_t value)
{
	auto_free size_t *copy = calloc(n + 1, sizeof(*copy));
	struct queue q = { copy, n };

	if (!copy)
		return -ENOMEM;
	memcpy(copy, units, n * sizeof(*copy));
	return drop_all(s, &q, value);
}

/* ---- numbers ---- */

static uint64_t between(uint64_t low, uint64_t high, uint64_t step)
{
	uint64_t middle = low + (high - low) / 2;

	middle -= middle % step;
	return middle > low ? middle : high - step;
}

/* 0 with what the trial showed noted, or -errno. */
static int try_number(struct search *s, size_t unit, uint64_t value, struct lowest *ret, bool *good)
{
	struct trial trial;
	int r = probe(s, &unit, 1, value + 1, &trial);

	if (r < 0)
		return r;
	*good = trial.good;
	if (!trial.good) {
		ret->failed_at = value;
		ret->failed_round = trial.round;
	}
	return 0;
}

/* Around LIKELY first; from below by doubling; else in the middle. */
static uint64_t guess(uint64_t low, uint64_t high, uint64_t likely, uint64_t step)
{
	if (low < likely && likely < high)
		return likely;
	if (likely == high && likely > step && low < likely - step)
		return likely - step;
	if (low && low < high / 4)
		return 2 * low;
	return between(low, high, step);
}

/* What was found to do is set; of what is not counted one by one, with headroom. */
static int settle(struct search *s, size_t unit, uint64_t least, uint64_t most, uint64_t step)
{
	uint64_t value = least && step > 1 ? least + step : least;
	struct trial trial;

	return value < most ? search_alone(s, unit, value + 1, &trial) : 0;
}

int search_lower(struct search *s, size_t unit, uint64_t most, uint64_t likely, uint64_t step,
		 struct lowest *ret)
{
	uint64_t low = 0, high = most;
	bool good;
	int r = 0;

	*ret = (struct lowest){ 0 };
	while (r == 0 && high - low > step && high - low > high / 16) {
		uint64_t value = guess(low, high, likely, step);

		r = try_number(s, unit, value, ret, &good);
		if (r == 0 && good)
			high = value;
		else
			low = value;
	}
	/* Where nothing failed, nothing at all may do. */
	if (r == 0 && !low && high) {
		r = try_number(s, unit, 0, ret, &good);
		high = r == 0 && good ? 0 : high;
	}
	return r < 0 ? r : settle(s, unit, high, most, step);
}
