/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The return addresses on the stack of 32-bit x86 code: libunwind for x86-64 cannot find them. */
#ifndef LEARN_TRACER_UNWIND_I386_H
#define LEARN_TRACER_UNWIND_I386_H

#include <stddef.h>

#include "elf/cfi.h"
#include "tracer/unwind.h"
#include "tracer/unwind_table.h"

/* As unwind_walk(), from the innermost frame INNERMOST on, whose registers are all known. */
size_t unwind_i386(struct pages *pages, unwind_find_table *find_table, void *state,
		   const struct cfi_frame *innermost,
		   struct unwind_frame frames[UNWIND_MOST_FRAMES]);

#endif
