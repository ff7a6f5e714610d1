/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The search of refiner/search.h against made-up tests: monotone ones, ones with alternatives, and
 * ones that follow no rule. What is found is good and smallest piece by piece, and the number of
 * trials grows with the size of the answer.
 */
#include "refiner/search.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "check.h"

#define MOST 256

enum rule { ALL_NEEDED, ONE_OF_TWO, NO_RULE };
enum hints { NO_HINTS, RIGHT_HINTS, WRONG_HINTS };

/* A test of which some of N units are needed; what was asked before is remembered. */
struct made_up {
	enum rule rule;
	enum hints hints;
	size_t n, k;
	size_t needed[MOST];
	uint32_t random;
	struct map known; /* struct trial, by setting */
	unsigned trials;
};

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static bool passes(const struct made_up *t, const uint64_t *setting)
{
	uint32_t hash = 2166136261u;

	switch (t->rule) {
	case ALL_NEEDED:
		for (size_t i = 0; i < t->k; i++)
			if (setting[t->needed[i]])
				return false;
		return true;
	case ONE_OF_TWO: /* of each pair either will do */
		for (size_t i = 0; i + 1 < t->k; i += 2)
			if (setting[t->needed[i]] && setting[t->needed[i + 1]])
				return false;
		return true;
	case NO_RULE: /* as it is it passes; else as it happens, but each time the same */
		for (size_t i = 0; i < t->n; i++)
			hash = (hash ^ (uint32_t)setting[i]) * 16777619u;
		return (hash >> 7) % 3 == 0;
	}
	return false;
}

static size_t hint(struct made_up *t, const uint64_t *setting)
{
	if (t->hints == WRONG_HINTS)
		return next_random(&t->random) % t->n;
	for (size_t i = 0; t->hints == RIGHT_HINTS && i < t->k; i++)
		if (setting[t->needed[i]])
			return t->needed[i];
	return SEARCH_NOBODY;
}

static int try(void *state, const uint64_t *setting, unsigned nth, struct trial *ret)
{
	struct made_up *t = state;
	struct trial *known = map_get(&t->known, setting, t->n * sizeof(*setting));

	(void)nth;
	if (!known) {
		bool as_it_is = true;

		for (size_t i = 0; i < t->n; i++)
			as_it_is = as_it_is && !setting[i];
		known = calloc(1, sizeof(*known));
		check(known);
		known->good = as_it_is || passes(t, setting);
		known->suspect = hint(t, setting);
		known->round = ++t->trials;
		check(map_put(&t->known, setting, t->n * sizeof(*setting), known) == 0);
	}
	*ret = *known;
	return 0;
}

static void make_up(struct made_up *t, enum rule rule, enum hints hints, size_t n, size_t k,
		    uint32_t seed)
{
	size_t all[MOST];

	*t = (struct made_up){ .rule = rule, .hints = hints, .n = n, .k = k, .random = seed };
	for (size_t i = 0; i < n; i++)
		all[i] = i;
	for (size_t i = 0; i < k; i++) {
		size_t j = i + next_random(&t->random) % (n - i);

		t->needed[i] = all[j];
		all[j] = all[i];
	}
}

/* Each unit that is left alone, until nothing changes: what the plan does to prove. */
static void prove(struct search *s)
{
	bool changed;

	do {
		changed = false;
		for (size_t i = 0; i < s->n; i++) {
			struct trial trial;

			if (s->setting[i])
				continue;
			check(search_alone(s, i, 1, &trial) == 0);
			changed = changed || trial.good;
		}
	} while (changed);
}

static void check_smallest(struct made_up *t, struct search *s)
{
	size_t left = 0;

	check(t->rule == NO_RULE || passes(t, s->setting));
	for (size_t i = 0; i < t->n; i++) {
		if (s->setting[i])
			continue;
		left++;
		s->setting[i] = 1;
		check(!passes(t, s->setting));
		s->setting[i] = 0;
	}
	if (t->rule == ALL_NEEDED)
		check(left == t->k);
	if (t->rule == ONE_OF_TWO)
		check(left == t->k / 2);
}

/* The trials that the search took, without the proof. */
static unsigned search(enum rule rule, enum hints hints, size_t n, size_t k, uint32_t seed)
{
	struct made_up t;
	const struct oracle oracle = { &t, try };
	struct search s;
	size_t units[MOST];
	unsigned trials;

	make_up(&t, rule, hints, n, k, seed);
	for (size_t i = 0; i < n; i++)
		units[i] = i;
	check(search_begin(&s, &oracle, n) == 0);
	check(search_drop(&s, units, n, 1) == 0);
	trials = t.trials;
	prove(&s);
	check_smallest(&t, &s);
	search_clear(&s);
	map_clear(&t.known, free);
	return trials;
}

static void check_growth(void)
{
	for (size_t n = 16; n <= MOST; n *= 4) {
		for (size_t k = 0; k <= n; k = k ? 2 * k : 1) {
			double bound = k ? (double)k * log2((double)n / (double)k) : 0;
			unsigned worst = 0, hinted = 0;

			for (uint32_t seed = 1; seed <= 6; seed++) {
				unsigned a = search(ALL_NEEDED, NO_HINTS, n, k, seed);
				unsigned b = search(ALL_NEEDED, RIGHT_HINTS, n, k, seed);

				worst = a > worst ? a : worst;
				hinted = b > hinted ? b : hinted;
			}
			if (!(worst <= 2 * bound + 2 * (double)k + 12))
				fprintf(stderr, "n %zu k %zu: %u trials\n", n, k, worst);
			check(worst <= 2 * bound + 2 * (double)k + 12);
			check(hinted <= k + 1);
		}
	}
}

/* A number of which LEAST is needed. */
static int try_number(void *state, const uint64_t *setting, unsigned nth, struct trial *ret)
{
	const uint64_t *least = state;

	(void)nth;
	*ret = (struct trial){ .good = !setting[0] || setting[0] - 1 >= *least, .round = 1 };
	return 0;
}

static void check_numbers(void)
{
	for (uint64_t least = 0; least <= 4096; least += 37) {
		for (uint64_t likely = 0; likely <= 4096; likely += 512) {
			const struct oracle oracle = { &least, try_number };
			struct lowest lowest;
			struct search s;
			uint64_t found;

			check(search_begin(&s, &oracle, 1) == 0);
			check(search_lower(&s, 0, 4096, likely, 8, &lowest) == 0);
			found = s.setting[0] ? s.setting[0] - 1 : 4096;
			check(found >= least && found - least <= 2 * 8 + found / 16);
			check(!found || found == 4096 || found >= least + 8); /* headroom */
			search_clear(&s);
		}
	}
}

int main(void)
{
	for (uint32_t seed = 1; seed <= 100; seed++) {
		search(ALL_NEEDED, WRONG_HINTS, 60, seed % 60, seed);
		search(ONE_OF_TWO, NO_HINTS, 60, 2 * (seed % 30), seed);
		search(ONE_OF_TWO, RIGHT_HINTS, 60, 2 * (seed % 30), seed);
		search(NO_RULE, NO_HINTS, 60, 0, seed);
		search(NO_RULE, WRONG_HINTS, 60, 0, seed);
	}
	check_growth();
	check_numbers();
	return 0;
}
