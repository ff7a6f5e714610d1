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

/* Whether memory there stays as it is until unwind_forget(). */
typedef bool unwind_is_constant(void *state, uint64_t address);

struct unwind_frame {
	uint64_t address;
	bool returns; /* a call comes back here: the call itself stands before it */
};

struct unwind;

/* NULL without memory. */
struct unwind *unwind_new(unwind_find_table *find_table, unwind_is_constant *is_constant,
			  void *state);
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
