/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and their background as the segments that a layout tells apart. */
#ifndef LEARN_EMITTER_SEGMENTS_H
#define LEARN_EMITTER_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "emitter/graph.h"

struct segment {
	uint32_t low, high; /* both included */
	double weight;      /* how often; 0: never seen */
	struct node *leaf;
	const char *label; /* for comments, borrowed; or NULL */
};

/* What values that have no key of their own lead to: ranges in order that cover all values. */
struct background {
	uint32_t high;     /* the last value of the range */
	struct node *leaf; /* NULL is passed on as a failure */
};

/* All values, in order. */
struct segments {
	struct segment *v;
	size_t n;
};

/*
 * Puts keys (single values, in order) before their background; neighbours without weight that lead
 * to one leaf become one segment. 0 or -ENOMEM; free with segments_clear() in either case.
 */
int segments_cover(struct segments *segments, const struct segment *keys, size_t n_keys,
		   const struct background *background);
/* Joins neighbours that lead to LEAF and are not among its MOST heaviest. 0 or -ENOMEM. */
int segments_join_light(struct segments *segments, const struct node *leaf, size_t most);
/* Gives segments without weight a share of the whole. */
void segments_weigh_unseen(struct segments *segments, double share);
void segments_clear(struct segments *segments);

#endif
