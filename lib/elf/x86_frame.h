/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a function has, and its caller when it returns. */
#ifndef LEARN_ELF_X86_FRAME_H
#define LEARN_ELF_X86_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "elf/x86_flow.h"

/* By the numbers that instructions have for registers. */
enum {
	X86_RBX = 3,
	X86_RSP = 4,
	X86_RBP = 5,
	X86_REGISTERS = 16,
};

struct x86_frame {
	uint64_t ip; /* of the instruction that is to come */
	uint64_t registers[X86_REGISTERS]; /* those that calls preserve, and RSP */
	uint64_t rbp_at; /* where in memory RBP was found; untouched when it was in its register */
	bool exact; /* IP is not behind a call: a signal came there, or its handler returns there */
};

static inline bool x86_is_preserved(unsigned number)
{
	return number == X86_RBX || number == X86_RBP || (number >= 12 && number < X86_REGISTERS);
}

#endif
