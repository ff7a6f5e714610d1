/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lib/base/map.h against a plain array: random insertions and removals, looked up after each. */
#include "base/map.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

#define N_KEYS	 64
#define KEY_SIZE 40

/* Key NUMBER: of 1 to 40 bytes, so that some stand in the entry and some are copied. */
static size_t make_key(int number, unsigned char key[KEY_SIZE])
{
	for (int i = 0; i < KEY_SIZE; i++)
		key[i] = (unsigned char)(i ? i : number);
	return (size_t)(number % KEY_SIZE) + 1;
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void compare(const struct map *map, const bool *there, const int *values)
{
	size_t n = 0;

	for (int i = 0; i < N_KEYS; i++) {
		unsigned char key[KEY_SIZE];

		n += there[i];
		check(map_get(map, key, make_key(i, key)) == (there[i] ? &values[i] : NULL));
	}
	check(map->n == n);
	for (size_t i = 0; i < map->n; i++)
		check(map->entries[i].value ==
		      &values[*(const unsigned char *)map_key(&map->entries[i])]);
}

int main(void)
{
	static int values[N_KEYS];
	bool there[N_KEYS] = { false };
	struct map map = { 0 };
	uint32_t state = 1;

	for (unsigned round = 0; round < 20000; round++) {
		int i = (int)(next_random(&state) % N_KEYS);
		unsigned char key[KEY_SIZE];
		size_t size = make_key(i, key);

		if (there[i])
			check(map_remove(&map, key, size) == &values[i]);
		else
			check(map_put(&map, key, size, &values[i]) == 0);
		there[i] = !there[i];
		compare(&map, there, values);
	}
	map_clear(&map, NULL);
	return EXIT_SUCCESS;
}
