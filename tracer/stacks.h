/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who called: a stopped task's stack, frames named. */
#ifndef LEARN_TRACER_STACKS_H
#define LEARN_TRACER_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/symbols.h"
#include "tracer/tasks.h"
#include "tracer/unwind.h"

struct stacks;

/* NULL without memory. Names come from SYMBOLS, which must outlive it. */
struct stacks *stacks_new(struct symbols *symbols);
void stacks_free(struct stacks *stacks);

/*
 * Walks the stack of a stopped task. *frames is borrowed until the next call: at most
 * UNWIND_MOST_FRAMES strings "module!symbol+0x1f" or "module+0x1f" (file offset), innermost first.
 * Returns how many; 0 when nothing could be found out.
 */
size_t stacks_walk(struct stacks *stacks, const struct task *task, const char *const **frames);

/*
 * Called about once a second: when no stack was walked for a few seconds, what is needed to walk
 * and name them is freed, to be read again when it is needed again. Whether it was.
 */
bool stacks_rest(struct stacks *stacks);

/* The SIZE bytes from ADDRESS on are about to be unmapped. */
void stacks_unmapped(struct stacks *stacks, const struct process *process, uint64_t address,
		     uint64_t size);

/*
 * Name of the file mapped at ADDRESS of a task's process, into TO; 0 or -ENOENT. For the loader's
 * name right after exec.
 */
int stacks_mapped_file(struct stacks *stacks, const struct task *task, uint64_t address,
		       char *to, size_t size);

#endif
