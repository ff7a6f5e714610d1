/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stopped task's memory as a walk of its stack needs it: read by the page. */
#ifndef LEARN_TRACER_PAGES_H
#define LEARN_TRACER_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGES_SIZE 4096 /* of one: a unit to read in, whatever the kernel's is */
#define PAGES_SETS 8
#define PAGES_WAYS 4 /* pages of one set */

struct page {
	uint64_t address; /* 0: empty */
	uint64_t used;	  /* pages->uses when it was last read from */
	bool constant;	  /* the same in the next walk */
	unsigned char bytes[PAGES_SIZE];
};

struct pages {
	/* Whether memory there stays as it is until pages_forget(). */
	bool (*is_constant)(void *state, uint64_t address);
	void *state;
	pid_t tid;
	uint64_t uses;
	uint64_t stack_end; /* what has been read of the stack ends here */
	struct page sets[PAGES_SETS][PAGES_WAYS]; /* by address; the least used makes room */
};

/* Reads are of task TID from now on, whose constant pages are those that were read before. */
void pages_begin(struct pages *pages, pid_t tid);

/* The next reads are likely to be of the stack from SP on. */
void pages_expect_stack(struct pages *pages, uint64_t sp);

/* Copies LEN bytes, at most PAGES_SIZE. 0 or -errno. */
int pages_read(struct pages *pages, uint64_t address, void *to, size_t len);

/* All are stale. */
void pages_forget(struct pages *pages);

#endif
