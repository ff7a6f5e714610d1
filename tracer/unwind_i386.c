/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The return addresses on the stack of 32-bit x86 code. */
#include "tracer/unwind_i386.h"

#include <errno.h>

#define MOST_RECORD PAGES_SIZE /* bytes; those of the largest functions of libc have 800 */

/* A record out of the tracee's memory. */
struct record {
	unsigned char bytes[MOST_RECORD];
	struct eh_bytes content; /* of them, behind the length */
};

/* A function's records; FDE and CIE lie in the bytes. */
struct function {
	struct record fde_record, cie_record;
	struct eh_fde fde;
	struct eh_cie cie;
};

static int read_record(struct pages *pages, uint64_t address, struct record *ret)
{
	uint32_t length;
	int r = pages_read(pages, address, &length, sizeof(length));

	if (r < 0)
		return r;
	if (length > MOST_RECORD - sizeof(length))
		return -EINVAL;
	r = pages_read(pages, address, ret->bytes, sizeof(length) + length);
	ret->content = (struct eh_bytes){ ret->bytes, ret->bytes + sizeof(length) + length, address,
					  true };
	if (r == 0 && !eh_open_record(&ret->content))
		r = -EINVAL;
	return r;
}

static int read_function(struct pages *pages, uint64_t address, struct function *ret)
{
	struct eh_bytes *fde = &ret->fde_record.content;
	uint64_t mark;
	int r = read_record(pages, address, &ret->fde_record);

	if (r < 0)
		return r;
	mark = fde->address;
	r = read_record(pages, mark - eh_unsigned(fde, 4), &ret->cie_record);
	if (r < 0)
		return r;
	if (!fde->ok || !eh_read_cie(ret->cie_record.content, sizeof(uint32_t), &ret->cie) ||
	    !eh_read_fde(*fde, &ret->cie, &ret->fde))
		return -EINVAL;
	return 0;
}

static int read_word(void *state, uint32_t address, uint32_t *value)
{
	return pages_read(state, address, value, sizeof(*value));
}

size_t unwind_i386(struct pages *pages, unwind_find_table *find_table, void *state,
		   const struct cfi_frame *innermost,
		   struct unwind_frame frames[UNWIND_MOST_FRAMES])
{
	struct cfi_frame frame = *innermost;
	struct function function;
	struct unwind_table table;
	bool returns = false;
	size_t n = 0;

	pages_expect_stack(pages, frame.registers[CFI_ESP]);
	while (n < UNWIND_MOST_FRAMES && frame.registers[CFI_EIP]) {
		uint32_t at = frame.registers[CFI_EIP] - returns;
		uint64_t record;
		bool known = find_table(state, at, &table) == 0 && table.word == sizeof(at) &&
			     unwind_table_record(pages, &table, at, &record) == 0 &&
			     read_function(pages, record, &function) == 0;

		/* The handler of a signal returns to where no call was. */
		frames[n++] = (struct unwind_frame){ frame.registers[CFI_EIP],
						     returns && !(known && function.cie.signal) };
		if (!known || cfi_step(&function.cie, &function.fde, at, read_word, pages,
				       &frame) < 0)
			break;
		returns = !function.cie.signal;
	}
	return n;
}
