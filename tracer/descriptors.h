/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of descriptors. */
#ifndef LEARN_TRACER_DESCRIPTORS_H
#define LEARN_TRACER_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zeros is the empty one. */
struct descriptors {
	size_t n; /* words of 64 descriptors each */
	union {
		uint64_t word;	 /* the only one, as of most processes */
		uint64_t *words; /* more than one */
	};
};

/* Adds a descriptor; out of memory, or beyond what anybody uses: it is left out. */
void descriptors_add(struct descriptors *set, uint64_t fd);
bool descriptors_has(const struct descriptors *set, uint64_t fd);
/* Takes it out; whether it was there. */
bool descriptors_take(struct descriptors *set, uint64_t fd);
void descriptors_clear(struct descriptors *set);

#endif
