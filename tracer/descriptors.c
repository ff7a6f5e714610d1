/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of descriptors. */
#include "tracer/descriptors.h"

#include <stdlib.h>
#include <string.h>

/* Descriptors above this are left out: the largest RLIMIT_NOFILE people use. */
#define MOST_TRACKED_FD (1u << 20)
#define WORD		64

static const uint64_t *words_of(const struct descriptors *set)
{
	return set->n > 1 ? set->words : &set->word;
}

static uint64_t bit_of(uint64_t fd)
{
	return UINT64_C(1) << (fd % WORD);
}

/* Makes room for N words. False without memory. */
static bool grow(struct descriptors *set, size_t n)
{
	uint64_t *more;

	if (n > 1) {
		more = realloc(set->n > 1 ? set->words : NULL, n * sizeof(*more));
		if (!more)
			return false;
		if (set->n == 1)
			more[0] = set->word;
		memset(more + set->n, 0, (n - set->n) * sizeof(*more));
		set->words = more;
	}
	set->n = n;
	return true;
}

void descriptors_add(struct descriptors *set, uint64_t fd)
{
	size_t at = (size_t)(fd / WORD);

	if (fd >= MOST_TRACKED_FD || (at >= set->n && !grow(set, at + 1)))
		return;
	*(set->n > 1 ? &set->words[at] : &set->word) |= bit_of(fd);
}

bool descriptors_has(const struct descriptors *set, uint64_t fd)
{
	return fd / WORD < set->n && words_of(set)[fd / WORD] & bit_of(fd);
}

bool descriptors_take(struct descriptors *set, uint64_t fd)
{
	bool had = descriptors_has(set, fd);

	if (had)
		*(set->n > 1 ? &set->words[fd / WORD] : &set->word) &= ~bit_of(fd);
	return had;
}

void descriptors_clear(struct descriptors *set)
{
	if (set->n > 1)
		free(set->words);
	*set = (struct descriptors){ 0 };
}
