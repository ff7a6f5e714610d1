/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The return addresses on a stopped task's stack (libunwind).
 *
 * libunwind's own ptrace accessors fetch memory a word and a request at a time and look through
 * ELF files at every frame; a walk costs them half a millisecond. Here memory comes a page at a
 * time, unwind tables are found where the caller knows them to be, and a walk ends where it meets
 * the frames of the one before.
 */
#ifndef LEARN_TRACER_UNWIND_H
#define LEARN_TRACER_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/unwind_table.h"

#define UNWIND_MOST_FRAMES 24

/* What is known of the code and memory of the process that is walked. */
struct unwind_source {
	void *state;
	unwind_find_table *find_table;
	/* The bounds of the function at ADDRESS. 0 or a negative errno. */
	int (*find_function)(void *state, uint64_t address, uint64_t *start, uint64_t *end);
	/* Whether the code there comes from a file; else it was made as the program ran. */
	bool (*is_in_file)(void *state, uint64_t address);
	/* Whether memory there stays as it is until unwind_forget(). */
	bool (*is_constant)(void *state, uint64_t address);
};

struct unwind_frame {
	uint64_t address;
	bool returns; /* a call comes back here: the call itself stands before it */
};

struct unwind;

/* NULL without memory. */
struct unwind *unwind_new(const struct unwind_source *source);
void unwind_free(struct unwind *unwind);

/*
 * Walks the stack of a stopped task, innermost frame first. Returns how many: the frames outside
 * the UNWIND_MOST_FRAMES innermost are left out.
 */
size_t unwind_walk(struct unwind *unwind, pid_t tid,
		   struct unwind_frame frames[UNWIND_MOST_FRAMES]);

/* What is remembered by address is stale: the next walk is of another process or program. */
void unwind_forget(struct unwind *unwind);

#endif
