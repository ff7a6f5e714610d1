/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing list of the single values that a layout tells apart. */
#include "emitter/keys.h"

#include <stdlib.h>

#include "base/cleanup.h"

static int make_room(struct keys *keys)
{
	size_t capacity = keys->capacity ? 2 * keys->capacity : 16;
	struct segment *v;
	char **labels;

	if (keys->n_labels < keys->capacity)
		return 0;
	v = realloc(keys->v, capacity * sizeof(*v));
	if (!v)
		return -ENOMEM;
	keys->v = v;
	labels = realloc(keys->labels, capacity * sizeof(*labels));
	if (!labels)
		return -ENOMEM;
	keys->labels = labels;
	keys->capacity = capacity;
	return 0;
}

int keys_add(struct keys *keys, uint32_t value, double weight, struct node *leaf, char *label)
{
	if (!leaf || make_room(keys) < 0) {
		free(label);
		return -ENOMEM;
	}
	keys->labels[keys->n_labels++] = label;
	keys->v[keys->n++] = (struct segment){
		.low = value, .high = value, .weight = weight, .leaf = leaf, .label = label
	};
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	return (x->low > y->low) - (x->low < y->low);
}

void keys_sort(struct keys *keys)
{
	size_t n = 0;

	if (keys->n)
		qsort(keys->v, keys->n, sizeof(*keys->v), by_value);
	for (size_t i = 0; i < keys->n; i++) {
		if (n && keys->v[n - 1].low == keys->v[i].low)
			keys->v[n - 1].weight += keys->v[i].weight;
		else
			keys->v[n++] = keys->v[i];
	}
	keys->n = n;
}

void keys_clear(struct keys *keys)
{
	for (size_t i = 0; i < keys->n_labels; i++)
		free(keys->labels[i]);
	free(keys->labels);
	free(keys->v);
	*keys = (struct keys){ 0 };
}
