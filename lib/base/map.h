/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash map from byte strings to pointers that keeps the order of insertion.
 *
 * Keys are copied; values are the caller's. Iterate with `for (size_t i = 0; i < map->n; i++)`
 * over map->entries.
 */
#ifndef LEARN_BASE_MAP_H
#define LEARN_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#define MAP_SHORT_KEY 16 /* bytes that stand in the entry itself: a few numbers */

struct map_entry {
	union {
		unsigned char bytes[MAP_SHORT_KEY];
		void *copy;
	} held; /* see map_key() */
	uint32_t key_len;
	uint32_t hash;
	void *value;
};

struct map {
	struct map_entry *entries;
	size_t n, capacity;
	uint32_t *slots; /* index into entries plus one; 0 is empty */
	size_t n_slots;  /* a power of two */
};

/* The key of an entry, borrowed while the map is not changed. */
static inline const void *map_key(const struct map_entry *entry)
{
	return entry->key_len <= MAP_SHORT_KEY ? entry->held.bytes : entry->held.copy;
}

/* The value stored under the key, or NULL. */
void *map_get(const struct map *map, const void *key, size_t key_len);
/* Stores VALUE (not NULL) under a key that is not there yet. 0 or -ENOMEM (map unchanged). */
int map_put(struct map *map, const void *key, size_t key_len, void *value);
/* Takes the entry out and returns its value, or NULL. The last entry moves into its place. */
void *map_remove(struct map *map, const void *key, size_t key_len);
/* Frees the map and, where FREE_VALUE is not NULL, each value; leaves an empty map. */
void map_clear(struct map *map, void (*free_value)(void *value));

#endif
