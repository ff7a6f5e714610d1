/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lib/base/map.h against a plain array: random insertions and removals, looked up after each. */
#include "base/map.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

#define N_KEYS 64

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void compare(const struct map *map, const bool *there, const int *values)
{
	size_t n = 0;

	for (int key = 0; key < N_KEYS; key++) {
		n += there[key];
		check(map_get(map, &key, sizeof(key)) == (there[key] ? &values[key] : NULL));
	}
	check(map->n == n);
	for (size_t i = 0; i < map->n; i++)
		check(map->entries[i].value == &values[*(const int *)map_key(&map->entries[i])]);
}

int main(void)
{
	static int values[N_KEYS];
	bool there[N_KEYS] = { false };
	struct map map = { 0 };
	uint32_t state = 1;

	for (unsigned round = 0; round < 20000; round++) {
		int key = (int)(next_random(&state) % N_KEYS);

		if (there[key])
			check(map_remove(&map, &key, sizeof(key)) == &values[key]);
		else
			check(map_put(&map, &key, sizeof(key), &values[key]) == 0);
		there[key] = !there[key];
		compare(&map, there, values);
	}
	map_clear(&map, NULL);
	return EXIT_SUCCESS;
}
