/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash map with linear probing over an array of entries in order of insertion. */
#include "base/map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* By 2^64 / phi, which spreads what is in few bits over all; the high ones come down again. */
static uint64_t mix(uint64_t hash)
{
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ (hash >> 32);
}

/* A word at a time: three keys are looked up for each call of a tracee. */
static uint32_t hash_bytes(const void *key, size_t len)
{
	const unsigned char *p = key;
	uint64_t hash = len, word;

	for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		hash = mix(hash ^ word);
	}
	word = 0;
	memcpy(&word, p, len);
	return (uint32_t)mix(hash ^ word);
}

static int same_key(const struct map_entry *e, uint32_t hash, const void *key, size_t len)
{
	return e->hash == hash && e->key_len == len && memcmp(map_key(e), key, len) == 0;
}

static void free_key(struct map_entry *e)
{
	if (e->key_len > MAP_SHORT_KEY)
		free(e->held.copy);
}

/* The slot that holds the key, or the empty slot where it would go. */
static size_t find_slot(const struct map *map, uint32_t hash, const void *key, size_t len)
{
	size_t slot = hash & (map->n_slots - 1);

	while (map->slots[slot] && !same_key(&map->entries[map->slots[slot] - 1], hash, key, len))
		slot = (slot + 1) & (map->n_slots - 1);
	return slot;
}

static int grow(struct map *map)
{
	size_t capacity = map->capacity ? 2 * map->capacity : 8, n_slots = 2 * capacity;
	struct map_entry *entries = realloc(map->entries, capacity * sizeof(*entries));
	uint32_t *slots;

	if (!entries)
		return -ENOMEM;
	map->entries = entries;
	slots = calloc(n_slots, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(map->slots);
	map->slots = slots;
	map->n_slots = n_slots;
	map->capacity = capacity;
	for (size_t i = 0; i < map->n; i++) {
		size_t slot = entries[i].hash & (n_slots - 1);

		while (slots[slot])
			slot = (slot + 1) & (n_slots - 1);
		slots[slot] = (uint32_t)(i + 1);
	}
	return 0;
}

void *map_get(const struct map *map, const void *key, size_t key_len)
{
	size_t slot;

	if (!map->n)
		return NULL;
	slot = find_slot(map, hash_bytes(key, key_len), key, key_len);
	return map->slots[slot] ? map->entries[map->slots[slot] - 1].value : NULL;
}

int map_put(struct map *map, const void *key, size_t key_len, void *value)
{
	struct map_entry *e;
	void *copy = NULL;

	if (key_len > UINT32_MAX || (map->n == map->capacity && grow(map) < 0))
		return -ENOMEM;
	if (key_len > MAP_SHORT_KEY && !(copy = malloc(key_len)))
		return -ENOMEM;
	e = &map->entries[map->n];
	*e = (struct map_entry){ .key_len = (uint32_t)key_len,
				 .hash = hash_bytes(key, key_len),
				 .value = value };
	if (copy)
		e->held.copy = copy;
	memcpy(copy ? copy : e->held.bytes, key, key_len);
	map->slots[find_slot(map, e->hash, key, key_len)] = (uint32_t)++map->n;
	return 0;
}

/* Closes the hole at SLOT: later members of the same probe run move up. */
static void close_hole(struct map *map, size_t hole)
{
	size_t mask = map->n_slots - 1;

	map->slots[hole] = 0;
	for (size_t slot = (hole + 1) & mask; map->slots[slot]; slot = (slot + 1) & mask) {
		size_t home = map->entries[map->slots[slot] - 1].hash & mask;

		if (((slot - home) & mask) < ((slot - hole) & mask))
			continue;
		map->slots[hole] = map->slots[slot];
		map->slots[slot] = 0;
		hole = slot;
	}
}

void *map_remove(struct map *map, const void *key, size_t key_len)
{
	size_t slot, index, last;
	void *value;

	if (!map->n)
		return NULL;
	slot = find_slot(map, hash_bytes(key, key_len), key, key_len);
	if (!map->slots[slot])
		return NULL;
	index = map->slots[slot] - 1;
	value = map->entries[index].value;
	last = map->n - 1;
	if (index != last) {
		struct map_entry *e = &map->entries[last];

		map->slots[find_slot(map, e->hash, map_key(e), e->key_len)] = (uint32_t)(index + 1);
	}
	free_key(&map->entries[index]);
	map->entries[index] = map->entries[last];
	close_hole(map, slot); /* looks at the entries: they are in place by now */
	map->n--;
	return value;
}

void map_clear(struct map *map, void (*free_value)(void *value))
{
	for (size_t i = 0; i < map->n; i++) {
		free_key(&map->entries[i]);
		if (free_value)
			free_value(map->entries[i].value);
	}
	free(map->entries);
	free(map->slots);
	*map = (struct map){ 0 };
}
