/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From inside a function to its caller by the code: found, or not told at all. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "base/cleanup.h"
#include "elf/x86_return.h"

#define CODE	0x1000 /* the function that we are in */
#define OTHER	0x1040 /* ret */
#define JUMPS	0x1050 /* jmp CODE */
#define ENDS	0x1060 /* calls what halts */
#define HALTS	0x1070 /* hlt */
#define WORD	0x1080 /* the address of CODE */
#define CALLER	0x1100 /* is returned to: a call is before it */
#define STRAY	0x1180 /* no call is before it */
#define SIGNALS 0x11a0 /* where handlers return to */
#define STACK	0x8000
#define DATA	0x9000 /* rbx; a pointer to OTHER is 8 behind */

struct image {
	unsigned char code[0x200];
	uint64_t stack[64], data[2];
	bool bounds; /* whether those of the function are known */
};

static int read_image(void *state, uint64_t address, void *to, size_t len)
{
	const struct image *image = state;
	const struct {
		uint64_t address;
		const void *bytes;
		size_t size;
	} areas[] = {
		{ CODE, image->code, sizeof(image->code) },
		{ STACK, image->stack, sizeof(image->stack) },
		{ DATA, image->data, sizeof(image->data) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(areas); i++)
		if (address >= areas[i].address && len <= areas[i].size &&
		    address - areas[i].address <= areas[i].size - len) {
			memcpy(to, (const char *)areas[i].bytes + (address - areas[i].address),
			       len);
			return 0;
		}
	return -EFAULT;
}

static int find_function(void *state, uint64_t address, uint64_t *start, uint64_t *end)
{
	const struct image *image = state;

	if (!image->bounds || address < CODE || address >= OTHER)
		return -ENOENT;
	*start = CODE;
	*end = OTHER;
	return 0;
}

struct example {
	const char *code;
	size_t len, ip; /* where in it we are */
	const char *call;
	size_t call_len;
	size_t at; /* the word of the stack where the return address is */
	bool found;
};
#define IS(text) text, sizeof(text) - 1
#define CALL_CODE  IS("\xe8\x00\xff\xff\xff")
#define CALL_OTHER IS("\xe8\x40\xff\xff\xff")
#define CALL_JUMPS IS("\xe8\x50\xff\xff\xff")
#define CALL_RAX   IS("\xff\xd0")
#define CALL_RBX   IS("\xff\xd3")		  /* DATA: no code */
#define CALL_R12   IS("\x41\xff\xd4")		  /* CODE */
#define CALL_DATA  IS("\xff\x53\x08")		  /* OTHER is there by now */
#define CALL_WORD  IS("\xff\x15\x80\xff\xff\xff") /* CODE */
#define NO_CALL	   IS("\x90\x90")

static const struct example examples[] = {
	/* Straight on, pops, constants, frame pointers. */
	{ IS("\xc3"), 0, CALL_CODE, 0, true },
	{ IS("\xf3\xc3"), 0, CALL_CODE, 0, true },
	{ IS("\x53\x90\x5b\xc3"), 1, CALL_CODE, 1, true },
	{ IS("\x48\x83\xec\x18\x90\x48\x83\xc4\x18\xc3"), 4, CALL_CODE, 3, true },
	{ IS("\x48\x81\xc4\x20\x00\x00\x00\xc3"), 0, CALL_CODE, 4, true },
	{ IS("\x48\x83\xec\x08\x48\x83\xc4\x08\xc3"), 0, CALL_CODE, 0, true },
	{ IS("\x48\x8d\x64\x24\x10\xc3"), 0, CALL_CODE, 2, true },
	{ IS("\xc9\xc3"), 0, CALL_CODE, 5, true },		    /* rbp: word 4 */
	{ IS("\x48\x8d\x65\xf8\x5b\x5d\xc3"), 0, CALL_CODE, 5, true },
	{ IS("\x48\x89\xec\x5d\xc3"), 0, CALL_CODE, 5, true },
	{ IS("\x48\x8b\xe5\x5d\xc3"), 0, CALL_CODE, 5, true },
	{ IS("\x6a\x01\x58\x50\x5b\xc3"), 0, CALL_CODE, 0, true }, /* pushed and popped */
	/* Each way out, loops, other functions on the way, tails. */
	{ IS("\x75\x02\x5b\xc3\x0f\x0b"), 0, CALL_CODE, 1, true },
	{ IS("\x75\x02\x0f\x0b\x5b\xc3"), 0, CALL_CODE, 1, true },
	{ IS("\x90\x75\xfd\xeb\x02\xcc\xcc\x5b\xc3"), 0, CALL_CODE, 1, true },
	{ IS("\xe8\x3b\x00\x00\x00\x5b\xc3"), 0, CALL_CODE, 1, true },
	{ IS("\x5b\xe9\x3a\x00\x00\x00"), 0, CALL_CODE, 1, true },
	{ IS("\x5b\xff\xe0"), 0, CALL_CODE, 1, true },
	{ IS("\x5b\xc3"), 0, CALL_JUMPS, 1, true },
	/* Calls by what registers and memory hold. */
	{ IS("\x5b\xc3"), 0, CALL_R12, 1, true },
	{ IS("\x5b\xc3"), 0, CALL_WORD, 1, true },
	{ IS("\x5b\xc3"), 0, CALL_RAX, 1, true },
	{ IS("\xc3"), 0, CALL_DATA, 0, true },
	{ IS("\xc3"), 0, CALL_RBX, 0, false },
	/* With a call that is proven a contradiction is not one: nothing is behind the other. */
	{ IS("\x75\x01\xc3\x5b\xc3"), 0, CALL_CODE, 0, true },
	{ IS("\x75\x01\xc3\x5b\xc3"), 0, CALL_CODE, 1, true },
	{ IS("\x75\x01\xc3\x5b\xc3"), 0, CALL_RAX, 0, false },
	{ IS("\x75\x01\xc3\x5b\xc3"), 0, CALL_RAX, 1, false },
	/* Nobody called us from there. */
	{ IS("\x5b\xc3"), 0, CALL_OTHER, 1, false },
	{ IS("\x5b\xc3"), 0, NO_CALL, 1, false },
	{ IS("\x5b\xc3"), 0, CALL_CODE, 0, false },
	{ IS("\x5b\xc3"), 0, CALL_CODE, 2, false },
	/* Behind a call that does not return another function begins. */
	{ IS("\xe8\x6b\x00\x00\x00\x5b\xc3"), 0, CALL_RAX, 1, false },
	{ IS("\xe8\x5b\x00\x00\x00\x5b\xc3"), 0, CALL_RAX, 1, false },
	/* Nobody knows where the stack is. */
	{ IS("\x48\x83\xe4\xf0\xc3"), 0, CALL_CODE, 0, false },
	{ IS("\x48\x29\xc4\xc3"), 0, CALL_CODE, 0, false },
	{ IS("\x48\x03\x23\xc3"), 0, CALL_CODE, 0, false },
	{ IS("\x48\x94\xc3"), 0, CALL_CODE, 0, false },
	{ IS("\x48\x89\xc4\xc3"), 0, CALL_CODE, 0, false },
	{ IS("\x48\x8d\x24\x18\xc3"), 0, CALL_CODE, 0, false },
	{ IS("\x5c\xc3"), 0, CALL_CODE, 1, false },
	{ IS("\xc2\x08\x00"), 0, CALL_CODE, 0, false },
	{ IS("\x53\xeb\xfd"), 0, CALL_CODE, 0, false },
	{ IS("\x06"), 0, CALL_CODE, 0, false },
};

static void put(struct image *image, uint64_t address, const char *bytes, size_t len)
{
	memcpy(image->code + (address - CODE), bytes, len);
}

/* The return address is in no word of the stack but one. */
static void make_image(const struct example *e, struct image *image)
{
	*image = (struct image){ .data = { 0, OTHER } };
	memset(image->code, 0x90, sizeof(image->code));
	put(image, OTHER, IS("\xc3"));
	put(image, JUMPS, IS("\xe9\xab\xff\xff\xff"));
	put(image, ENDS, IS("\xe8\x0b\x00\x00\x00\xc3"));
	put(image, HALTS, IS("\xf4"));
	put(image, WORD, IS("\x00\x10\x00\x00\x00\x00\x00\x00"));
	put(image, SIGNALS, IS("\x48\xc7\xc0\x0f\x00\x00\x00\x0f\x05"));
	put(image, CODE, e->code, e->len);
	put(image, CALLER - e->call_len, e->call, e->call_len);
	for (size_t i = 0; i < ARRAY_SIZE(image->stack); i++)
		image->stack[i] = STRAY;
	image->stack[e->at] = CALLER;
}

static struct x86_frame frame_at(uint64_t ip)
{
	struct x86_frame frame = { .ip = ip };

	frame.registers[X86_RSP] = STACK;
	frame.registers[X86_RBP] = STACK + 4 * sizeof(uint64_t);
	frame.registers[X86_RBX] = DATA;
	frame.registers[12] = CODE;
	return frame;
}

static void check_example(size_t i, bool bounds, struct x86_answer *answers)
{
	const struct example *e = &examples[i];
	struct x86_frame before = frame_at(CODE + e->ip), after = before;
	struct image image;
	const struct x86_process process = { &image, read_image, find_function, answers };
	int r;

	make_image(e, &image);
	image.bounds = bounds;
	r = x86_return(&process, &after);
	if (r != (e->found ? 0 : -ENOENT))
		fprintf(stderr, "row %zu: %d\n", i, r);
	check(r == (e->found ? 0 : -ENOENT));
	if (!e->found) {
		check(memcmp(&before, &after, sizeof(before)) == 0);
		return;
	}
	check(after.ip == CALLER && !after.exact);
	check(after.registers[X86_RSP] == STACK + (e->at + 1) * sizeof(uint64_t));
}

static void the_caller_is_found_or_not_told(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++)
		for (int bounds = 0; bounds < 2; bounds++) {
			struct x86_answer answers[X86_ANSWERS] = { { 0 } };

			check_example(i, bounds, NULL);
			check_example(i, bounds, answers);
			check_example(i, bounds, answers); /* with what was found out then */
		}
}

/* push %rbp; mov %rsp, %rbp; nop; ret $8: takes arguments along, and has the caller in word 5. */
static const struct example framed = { IS("\x55\x48\x89\xe5\x90\xc2\x08\x00"), 4,
					CALL_RAX, 5, true };

static void a_frame_pointer_is_believed_in_a_function_that_makes_one(void)
{
	struct x86_frame frame = frame_at(CODE + framed.ip);
	struct image image;
	const struct x86_process process = { &image, read_image, find_function, NULL };

	make_image(&framed, &image);
	check(x86_return(&process, &frame) == -ENOENT); /* where does the function begin? */
	image.bounds = true;
	image.stack[4] = 0x7777;
	check(x86_return(&process, &frame) == 0);
	check(frame.ip == CALLER && frame.registers[X86_RBP] == 0x7777);
	check(frame.registers[X86_RSP] == STACK + 6 * sizeof(uint64_t));
}

static void a_frame_pointer_is_not_believed_elsewhere(void)
{
	static const struct {
		uint64_t ip, rbp;
		uint64_t returns_to;
	} rows[] = {
		{ CODE + 1, STACK + 32, CALLER }, /* not made yet */
		{ CODE + 4, STACK - 8, CALLER },  /* not on the stack, or not whole */
		{ CODE + 4, STACK + 33, CALLER },
		{ CODE + 4, 0x10, CALLER },
		{ CODE + 4, STACK + 32, STRAY },  /* no call is there */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct x86_frame frame = frame_at(rows[i].ip);
		struct image image;
		const struct x86_process process = { &image, read_image, find_function, NULL };

		make_image(&framed, &image);
		image.bounds = true;
		image.stack[5] = rows[i].returns_to;
		frame.registers[X86_RBP] = rows[i].rbp;
		check(x86_return(&process, &frame) == -ENOENT);
	}
}

static void what_the_caller_had_in_registers_is_there_again(void)
{
	/* add $8, %rsp; pop %rbx; mov (%rsp), %r12; pop %rbp; pop %r13; ret */
	static const struct example e = {
		IS("\x48\x83\xc4\x08\x5b\x4c\x8b\x24\x24\x5d\x41\x5d\xc3"), 0, CALL_CODE, 4, true
	};
	struct x86_frame frame = frame_at(CODE);
	struct image image;
	const struct x86_process process = { &image, read_image, find_function, NULL };

	make_image(&e, &image);
	for (size_t i = 0; i < 4; i++)
		image.stack[i] = 0x70 + i;
	check(x86_return(&process, &frame) == 0);
	check(frame.registers[X86_RBX] == 0x71 && frame.registers[X86_RBP] == 0x72);
	check(frame.registers[12] == 0x72 && frame.registers[13] == 0x73);
	check(frame.rbp_at == STACK + 16);
}

static void a_handler_returns_to_where_the_signal_came(void)
{
	static const struct example e = { IS("\xc3"), 0, NO_CALL, 1, false };
	struct x86_frame frame = frame_at(CODE);
	struct image image;
	const struct x86_process process = { &image, read_image, find_function, NULL };

	make_image(&e, &image);
	image.stack[0] = SIGNALS;
	check(x86_return(&process, &frame) == 0);
	check(frame.exact && frame.ip == SIGNALS && frame.registers[X86_RSP] == STACK + 8);
	image.stack[1 + 5 + 4] = 0x1212; /* r12, rbp, rsp, rip in its ucontext_t */
	image.stack[1 + 5 + 10] = 0x1010;
	image.stack[1 + 5 + 15] = STACK + 0x100;
	image.stack[1 + 5 + 16] = CALLER;
	check(x86_return(&process, &frame) == 0);
	check(frame.exact && frame.ip == CALLER && frame.registers[X86_RSP] == STACK + 0x100);
	check(frame.registers[12] == 0x1212 && frame.registers[X86_RBP] == 0x1010);
}

int main(void)
{
	the_caller_is_found_or_not_told();
	a_frame_pointer_is_believed_in_a_function_that_makes_one();
	a_frame_pointer_is_not_believed_elsewhere();
	what_the_caller_had_in_registers_is_there_again();
	a_handler_returns_to_where_the_signal_came();
	return 0;
}
