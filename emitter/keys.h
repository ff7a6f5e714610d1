/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing list of the single values that a layout tells apart. */
#ifndef LEARN_EMITTER_KEYS_H
#define LEARN_EMITTER_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "emitter/segments.h"

struct keys {
	struct segment *v;
	char **labels; /* owned; what the segments' labels point to */
	size_t n, n_labels, capacity;
};

/* Adds a key; takes LABEL (may be NULL) also on failure. 0 or -ENOMEM, also for a NULL leaf. */
int keys_add(struct keys *keys, uint32_t value, double weight, struct node *leaf, char *label);
/* Sorts by value; equal values become one, their weights added. */
void keys_sort(struct keys *keys);
void keys_clear(struct keys *keys);

#endif
