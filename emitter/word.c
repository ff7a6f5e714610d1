/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A check on one argument as tests on the 32-bit words that BPF can load. */
#include "emitter/word.h"

#include <endian.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "emitter/keys.h"
#include "emitter/layout.h"
#include "sysdb/argspecs.h"

enum half { LOW, HIGH };

static size_t offset_of(unsigned index, enum half half)
{
	bool second = (half == HIGH) == (__BYTE_ORDER == __LITTLE_ENDIAN);

	return offsetof(struct seccomp_data, args) + index * sizeof(uint64_t) +
	       (second ? sizeof(uint32_t) : 0);
}

static uint32_t word_of(uint64_t value, enum half half)
{
	return (uint32_t)(half == HIGH ? value >> 32 : value);
}

/* The check, and where it leads. */
struct question {
	struct graph *graph;
	const struct policy_call *call;
	const struct policy_check *check;
	const struct tuning *tuning;
	struct node *yes, *no;
};

/* Loads a word before NEXT, unless NEXT does not look at it. */
static struct node *load(const struct question *q, enum half half, struct node *next)
{
	const struct argspec *spec = argspec_of(q->call->name, q->check->index);
	auto_free char *comment = NULL;

	if (!next || next == q->yes || next == q->no)
		return next;
	if (asprintf(&comment, "%s %s, %s word", q->call->name, spec ? spec->arg : "argument",
		     half == HIGH ? "high" : "low") < 0) {
		comment = NULL;
		return NULL;
	}
	return graph_load(q->graph, offset_of(q->check->index, half), next, comment);
}

static char *label_of(const struct question *q, uint64_t value)
{
	const struct argspec *spec = argspec_of(q->call->name, q->check->index);
	char *label;

	if (spec)
		return argspec_format(spec, value);
	return asprintf(&label, "0x%llx", (unsigned long long)value) < 0 ? NULL : label;
}

static double weight_of(const struct question *q, size_t i)
{
	double total = 1;

	for (size_t k = 0; k < q->check->n_values; k++)
		total += (double)q->check->counts[k];
	return (double)q->check->counts[i] + q->tuning->smoothing * total;
}

static struct node *tree(const struct question *q, struct keys *keys, const struct node *common)
{
	const struct background background[] = { { UINT32_MAX, q->no } };

	keys_sort(keys);
	return layout_tree(q->graph, keys->v, keys->n, background, common, q->tuning);
}

/* The low word is that of a value; of those whose high word is HIGH unless ANY_HIGH. */
static struct node *low_values(const struct question *q, bool any_high, uint32_t high)
{
	struct keys cleanup(keys_clear) keys = { 0 };

	for (size_t i = 0; i < q->check->n_values; i++) {
		uint64_t value = q->check->values[i];

		if (!any_high && word_of(value, HIGH) != high)
			continue;
		if (keys_add(&keys, word_of(value, LOW), weight_of(q, i), q->yes,
			     label_of(q, value)) < 0)
			return NULL;
	}
	return load(q, LOW, tree(q, &keys, q->yes));
}

static bool high_seen_before(const struct policy_check *check, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (word_of(check->values[k], HIGH) == word_of(check->values[i], HIGH))
			return true;
	return false;
}

static double weight_of_high(const struct question *q, uint32_t high)
{
	double weight = 0;

	for (size_t i = 0; i < q->check->n_values; i++)
		if (word_of(q->check->values[i], HIGH) == high)
			weight += weight_of(q, i);
	return weight;
}

/* Both words: the high one picks the tree for the low one. */
static struct node *whole_values(const struct question *q)
{
	struct keys cleanup(keys_clear) keys = { 0 };
	struct node *common = NULL;

	for (size_t i = 0; i < q->check->n_values; i++) {
		uint32_t high = word_of(q->check->values[i], HIGH);
		struct node *leaf;

		if (high_seen_before(q->check, i))
			continue;
		leaf = low_values(q, false, high);
		if (keys_add(&keys, high, weight_of_high(q, high), leaf, NULL) < 0)
			return NULL;
		if (!common)
			common = leaf; /* of the most frequent value */
	}
	return load(q, HIGH, tree(q, &keys, common ? common : q->yes));
}

static struct node *no_bits(const struct question *q, enum half half)
{
	uint32_t outside = ~word_of(q->check->mask, half);

	if (!outside)
		return q->yes;
	return load(q, half,
		    graph_test(q->graph, BPF_JSET, outside, q->no, q->yes, "any other bit"));
}

struct node *word_check(struct graph *graph, const struct policy_call *call,
			const struct policy_check *check, const struct tuning *tuning,
			struct node *yes, struct node *no)
{
	struct question q = { graph, call, check, tuning, yes, no };

	if (!yes || !no)
		return NULL;
	switch (check->kind) {
	case CHECK_VALUES:
		return check->width == 32 ? low_values(&q, true, 0) : whole_values(&q);
	case CHECK_MASK:
		q.yes = no_bits(&q, LOW);
		return q.yes && check->width == 64 ? no_bits(&q, HIGH) : q.yes;
	}
	return NULL;
}
