/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one process has mapped where, and the ELF files behind it. */
#ifndef LEARN_TRACER_MAPPINGS_H
#define LEARN_TRACER_MAPPINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/symbols.h"
#include "tracer/tasks.h"

struct mapping {
	uint64_t start, end, offset;
	bool writable;
	char *path; /* of the file, or "[vdso]" and the like; "" for code without a name */
	struct module *module; /* NULL: not looked for yet, or none */
	bool looked;
};

/* Those of code and files of the process that was asked about last. All zeros is none. */
struct mappings {
	struct symbols *symbols; /* where modules come from */
	/* What is remembered by address is of no use any more: another process, or files gone. */
	void (*changed)(void *state);
	void *state;
	uint32_t image;	 /* whose they are */
	uint32_t code;	 /* process->code when they were read */
	unsigned misses; /* addresses that were in none of them since */
	struct mapping *all;
	size_t n;
	char *root; /* what the process's / is called here; NULL: not asked yet */
};

/*
 * In the following TASK is the one of the process that is looked at: its leader may be gone before
 * it. What is returned is borrowed until the next of these calls.
 */

/* Reads them unless they are this process's already, of the program that it runs now. */
void mappings_read(struct mappings *mappings, const struct task *task);

/* The one at ADDRESS as things are now: a library may have come since. NULL when there is none. */
struct mapping *mappings_find(struct mappings *mappings, const struct task *task,
			      uint64_t address);

/* The SIZE bytes from ADDRESS on are about to be unmapped. */
void mappings_unmapped(struct mappings *mappings, const struct process *process, uint64_t address,
		       uint64_t size);

/* Whether what is at ADDRESS stays as it is: a file mapped for reading only. */
bool mappings_constant(const struct mappings *mappings, uint64_t address);

/* The ELF file behind a mapping, or NULL. */
struct module *mappings_module(struct mappings *mappings, const struct task *task,
			       struct mapping *mapping);

/* Forgets them all; they are read anew when they are asked for. */
void mappings_clear(struct mappings *mappings);

#endif
