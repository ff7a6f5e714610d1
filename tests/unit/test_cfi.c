/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps from a frame of 32-bit code to the one outside it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "base/cleanup.h"
#include "elf/cfi.h"

#define FUNCTION 0x1000
#define STACK	 0x8000 /* words of it, each telling where it is: */
#define WORD(address) ((address) ^ 0x5a000000u)

static int read_stack(void *state, uint32_t address, uint32_t *value)
{
	(void)state;
	if (address < STACK || address > STACK + 0x1000)
		return -EFAULT;
	*value = WORD(address);
	return 0;
}

/* Register N of the frame that steps begin in; the stack pointer stands in the stack. */
static uint32_t inside(unsigned n)
{
	return n == CFI_ESP ? STACK + 0x100 : n == CFI_EBP ? STACK + 0x200 : 0x70 + n;
}

/* What a call leaves, and one with instructions of a function's own, at FUNCTION + 2. */
static int step(const char *program, size_t len, struct cfi_frame *frame)
{
	/* The frame is at esp + 4, and the return address below it. */
	static const char common[] = "\x0c\x04\x04\x88\x01";
	const unsigned char *at = (const unsigned char *)common, *own = (const void *)program;
	const struct eh_cie cie = { .word = 4, .code_factor = 1, .data_factor = -4,
				    .return_register = CFI_EIP,
				    .program = { at, at + sizeof(common) - 1, 0, true } };
	const struct eh_fde fde = { FUNCTION, 0x10, { own, own + len, 0, true } };

	for (unsigned i = 0; i < CFI_REGISTERS; i++)
		frame->registers[i] = inside(i);
	frame->known = (1u << CFI_REGISTERS) - 1;
	return cfi_step(&cie, &fde, FUNCTION + 2, read_stack, NULL, frame);
}

struct example {
	const char *program;
	size_t len;
	unsigned changed; /* the register that the program is about */
	uint32_t value;	  /* that it had outside; 0: nobody knows */
	uint32_t esp;	  /* what it was there */
};
#define IS(text) text, sizeof(text) - 1
#define EBX 3
#define ESP_INSIDE (STACK + 0x100)

static const struct example examples[] = {
	{ IS(""), EBX, 0x73, ESP_INSIDE + 4 },
	/* Pushes: of four bytes, then of what comes later than here. */
	{ IS("\x41\x0e\x08\x83\x02"), EBX, WORD(ESP_INSIDE), ESP_INSIDE + 8 },
	{ IS("\x41\x0e\x08\x83\x02\x02\x02\x0e\x40"), EBX, WORD(ESP_INSIDE), ESP_INSIDE + 8 },
	{ IS("\x43\x0e\x08"), EBX, 0x73, ESP_INSIDE + 4 },
	{ IS("\x03\x03\x00\x0e\x08"), EBX, 0x73, ESP_INSIDE + 4 },
	/* By the frame pointer, with numbers of each sign. */
	{ IS("\x0c\x05\x08\x85\x02"), CFI_EBP, WORD(STACK + 0x200), STACK + 0x208 },
	{ IS("\x0d\x05"), EBX, 0x73, STACK + 0x204 },
	{ IS("\x12\x05\x7e"), EBX, 0x73, STACK + 0x208 },
	{ IS("\x13\x7d"), EBX, 0x73, ESP_INSIDE + 12 },
	{ IS("\x11\x03\x7f"), EBX, WORD(ESP_INSIDE + 8), ESP_INSIDE + 4 },
	{ IS("\x05\x03\x01"), EBX, WORD(ESP_INSIDE), ESP_INSIDE + 4 },
	/* Values, other registers, none, restored, remembered. */
	{ IS("\x14\x03\x02"), EBX, ESP_INSIDE - 4, ESP_INSIDE + 4 },
	{ IS("\x15\x03\x7e"), EBX, ESP_INSIDE + 12, ESP_INSIDE + 4 },
	{ IS("\x09\x03\x06"), EBX, 0x76, ESP_INSIDE + 4 },
	{ IS("\x07\x03"), EBX, 0, ESP_INSIDE + 4 },
	{ IS("\x07\x03\xc3"), EBX, 0x73, ESP_INSIDE + 4 },
	{ IS("\x07\x03\x06\x03"), EBX, 0x73, ESP_INSIDE + 4 },
	{ IS("\x07\x03\x08\x03"), EBX, 0x73, ESP_INSIDE + 4 },
	{ IS("\x0a\x0e\x20\x07\x03\x0b"), EBX, 0x73, ESP_INSIDE + 4 },
	{ IS("\x2e\x10"), EBX, 0x73, ESP_INSIDE + 4 },
	/* Expressions: of the frame (esp + 8, *(ebp) ^ 0x5a000000), and of a register from it. */
	{ IS("\x0f\x02\x74\x08"), EBX, 0x73, ESP_INSIDE + 8 },
	{ IS("\x0f\x09\x75\x00\x06\x0c\x00\x00\x00\x5a\x27"), EBX, 0x73, STACK + 0x200 },
	/* That of procedure linkage: esp + 4 + ((eip & 15) >= 8) << 2; eip is 0x78. */
	{ IS("\x0f\x0b\x74\x04\x78\x00\x3f\x1a\x38\x2a\x32\x24\x22"), EBX, 0x73, ESP_INSIDE + 8 },
	{ IS("\x0f\x0b\x74\x04\x78\x00\x3f\x1a\x39\x2a\x32\x24\x22"), EBX, 0x73, ESP_INSIDE + 4 },
	{ IS("\x10\x03\x02\x23\x0c"), EBX, WORD(ESP_INSIDE + 16), ESP_INSIDE + 4 },
	{ IS("\x16\x03\x02\x34\x1c"), EBX, ESP_INSIDE, ESP_INSIDE + 4 },
	{ IS("\x16\x03\x05\x12\x09\xff\x22\x1c"), EBX, 1, ESP_INSIDE + 4 },
};

static void each_instruction_says_where_what_the_caller_had_is(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		const struct example *e = &examples[i];
		struct cfi_frame frame;
		bool known;
		int r = step(e->program, e->len, &frame);

		known = frame.known & 1u << e->changed;
		if (r < 0 || known != (e->value != 0) || frame.registers[CFI_ESP] != e->esp ||
		    (known && frame.registers[e->changed] != e->value))
			fprintf(stderr, "row %zu\n", i);
		check(r == 0);
		check(known == (e->value != 0));
		check(!known || frame.registers[e->changed] == e->value);
		check(frame.registers[CFI_ESP] == e->esp);
		check(frame.registers[CFI_EIP] == WORD(e->esp - 4));
	}
}

static void what_cannot_be_followed_leaves_the_frame_alone(void)
{
	static const struct {
		const char *program;
		size_t len;
		int error;
	} broken[] = {
		{ IS("\x07\x08"), -ENOENT },		 /* the outermost frame */
		{ IS("\x3f"), -EINVAL },		 /* no such instruction */
		{ IS("\x01\x00\x00\x00\x00"), -EINVAL }, /* an address where distances are */
		{ IS("\x0e"), -EINVAL },		 /* ends early */
		{ IS("\x0b"), -EINVAL },		 /* nothing was remembered */
		{ IS("\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a"), -EINVAL },
		{ IS("\x0d\x40"), -EINVAL },	     /* no such register */
		{ IS("\x0f\x05\x74"), -EINVAL },     /* an expression that is longer than all */
		{ IS("\x0f\x00"), -EINVAL },	     /* nothing on its stack */
		{ IS("\x0f\x01\x22"), -EINVAL },     /* one where two are needed */
		{ IS("\x0f\x01\x06"), -EINVAL },
		{ IS("\x0f\x02\x30\x2f"), -EINVAL }, /* no such operation */
		{ IS("\x0f\x02\x30\x06"), -EFAULT }, /* memory that is not there */
		{ IS("\x0f\x12\x30\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12\x12"
		     "\x12\x12"), -EINVAL }, /* too much on its stack */
		{ IS("\x0c\x04\xff\xff\x03"), -EFAULT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct cfi_frame frame;
		int r = step(broken[i].program, broken[i].len, &frame);

		if (r != broken[i].error)
			fprintf(stderr, "row %zu: %d\n", i, r);
		check(r == broken[i].error);
		for (unsigned n = 0; n < CFI_REGISTERS; n++)
			check(frame.registers[n] == inside(n));
	}
}

static void a_step_from_outside_of_the_function_is_refused(void)
{
	const struct eh_cie cie = { .word = 4, .return_register = CFI_EIP };
	const struct eh_fde fde = { FUNCTION, 2, { NULL, NULL, 0, true } };
	struct cfi_frame frame = { .known = 0 };

	check(cfi_step(&cie, &fde, FUNCTION + 2, read_stack, NULL, &frame) == -EINVAL);
	check(cfi_step(&cie, &fde, FUNCTION - 1, read_stack, NULL, &frame) == -EINVAL);
}

int main(void)
{
	each_instruction_says_where_what_the_caller_had_is();
	what_cannot_be_followed_leaves_the_frame_alone();
	a_step_from_outside_of_the_function_is_refused();
	return 0;
}
