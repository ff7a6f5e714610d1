/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where x86-64 code in a process goes on, instruction by instruction. */
#ifndef LEARN_ELF_X86_FLOW_H
#define LEARN_ELF_X86_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/x86_decode.h"

enum x86_reach {
	X86_NEVER, /* or it would take too long to find out */
	X86_PERHAPS, /* it jumps to where a register or memory said */
	X86_REACHES,
};

/* An answer of x86_reaches(), which takes long, to be given again while the code is the same. */
struct x86_answer {
	uint64_t from, to; /* 0, 0: none */
	enum x86_reach reach;
};

#define X86_ANSWERS 64 /* a power of two */

struct x86_process {
	void *state;
	/* 0 or a negative errno. */
	int (*read)(void *state, uint64_t address, void *to, size_t len);
	/* The function that ADDRESS is known to lie in. 0 or -ENOENT. */
	int (*function)(void *state, uint64_t address, uint64_t *start, uint64_t *end);
	struct x86_answer *answers; /* X86_ANSWERS of them, all zeroes at first; or NULL */
};

enum x86_way {
	X86_ON,	      /* to the next instruction; after a call too */
	X86_BRANCHES, /* there or to the target */
	X86_JUMPS,    /* to the target */
	X86_LEAVES,   /* to where a register or memory says */
	X86_RETURNS,
	X86_ENDS, /* nowhere, or nobody knows */
};

/* False for what is no instruction. */
bool x86_fetch(const struct x86_process *process, uint64_t address, struct x86_instruction *ret);

/* NEXT is the address behind the instruction. */
enum x86_way x86_way(const struct x86_instruction *in, uint64_t next, uint64_t *target);

/* The word that an instruction's operand at a distance from the next one is in. 0 or -errno. */
int x86_near_word(const struct x86_process *process, const struct x86_instruction *in,
		  uint64_t next, uint64_t *ret);

/* Of a function that it names. */
bool x86_is_call(const struct x86_instruction *in);

/* Whether that function may return, as far as that can be found out; else nothing comes NEXT. */
bool x86_call_returns(const struct x86_process *process, const struct x86_instruction *call,
		      uint64_t next);

/* Whether the code that begins at FROM comes to TO by itself: by jumps, and over calls. */
enum x86_reach x86_reaches(const struct x86_process *process, uint64_t from, uint64_t to);

#endif
