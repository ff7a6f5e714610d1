/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of an unwinding out of a function that has no record to unwind by. */
#include "tracer/unwind_code.h"

#include <errno.h>

#include "base/cleanup.h"
#include "elf/x86_return.h"

#if defined(__x86_64__)

/* Where calls keep things, by libunwind's numbers and by those that instructions have. */
static const struct {
	unw_regnum_t number;
	unsigned in_code;
} preserved[] = {
	{ UNW_X86_64_RSP, X86_RSP }, { UNW_X86_64_RBX, X86_RBX }, { UNW_X86_64_RBP, X86_RBP },
	{ UNW_X86_64_R12, 12 },	     { UNW_X86_64_R13, 13 },	  { UNW_X86_64_R14, 14 },
	{ UNW_X86_64_R15, 15 },
};

static int read_memory(void *state, uint64_t address, void *to, size_t len)
{
	const struct unwind_code *code = state;

	return pages_read(code->pages, address, to, len);
}

static int find_function(void *state, uint64_t address, uint64_t *start, uint64_t *end)
{
	const struct unwind_source *source = ((const struct unwind_code *)state)->source;

	return source->find_function(source->state, address, start, end);
}

int unwind_by_code(struct unwind_code *code, unw_cursor_t *cursor, struct registers *registers,
		   struct unwind_anew *anew)
{
	const struct x86_process process = { code, read_memory, find_function, code->answers };
	struct x86_frame frame = { .rbp_at = anew->rbp_at };
	int r;

	if (unw_get_reg(cursor, UNW_REG_IP, &frame.ip) < 0)
		return -EINVAL;
	frame.ip += anew->before;
	for (size_t i = 0; i < ARRAY_SIZE(preserved); i++)
		if (unw_get_reg(cursor, preserved[i].number,
				&frame.registers[preserved[i].in_code]) < 0)
			return -EINVAL;
	r = x86_return(&process, &frame);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(preserved); i++)
		registers_set(registers, preserved[i].number,
			      frame.registers[preserved[i].in_code]);
	*anew = (struct unwind_anew){ frame.exact ? 0 : 1, frame.exact, frame.rbp_at };
	registers_set(registers, UNW_X86_64_RIP, frame.ip - anew->before);
	return 0;
}

#else

int unwind_by_code(struct unwind_code *code, unw_cursor_t *cursor, struct registers *registers,
		   struct unwind_anew *anew)
{
	(void)code;
	(void)cursor;
	(void)registers;
	(void)anew;
	return -ENOSYS;
}

#endif
