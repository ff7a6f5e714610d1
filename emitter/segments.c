/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and their background as the segments that a layout tells apart. */
#include "emitter/segments.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"

static void add(struct segments *l, struct segment s)
{
	struct segment *last = l->n ? &l->v[l->n - 1] : NULL;

	if (last && last->leaf == s.leaf && s.weight == 0 && last->weight == 0)
		last->high = s.high;
	else
		l->v[l->n++] = s;
}

int segments_cover(struct segments *l, const struct segment *keys, size_t n_keys,
		 const struct background *range)
{
	size_t n_ranges = 1, key = 0;
	uint64_t next = 0;

	while (range[n_ranges - 1].high != UINT32_MAX)
		n_ranges++;
	l->v = calloc(2 * n_keys + n_ranges, sizeof(*l->v));
	if (!l->v)
		return -ENOMEM;
	for (size_t i = 0; i < n_ranges; i++) {
		if (!range[i].leaf)
			return -ENOMEM;
		while (next <= range[i].high) {
			bool more = key < n_keys && keys[key].low <= range[i].high;
			uint64_t end = more ? keys[key].low : (uint64_t)range[i].high + 1;

			if (end > next)
				add(l, (struct segment){ .low = (uint32_t)next,
								 .high = (uint32_t)(end - 1),
								 .leaf = range[i].leaf });
			if (more)
				add(l, keys[key++]);
			next = end + more;
		}
	}
	return 0;
}

static int by_weight(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* The weight that no more than MOST segments of a leaf exceed. */
static int heavy_weight(const struct segments *l, const struct node *leaf, size_t most,
			double *ret)
{
	auto_free double *weights = calloc(l->n, sizeof(*weights));
	size_t n = 0;

	if (!weights)
		return -ENOMEM;
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].leaf == leaf)
			weights[n++] = l->v[i].weight;
	qsort(weights, n, sizeof(*weights), by_weight);
	*ret = n > most ? weights[most] : 0;
	return 0;
}

int segments_join_light(struct segments *l, const struct node *leaf, size_t most)
{
	double heavy;
	size_t n = 0;

	if (heavy_weight(l, leaf, most, &heavy) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < l->n; i++) {
		struct segment *s = &l->v[i], *last = n ? &l->v[n - 1] : NULL;

		if (last && s->leaf == leaf && last->leaf == leaf && s->weight <= heavy &&
		    last->weight <= heavy) {
			last->high = s->high;
			last->weight += s->weight;
		} else {
			l->v[n++] = *s;
		}
	}
	l->n = n;
	return 0;
}

void segments_weigh_unseen(struct segments *l, double share)
{
	double total = 0;

	for (size_t i = 0; i < l->n; i++)
		total += l->v[i].weight;
	if (total <= 0)
		total = 1;
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].weight <= 0)
			l->v[i].weight = share * total;
}

void segments_clear(struct segments *l)
{
	free(l->v);
	*l = (struct segments){ 0 };
}
