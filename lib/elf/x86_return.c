/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From inside a function to the one that called it, by the code itself. */
#include "elf/x86_return.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "elf/x86_called.h"

#define MOST_WAYS	  32 /* out of a function */
#define MOST_INSTRUCTIONS 2000

/* All ways out of the function are followed, one after the other. */
struct search {
	const struct x86_process *process;
	const struct x86_frame *inside;
	uint64_t start, end;		 /* of the function; 0, 0: not known */
	struct x86_frame ways[MOST_WAYS]; /* where one goes off another; those from DONE on wait */
	size_t n, done;
	unsigned left;		 /* instructions */
	struct x86_frame found;	 /* the caller, when a proof is still to come */
	bool any, contradictory; /* whether there is one; two that differ */
	bool proven;
	bool careful; /* nothing comes behind a call that does not return */
};

/* ---- the stack ---- */

static int pop(const struct search *s, struct x86_frame *f, unsigned number)
{
	uint64_t at = f->registers[X86_RSP];

	/* What was pushed on the way is what the caller had still. */
	if (at >= s->inside->registers[X86_RSP] && number != X86_RSP &&
	    s->process->read(s->process->state, at, &f->registers[number],
				  sizeof(uint64_t)) < 0)
		return -EFAULT;
	if (at >= s->inside->registers[X86_RSP] && number == X86_RBP)
		f->rbp_at = at;
	f->registers[X86_RSP] = at + sizeof(uint64_t);
	return number == X86_RSP ? -EINVAL : 0;
}

/* `lea DISTANCE(%rbp or %rsp), %rsp`: the address; -EINVAL for other operands. */
static int address_in_frame(const struct x86_frame *f, const struct x86_instruction *in,
			    uint64_t *ret)
{
	unsigned mod = in->modrm >> 6, rm = in->modrm & 7;

	if (in->rex & (REX_B | REX_X) || mod == 3)
		return -EINVAL;
	if (!(rm == X86_RSP ? in->sib == 0x24 : rm == X86_RBP && mod))
		return -EINVAL;
	*ret = f->registers[rm] + (uint64_t)in->displacement;
	return 0;
}

/* ADD and SUB of a constant; CMP changes nothing, anything else what nobody knows. */
static int calculate(struct x86_frame *f, const struct x86_instruction *in)
{
	switch ((in->modrm >> 3) & 7) {
	case 0:
		f->registers[X86_RSP] += (uint64_t)in->immediate;
		return 0;
	case 5:
		f->registers[X86_RSP] -= (uint64_t)in->immediate;
		return 0;
	case 7:
		return 0;
	default:
		return -EINVAL;
	}
}

/*
 * Which operands an instruction of one byte may write: `M` that of ModRM's r/m, when it is a
 * register, `R` the other one, `B` both, `O` the one in the opcode.
 */
static const char writes[] = "MMRR....MMRR...."
			     "MMRR....MMRR...."
			     "MMRR....MMRR...."
			     "MMRR............"
			     "................"
			     "................"
			     "...R.....R.R...."
			     "................"
			     "MMMM..BBMMRRMR.M"
			     "OOOOOOOO........"
			     "................"
			     "OOOOOOOOOOOOOOOO"
			     "MM....MMM......."
			     "MMMM............"
			     "................"
			     "......MM......MM";
_Static_assert(sizeof(writes) == 257, "a letter an opcode");

static bool writes_stack_pointer(const struct x86_instruction *in)
{
	bool rm = x86_is_direct(in) && x86_rm_register(in) == X86_RSP;
	bool reg = in->has_modrm && x86_reg_register(in) == X86_RSP;

	if (in->opcode == 0xff && (in->modrm & 0x38) > 0x08) /* calls, jumps and pushes read it */
		return false;
	switch (writes[in->opcode]) {
	case 'M':
		return rm;
	case 'R':
		return reg;
	case 'B':
		return rm || reg;
	case 'O':
		return ((in->opcode & 7) | (in->rex & REX_B ? 8 : 0)) == X86_RSP;
	default:
		return false;
	}
}

static bool is_push(const struct x86_instruction *in)
{
	return (in->opcode & 0xf8) == 0x50 || in->opcode == 0x68 || in->opcode == 0x6a ||
	       in->opcode == 0x9c || (in->opcode == 0xff && (in->modrm & 0x38) == 0x30);
}

/* A register that calls preserve is read from the stack: what the caller had, if it comes last. */
static void load(const struct search *s, struct x86_frame *f, const struct x86_instruction *in)
{
	unsigned number = x86_reg_register(in);
	uint64_t at;

	if (in->rex & REX_W && x86_is_preserved(number) && address_in_frame(f, in, &at) == 0 &&
	    at >= s->inside->registers[X86_RSP] &&
	    s->process->read(s->process->state, at, &f->registers[number], sizeof(at)) == 0 &&
	    number == X86_RBP)
		f->rbp_at = at;
}

/* What an instruction does to the stack and what lies there. -EINVAL when nobody knows. */
static int follow(const struct search *s, struct x86_frame *f, const struct x86_instruction *in)
{
	unsigned char op = in->opcode;
	bool wide = in->rex & REX_W;

	if (in->map != MAP_ONE || in->vector)
		return 0;
	if (is_push(in)) {
		f->registers[X86_RSP] -= sizeof(uint64_t);
		return in->operand16 ? -EINVAL : 0;
	}
	if ((op & 0xf8) == 0x58)
		return in->operand16 ? -EINVAL : pop(s, f, (op & 7) | (in->rex & REX_B ? 8 : 0));
	if (op == 0x9d || op == 0x8f || op == 0xc8) /* popf, pop to memory, enter: nobody's */
		return -EINVAL;
	if (op == 0xc9) { /* leave */
		f->registers[X86_RSP] = f->registers[X86_RBP];
		return pop(s, f, X86_RBP);
	}
	if (op == 0x8b && !x86_is_direct(in))
		load(s, f, in);
	if (!writes_stack_pointer(in))
		return 0;
	if ((op == 0x81 || op == 0x83) && wide)
		return calculate(f, in);
	if (op == 0x8d && wide)
		return address_in_frame(f, in, &f->registers[X86_RSP]);
	if (wide && ((op == 0x89 && x86_reg_register(in) == X86_RBP) ||
		     (op == 0x8b && x86_is_direct(in) && x86_rm_register(in) == X86_RBP))) {
		f->registers[X86_RSP] = f->registers[X86_RBP];
		return 0;
	}
	return -EINVAL;
}

/* ---- the caller ---- */

/* mov $SYS_rt_sigreturn, %rax; syscall: what handlers return to, in each C library. */
static bool is_sigreturn(const struct x86_process *p, uint64_t address)
{
	static const unsigned char sigreturn[] = { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 };
	unsigned char code[sizeof(sigreturn)];

	return p->read(p->state, address, code, sizeof(code)) == 0 &&
	       memcmp(code, sigreturn, sizeof(code)) == 0;
}

/* The code returns here; or, unless it is SURE, goes on in another function that does. */
static void consider(struct search *s, const struct x86_frame *way, bool sure)
{
	struct x86_frame caller = *way;
	enum x86_proof proof;

	if (way->registers[X86_RSP] < s->inside->registers[X86_RSP] ||
	    s->process->read(s->process->state, way->registers[X86_RSP], &caller.ip,
			     sizeof(caller.ip)) < 0)
		return;
	caller.registers[X86_RSP] += sizeof(uint64_t);
	if (s->any && caller.registers[X86_RSP] == s->found.registers[X86_RSP])
		return;
	caller.exact = is_sigreturn(s->process, caller.ip);
	proof = caller.exact ? X86_CALLED : x86_prove(s->process, &caller, s->start, s->inside->ip);
	s->proven = proof == X86_CALLED;
	if (!s->proven && (proof == X86_NOT_CALLED || s->any)) {
		s->contradictory = s->contradictory || sure;
		return;
	}
	s->any = true;
	s->found = caller;
}

static void add_way(struct search *s, const struct x86_frame *from, uint64_t ip)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->ways[i].ip == ip)
			return;
	if (s->n == MOST_WAYS)
		return;
	s->ways[s->n] = *from;
	s->ways[s->n++].ip = ip;
}

/* In a function whose bounds are known nothing comes behind its end. */
static bool is_inside(const struct search *s, uint64_t ip)
{
	return !s->end || ip - s->start < s->end - s->start;
}

/* From where a way begins to where it ends or goes on as another one. */
static void follow_way(struct search *s, struct x86_frame f)
{
	struct x86_instruction in;
	enum x86_way way = X86_ON;

	while (way == X86_ON || way == X86_BRANCHES) {
		uint64_t target;

		if (!s->left || !s->left-- || !is_inside(s, f.ip) ||
		    !x86_fetch(s->process, f.ip, &in) || follow(s, &f, &in) < 0)
			return;
		f.ip += in.length;
		if (s->careful && x86_is_call(&in) && !x86_call_returns(s->process, &in, f.ip))
			return;
		way = x86_way(&in, f.ip, &target);
		if (way == X86_BRANCHES || (way == X86_JUMPS && is_inside(s, target)))
			add_way(s, &f, target);
		if (way == X86_RETURNS || way == X86_LEAVES ||
		    (way == X86_JUMPS && (!s->end || !is_inside(s, target))))
			consider(s, &f, way == X86_RETURNS);
		if (s->proven)
			return;
	}
}

/* Whether the code from the function's start on makes rbp a frame pointer on the way to us. */
static bool has_frame_pointer(const struct search *s)
{
	/* push %rbp; mov %rsp, %rbp */
	static const unsigned char makes[] = { 0x55, 0x48, 0x89, 0xe5 };
	unsigned char code[sizeof(makes)];
	struct x86_instruction in;

	for (uint64_t at = s->start; at < s->inside->ip; at += in.length) {
		if (!x86_fetch(s->process, at, &in))
			return false;
		if (in.opcode == makes[0] && in.map == MAP_ONE &&
		    s->process->read(s->process->state, at, code, sizeof(code)) == 0 &&
		    memcmp(code, makes, sizeof(code)) == 0)
			return at + sizeof(makes) <= s->inside->ip;
	}
	return false;
}

/*
 * The way out of a function that takes arguments along, as those of JavaScript do, is not known,
 * but a frame pointer is enough where a call may have led here. What else calls preserve stays
 * unknown.
 */
static int by_frame_pointer(const struct search *s, struct x86_frame *ret)
{
	struct x86_frame caller = *s->inside;
	uint64_t at = caller.registers[X86_RBP], words[2];

	if (!s->end || s->contradictory || at < caller.registers[X86_RSP] || at % sizeof(at) ||
	    !has_frame_pointer(s) ||
	    s->process->read(s->process->state, at, words, sizeof(words)) < 0)
		return -ENOENT;
	caller.registers[X86_RBP] = words[0];
	caller.rbp_at = at;
	caller.ip = words[1];
	caller.registers[X86_RSP] = at + sizeof(words);
	if (x86_prove(s->process, &caller, s->start, s->inside->ip) == X86_NOT_CALLED)
		return -ENOENT;
	*ret = caller;
	return 0;
}

/* What a signal's handler returns to, with the ucontext_t on the stack: where it came. */
static int return_from_signal(const struct x86_process *p, struct x86_frame *frame)
{
	/* Behind its flags, its link and its stack (asm/ucontext.h). */
	uint64_t at = frame->registers[X86_RSP] + 5 * sizeof(uint64_t);
	struct sigcontext {
		uint64_t r8_to_r15[8], rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip;
	} context;
	int r = p->read(p->state, at, &context, sizeof(context));

	if (r < 0)
		return r;
	memcpy(&frame->registers[8], context.r8_to_r15, sizeof(context.r8_to_r15));
	frame->registers[X86_RSP] = context.rsp;
	frame->registers[X86_RBP] = context.rbp;
	frame->registers[X86_RBX] = context.rbx;
	frame->rbp_at = at + offsetof(struct sigcontext, rbp);
	frame->ip = context.rip;
	frame->exact = true;
	return 0;
}

static void look(struct search *s, bool careful)
{
	s->careful = careful;
	s->left = MOST_INSTRUCTIONS;
	s->n = s->done = 0;
	s->any = s->contradictory = false;
	add_way(s, s->inside, s->inside->ip);
	while (s->done < s->n && !s->proven)
		follow_way(s, s->ways[s->done++]);
}

int x86_return(const struct x86_process *process, struct x86_frame *frame)
{
	struct search s = { .process = process, .inside = frame };

	if (is_sigreturn(process, frame->ip))
		return return_from_signal(process, frame);
	if (process->function(process->state, frame->ip, &s.start, &s.end) < 0)
		s.start = s.end = 0;
	/* Within known bounds the same function goes on behind such a call. */
	if (s.end)
		look(&s, false);
	if (!s.proven)
		look(&s, true);
	if (!s.proven && (!s.any || s.contradictory || s.n == MOST_WAYS || !s.left))
		return by_frame_pointer(&s, frame);
	*frame = s.found;
	return 0;
}
