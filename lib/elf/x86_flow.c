/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where x86-64 code in a process goes on. */
#include "elf/x86_flow.h"

#include <errno.h>

#define PAGE 4096

bool x86_fetch(const struct x86_process *p, uint64_t address, struct x86_instruction *ret)
{
	unsigned char code[X86_LONGEST];
	size_t len = sizeof(code), to_end = PAGE - address % PAGE;

	if (p->read(p->state, address, code, len) < 0) {
		if (to_end >= len || p->read(p->state, address, code, to_end) < 0)
			return false;
		len = to_end;
	}
	return x86_decode(code, len, ret);
}

static enum x86_way way_of_group_5(const struct x86_instruction *in)
{
	switch ((in->modrm >> 3) & 7) {
	case 4:
		return X86_LEAVES;
	case 5: /* to another segment */
	case 7:
		return X86_ENDS;
	default:
		return X86_ON;
	}
}

static enum x86_way way_of_one_byte(const struct x86_instruction *in)
{
	unsigned char op = in->opcode;

	if ((op & 0xf0) == 0x70 || (op >= 0xe0 && op <= 0xe3))
		return X86_BRANCHES;
	if (op == 0xe9 || op == 0xeb)
		return X86_JUMPS;
	if (op == 0xc3)
		return X86_RETURNS;
	if (op == 0xff)
		return way_of_group_5(in);
	/* Returns that take more off the stack or change the segment, int3, iret, hlt. */
	return op == 0xc2 || op == 0xca || op == 0xcb || op == 0xcc || op == 0xcf || op == 0xf4 ?
		       X86_ENDS :
		       X86_ON;
}

enum x86_way x86_way(const struct x86_instruction *in, uint64_t next, uint64_t *target)
{
	*target = next + (uint64_t)in->immediate;
	if (in->vector)
		return X86_ON;
	if (in->map == MAP_ONE)
		return way_of_one_byte(in);
	if (in->map == MAP_0F && (in->opcode & 0xf0) == 0x80)
		return X86_BRANCHES;
	return in->map == MAP_0F && in->opcode == 0x0b ? X86_ENDS : X86_ON; /* ud2 */
}

int x86_near_word(const struct x86_process *p, const struct x86_instruction *in, uint64_t next,
		  uint64_t *ret)
{
	if (!in->rip_relative)
		return -EINVAL;
	return p->read(p->state, next + (uint64_t)in->displacement, ret, sizeof(*ret));
}

bool x86_is_call(const struct x86_instruction *in)
{
	return in->map == MAP_ONE && !in->vector && in->opcode == 0xe8;
}

/* ---- what is reached ---- */

#define MOST_TARGETS	  128
#define MOST_INSTRUCTIONS 4000
#define FEW_INSTRUCTIONS  200 /* of what a call leads to, and what that calls */
#define MOST_DEPTH	  3   /* of calls: exit, _exit, what that calls */

struct search {
	const struct x86_process *process;
	uint64_t goal; /* 0: where it returns */
	unsigned depth;
	uint64_t targets[MOST_TARGETS]; /* all that are known; those from DONE on wait */
	size_t n, done;
	unsigned *left; /* instructions */
	bool found;
	bool leaves; /* nobody knows where to */
};

/* What does not fit is not looked at. */
static void add_target(struct search *s, uint64_t target)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->targets[i] == target)
			return;
	if (s->n < MOST_TARGETS)
		s->targets[s->n++] = target;
}

static void search(struct search *s);

/* False also for what is not known to. */
static bool never_returns(const struct x86_process *p, uint64_t from, unsigned depth,
			  unsigned *left)
{
	struct search s = { .process = p, .depth = depth, .left = left };

	add_target(&s, from);
	search(&s);
	return !s.found && *left && s.n < MOST_TARGETS;
}

/* What looks for where the code returns shares its instructions with what is called there. */
static bool returns(const struct search *s, uint64_t target)
{
	unsigned few = FEW_INSTRUCTIONS;

	return !never_returns(s->process, target, s->depth - 1, s->goal ? &few : s->left);
}

/* Where one instruction leads: false where the line ends. */
static bool go_on(struct search *s, const struct x86_instruction *in, uint64_t next)
{
	uint64_t target;
	enum x86_way way = x86_way(in, next, &target);

	if (x86_is_call(in))
		return !s->depth || returns(s, target);
	if (way == X86_LEAVES && x86_near_word(s->process, in, next, &target) == 0)
		way = X86_JUMPS; /* as stubs of libraries' functions do */
	if (way == X86_BRANCHES || way == X86_JUMPS)
		add_target(s, target);
	s->leaves = s->leaves || way == X86_LEAVES;
	if (way == X86_RETURNS || way == X86_LEAVES)
		s->found = !s->goal;
	return way == X86_ON || way == X86_BRANCHES;
}

/* From AT to where the code goes elsewhere. */
static void search_line(struct search *s, uint64_t at)
{
	struct x86_instruction in;

	while (*s->left && --*s->left && !s->found) {
		s->found = s->goal && at == s->goal;
		if (s->found)
			return;
		if (!x86_fetch(s->process, at, &in)) {
			s->found = !s->goal; /* who knows */
			return;
		}
		at += in.length;
		if (!go_on(s, &in, at))
			return;
	}
}

static void search(struct search *s)
{
	while (s->done < s->n && *s->left && !s->found)
		search_line(s, s->targets[s->done++]);
}

bool x86_call_returns(const struct x86_process *p, const struct x86_instruction *call,
		      uint64_t next)
{
	unsigned left = FEW_INSTRUCTIONS;

	return !never_returns(p, next + (uint64_t)call->immediate, MOST_DEPTH, &left);
}

static enum x86_reach find_out(const struct x86_process *p, uint64_t from, uint64_t to)
{
	unsigned left = MOST_INSTRUCTIONS;
	struct search s = { .process = p, .goal = to, .depth = MOST_DEPTH, .left = &left };

	add_target(&s, from);
	search(&s);
	return s.found ? X86_REACHES : s.leaves ? X86_PERHAPS : X86_NEVER;
}

enum x86_reach x86_reaches(const struct x86_process *p, uint64_t from, uint64_t to)
{
	struct x86_answer *a;

	if (!p->answers)
		return find_out(p, from, to);
	a = &p->answers[(from ^ from >> 8 ^ to) % X86_ANSWERS]; /* any bits that differ will do */
	if (a->from != from || a->to != to)
		*a = (struct x86_answer){ from, to, find_out(p, from, to) };
	return a->reach;
}
