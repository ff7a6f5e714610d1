/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stopped task's memory as a walk of its stack needs it: read by the page. */
#ifndef LEARN_TRACER_PAGES_H
#define LEARN_TRACER_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGES_SIZE 4096 /* of one: a unit to read in, whatever the kernel's is */
#define PAGES_N	   32

struct page {
	uint64_t address; /* 0: empty */
	bool constant;	  /* the same in the next walk */
	unsigned char bytes[PAGES_SIZE];
};

struct pages {
	/* Whether memory there stays as it is until pages_forget(). */
	bool (*is_constant)(void *state, uint64_t address);
	void *state;
	pid_t tid;
	struct page all[PAGES_N]; /* by address */
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
