/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of an unwinding out of a function that has no record to unwind by. */
#ifndef LEARN_TRACER_UNWIND_CODE_H
#define LEARN_TRACER_UNWIND_CODE_H

#include <libunwind.h>
#include <stdbool.h>
#include <stdint.h>

#include "elf/x86_flow.h"
#include "tracer/pages.h"
#include "tracer/registers.h"
#include "tracer/unwind.h"

/* What the steps of all walks share. */
struct unwind_code {
	const struct unwind_source *source;
	struct pages *pages;
	struct x86_answer answers[X86_ANSWERS]; /* all zeroes when code may have changed */
};

/* Of a walk that has begun anew from a caller that the code led to. */
struct unwind_anew {
	unsigned before; /* how far before its return address the cursor stands: in the call */
	bool exact; /* it stands at its address, which is not behind a call */
	uint64_t rbp_at; /* where in memory its rbp is; 0: in its register */
};

/*
 * Follows the code of the frame at CURSOR out to its caller's. Puts what that
 * one has into *registers, for a cursor to begin from. *anew is what it was for CURSOR, and becomes
 * what it is for that one. 0, or a negative errno when the caller cannot be told for certain.
 */
int unwind_by_code(struct unwind_code *code, unw_cursor_t *cursor, struct registers *registers,
		   struct unwind_anew *anew);

#endif
