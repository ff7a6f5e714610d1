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

/* Added to each value's count, as a share of all: what was seen once today may be hot tomorrow. */
#define SMOOTHING 1e-3

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

/* Loads a word before NEXT, unless NEXT does not look at it. */
static struct node *load(struct graph *graph, const struct policy_call *call,
			 const struct policy_check *check, enum half half, struct node *next,
			 const struct node *yes, const struct node *no)
{
	const struct argspec *spec = argspec_of(call->name, check->index);
	auto_free char *comment = NULL;

	if (!next || next == yes || next == no)
		return next;
	if (asprintf(&comment, "%s %s, %s word", call->name, spec ? spec->arg : "argument",
		     half == HIGH ? "high" : "low") < 0) {
		comment = NULL;
		return NULL;
	}
	return graph_load(graph, offset_of(check->index, half), next, comment);
}

static char *label_of(const struct policy_call *call, unsigned index, uint64_t value)
{
	const struct argspec *spec = argspec_of(call->name, index);
	char *label;

	if (spec)
		return argspec_format(spec, value);
	return asprintf(&label, "0x%llx", (unsigned long long)value) < 0 ? NULL : label;
}

static double weight_of(const struct policy_check *check, size_t i)
{
	double total = 1;

	for (size_t k = 0; k < check->n_values; k++)
		total += (double)check->counts[k];
	return (double)check->counts[i] + SMOOTHING * total;
}

static struct node *tree(struct graph *graph, struct keys *keys, struct node *yes, struct node *no)
{
	const struct background background[] = { { UINT32_MAX, no } };

	keys_sort(keys);
	return layout_tree(graph, keys->v, keys->n, background, yes);
}

/* The low word is that of a value; of those whose high word is HIGH unless ANY_HIGH. */
static struct node *low_values(struct graph *graph, const struct policy_call *call,
			       const struct policy_check *check, bool any_high, uint32_t high,
			       struct node *yes, struct node *no)
{
	struct keys cleanup(keys_clear) keys = { 0 };

	for (size_t i = 0; i < check->n_values; i++) {
		uint64_t value = check->values[i];

		if (!any_high && word_of(value, HIGH) != high)
			continue;
		if (keys_add(&keys, word_of(value, LOW), weight_of(check, i), yes,
			     label_of(call, check->index, value)) < 0)
			return NULL;
	}
	return load(graph, call, check, LOW, tree(graph, &keys, yes, no), yes, no);
}

static bool high_seen_before(const struct policy_check *check, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (word_of(check->values[k], HIGH) == word_of(check->values[i], HIGH))
			return true;
	return false;
}

static double weight_of_high(const struct policy_check *check, uint32_t high)
{
	double weight = 0;

	for (size_t i = 0; i < check->n_values; i++)
		if (word_of(check->values[i], HIGH) == high)
			weight += weight_of(check, i);
	return weight;
}

/* Both words: the high one picks the tree for the low one. */
static struct node *whole_values(struct graph *graph, const struct policy_call *call,
				 const struct policy_check *check, struct node *yes,
				 struct node *no)
{
	struct keys cleanup(keys_clear) keys = { 0 };
	struct node *common = NULL;

	for (size_t i = 0; i < check->n_values; i++) {
		uint32_t high = word_of(check->values[i], HIGH);
		struct node *leaf;

		if (high_seen_before(check, i))
			continue;
		leaf = low_values(graph, call, check, false, high, yes, no);
		if (keys_add(&keys, high, weight_of_high(check, high), leaf, NULL) < 0)
			return NULL;
		if (!common)
			common = leaf; /* of the most frequent value */
	}
	return load(graph, call, check, HIGH, tree(graph, &keys, common ? common : yes, no), yes,
		    no);
}

static struct node *no_bits(struct graph *graph, const struct policy_call *call,
			    const struct policy_check *check, enum half half, struct node *yes,
			    struct node *no)
{
	uint32_t outside = ~word_of(check->mask, half);

	if (!outside)
		return yes;
	return load(graph, call, check, half,
		    graph_test(graph, BPF_JSET, outside, no, yes, "any other bit"), yes, no);
}

struct node *word_check(struct graph *graph, const struct policy_call *call,
			const struct policy_check *check, struct node *yes, struct node *no)
{
	if (!yes || !no)
		return NULL;
	switch (check->kind) {
	case CHECK_VALUES:
		if (check->width == 32)
			return low_values(graph, call, check, true, 0, yes, no);
		return whole_values(graph, call, check, yes, no);
	case CHECK_MASK:
		yes = no_bits(graph, call, check, LOW, yes, no);
		return yes && check->width == 64 ? no_bits(graph, call, check, HIGH, yes, no) : yes;
	}
	return NULL;
}
