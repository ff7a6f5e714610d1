/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What x86-64 code refers to, and the numbers of the system calls in it. */
#include "elf/x86.h"

#include <stdbool.h>

#include "elf/x86_decode.h"

/* Constants that registers hold, in the order of the code. */
struct registers {
	bool known[16];
	int64_t value[16];
};

static void set(struct registers *r, unsigned n, int64_t value)
{
	r->known[n] = true;
	r->value[n] = value;
}

static void copy(struct registers *r, unsigned to, unsigned from)
{
	r->known[to] = r->known[from];
	r->value[to] = r->value[from];
}

/* Moves between registers, constants, and XOR of a register with itself. */
static void follow(struct registers *r, const struct x86_instruction *in)
{
	bool both = x86_is_direct(in);

	if (in->map != MAP_ONE || in->vector)
		return;
	if ((in->opcode & 0xf8) == 0xb8)
		set(r, (in->opcode & 7) | (in->rex & REX_B ? 8 : 0), in->immediate);
	else if (in->opcode == 0xc7 && both)
		set(r, x86_rm_register(in), in->immediate);
	else if ((in->opcode == 0x31 || in->opcode == 0x33) && both &&
		 x86_rm_register(in) == x86_reg_register(in))
		set(r, x86_rm_register(in), 0);
	else if (in->opcode == 0x89 && both)
		copy(r, x86_rm_register(in), x86_reg_register(in));
	else if (in->opcode == 0x8b && both)
		copy(r, x86_reg_register(in), x86_rm_register(in));
	else if (in->opcode == 0x8b || in->opcode == 0x8d)
		r->known[x86_reg_register(in)] = false;
	else if (in->opcode == 0xe8)
		r->known[0] = false; /* the result of a call */
}

static bool is_jump_or_call(const struct x86_instruction *in)
{
	if (in->vector)
		return false;
	return (in->map == MAP_ONE && (in->opcode == 0xe8 || in->opcode == 0xe9)) ||
	       (in->map == MAP_0F && (in->opcode & 0xf0) == 0x80);
}

static int report(const struct x86_instruction *in, uint64_t next, struct registers *r,
		  const struct x86_sink *sink)
{
	bool lea = in->map == MAP_ONE && in->opcode == 0x8d;

	if (is_jump_or_call(in))
		return sink->fact(sink->state, X86_REFERS,
				  (int64_t)(next + (uint64_t)in->immediate));
	if (in->map == MAP_0F && in->opcode == 0x05 && !in->vector) {
		int err = sink->fact(sink->state, X86_SYSCALL, r->known[0] ? r->value[0] : -1);

		r->known[0] = false;
		return err;
	}
	if (in->rip_relative)
		return sink->fact(sink->state, lea ? X86_REFERS : X86_LOADS,
				  (int64_t)(next + (uint64_t)in->displacement));
	if (in->map == MAP_ONE && ((in->opcode & 0xf8) == 0xb8 || in->opcode == 0xc7))
		return sink->fact(sink->state, X86_CONSTANT, in->immediate);
	return 0;
}

int x86_scan(const unsigned char *code, size_t len, uint64_t address, const struct x86_sink *sink)
{
	struct registers registers = { .known = { false } };
	struct x86_instruction in;
	int r = 0;

	for (size_t at = 0; at < len && r >= 0 && x86_decode(code + at, len - at, &in);
	     at += in.length) {
		r = report(&in, address + at + in.length, &registers, sink);
		follow(&registers, &in);
	}
	return r < 0 ? r : 0;
}
