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

#include "emitter/graph.h"
#include "emitter/segments.h"
#include "emitter/tuning.h"

/*
 * The tree for N_KEYS keys (sorted by value, each low == high, no two equal) before a background
 * (its last high is UINT32_MAX). COMMON is the leaf that most of the weight goes to. NULL
 * without memory.
 */
struct node *layout_tree(struct graph *graph, const struct segment *keys, size_t n_keys,
			 const struct background *background, const struct node *common,
			 const struct tuning *tuning);

#endif
