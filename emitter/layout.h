/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cheapest way to tell the values of one word apart: an optimal tree of "equal to" and "at
 * least" tests.
 *
 * The 2^32 values fall into segments, each with a weight and the node it leads to. The tree
 * minimises the expected number of tests. Segments that lead to the same node need not be told
 * apart from one another.
 */
#ifndef LEARN_EMITTER_LAYOUT_H
#define LEARN_EMITTER_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "emitter/graph.h"

struct segment {
	uint32_t low, high; /* both included */
	double weight;      /* how often; 0: never seen, a small share of the whole is assumed */
	struct node *leaf;
	const char *label; /* for comments, borrowed; or NULL */
};

/* What values that have no key of their own lead to: ranges in order that cover all values. */
struct background {
	uint32_t high;     /* the last value of the range */
	struct node *leaf; /* NULL is passed on as a failure */
};

/*
 * The tree for N_KEYS keys (sorted by value, each low == high, no two equal) before a background
 * (its last high is UINT32_MAX). COMMON is the leaf that most of the weight goes to. NULL without
 * memory.
 */
struct node *layout_tree(struct graph *graph, const struct segment *keys, size_t n_keys,
			 const struct background *background, const struct node *common);

#endif
