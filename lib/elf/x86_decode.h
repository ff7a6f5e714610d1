/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One x86-64 instruction: how long it is, and its parts. */
#ifndef LEARN_ELF_X86_DECODE_H
#define LEARN_ELF_X86_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define X86_LONGEST 15 /* bytes of an instruction */

enum { MAP_ONE, MAP_0F, MAP_0F38, MAP_0F3A };

#define REX_B 1
#define REX_X 2
#define REX_R 4
#define REX_W 8

struct x86_instruction {
	unsigned map, rex;
	bool operand16, vector; /* vector: VEX or EVEX */
	unsigned char opcode, modrm, sib;
	bool has_modrm;
	bool rip_relative;
	int64_t displacement, immediate;
	unsigned immediate_size;
	size_t length;
};

/* False at the end of the code and for what is no instruction. */
bool x86_decode(const unsigned char *code, size_t len, struct x86_instruction *ret);

static inline unsigned x86_rm_register(const struct x86_instruction *in)
{
	return (in->modrm & 7u) | (in->rex & REX_B ? 8 : 0);
}

static inline unsigned x86_reg_register(const struct x86_instruction *in)
{
	return ((in->modrm >> 3) & 7u) | (in->rex & REX_R ? 8 : 0);
}

/* Both operands are registers. */
static inline bool x86_is_direct(const struct x86_instruction *in)
{
	return in->has_modrm && in->modrm >> 6 == 3;
}

#endif
