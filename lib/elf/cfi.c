/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a frame of 32-bit x86 code to the one that called it. */
#include "elf/cfi.h"

#include <errno.h>

#include "elf/cfi_rules.h"

/* Memory and registers that rules are about. */
struct machine {
	cfi_read *read;
	void *state;
	const struct cfi_frame *frame;
	uint32_t address; /* of the frame, once it is known */
};

static int get(const struct machine *m, uint64_t number, uint32_t *ret)
{
	if (number >= CFI_REGISTERS || !(m->frame->known & 1u << number))
		return -EINVAL;
	*ret = m->frame->registers[number];
	return 0;
}

/* ---- expressions (DWARF 5, 2.5) ---- */

#define MOST_VALUES 16

enum {
	OP_DEREF = 0x06,
	OP_CONST1U = 0x08, /* and so on by size, unsigned and signed */
	OP_CONST4S = 0x0d,
	OP_CONSTU = 0x10,
	OP_CONSTS = 0x11,
	OP_DUP = 0x12,
	OP_AND = 0x1a,
	OP_MINUS = 0x1c,
	OP_MUL = 0x1e,
	OP_OR = 0x21,
	OP_PLUS = 0x22,
	OP_PLUS_UCONST = 0x23,
	OP_SHL = 0x24,
	OP_SHR = 0x25,
	OP_XOR = 0x27,
	OP_EQ = 0x29,
	OP_GE = 0x2a,
	OP_GT = 0x2b,
	OP_LE = 0x2c,
	OP_LT = 0x2d,
	OP_NE = 0x2e,
	OP_LIT0 = 0x30,
	OP_BREG0 = 0x70,
	OP_BREG31 = 0x8f,
};

struct values {
	uint32_t all[MOST_VALUES];
	unsigned n;
};

static int push(struct values *v, uint64_t value)
{
	if (v->n == MOST_VALUES)
		return -EINVAL;
	v->all[v->n++] = (uint32_t)value;
	return 0;
}

/* What brings a value of its own: a constant, or a register and a distance. */
static int push_operand(const struct machine *m, struct values *v, unsigned op,
			struct eh_bytes *b)
{
	uint32_t value;
	int r;

	if (op >= OP_CONST1U && op <= OP_CONST4S) {
		size_t size = (size_t)1 << (op - OP_CONST1U) / 2;

		return push(v, op % 2 ? (uint64_t)eh_signed(b, size) : eh_unsigned(b, size));
	}
	if (op == OP_CONSTU)
		return push(v, eh_uleb128(b));
	if (op == OP_CONSTS)
		return push(v, (uint64_t)eh_sleb128(b));
	if (op >= OP_LIT0 && op < OP_BREG0)
		return op < OP_LIT0 + 32 ? push(v, op - OP_LIT0) : -EINVAL;
	if (op < OP_BREG0 || op > OP_BREG31)
		return -EINVAL;
	r = get(m, op - OP_BREG0, &value);
	return r < 0 ? r : push(v, value + (uint64_t)eh_sleb128(b));
}

/* What is made of the last value. */
static int change(const struct machine *m, struct values *v, unsigned op, struct eh_bytes *b)
{
	uint32_t *last = &v->all[v->n - 1];

	if (op == OP_DUP)
		return push(v, *last);
	if (op == OP_DEREF)
		return m->read(m->state, *last, last);
	*last += (uint32_t)eh_uleb128(b); /* OP_PLUS_UCONST */
	return 0;
}

/* What is made of two: comparisons are of signed numbers. */
static int combine(struct values *v, unsigned op)
{
	uint32_t y = v->all[--v->n], *x = &v->all[v->n - 1];
	int32_t sx = (int32_t)*x, sy = (int32_t)y;

	switch (op) {
	case OP_AND:
		*x &= y;
		return 0;
	case OP_OR:
		*x |= y;
		return 0;
	case OP_XOR:
		*x ^= y;
		return 0;
	case OP_PLUS:
		*x += y;
		return 0;
	case OP_MINUS:
		*x -= y;
		return 0;
	case OP_MUL:
		*x *= y;
		return 0;
	case OP_SHL:
		*x = y < 32 ? *x << y : 0;
		return 0;
	case OP_SHR:
		*x = y < 32 ? *x >> y : 0;
		return 0;
	case OP_EQ:
		*x = sx == sy;
		return 0;
	case OP_GE:
		*x = sx >= sy;
		return 0;
	case OP_GT:
		*x = sx > sy;
		return 0;
	case OP_LE:
		*x = sx <= sy;
		return 0;
	case OP_LT:
		*x = sx < sy;
		return 0;
	case OP_NE:
		*x = sx != sy;
		return 0;
	default:
		return -EINVAL;
	}
}

static int apply(const struct machine *m, struct values *v, unsigned op, struct eh_bytes *b)
{
	if (op == OP_DUP || op == OP_DEREF || op == OP_PLUS_UCONST)
		return v->n ? change(m, v, op, b) : -EINVAL;
	if (op >= OP_AND && op <= OP_NE)
		return v->n > 1 ? combine(v, op) : -EINVAL;
	return push_operand(m, v, op, b);
}

/* An expression in a rule for a register begins with the frame's address. */
static int evaluate(const struct machine *m, struct eh_bytes expression, bool begun, uint32_t *ret)
{
	struct values v = { .n = 0 };
	int r = begun ? push(&v, m->address) : 0;

	while (r == 0 && expression.at < expression.end)
		r = apply(m, &v, (unsigned)eh_unsigned(&expression, 1), &expression);
	if (r < 0)
		return r;
	if (!expression.ok || !v.n)
		return -EINVAL;
	*ret = v.all[v.n - 1];
	return 0;
}

/* ---- rules ---- */

static int frame_address(const struct machine *m, const struct cfi_rule *rule, uint32_t *ret)
{
	uint32_t value;
	int r;

	if (rule->kind == CFI_EXPRESSION)
		return evaluate(m, rule->expression, false, ret);
	if (rule->kind != CFI_REGISTER)
		return -EINVAL;
	r = get(m, rule->reg, &value);
	if (r == 0)
		*ret = value + (uint32_t)rule->offset;
	return r;
}

/* What register NUMBER had in the frame outside; -ENOENT when nobody knows. */
static int value_outside(const struct machine *m, unsigned number, const struct cfi_rule *rule,
			 uint32_t *ret)
{
	uint32_t at;
	int r;

	switch (rule->kind) {
	case CFI_SAME:
		return get(m, number, ret) < 0 ? -ENOENT : 0;
	case CFI_UNDEFINED:
		return -ENOENT;
	case CFI_AT:
		return m->read(m->state, m->address + (uint32_t)rule->offset, ret);
	case CFI_IS:
		*ret = m->address + (uint32_t)rule->offset;
		return 0;
	case CFI_REGISTER:
		return get(m, rule->reg, ret) < 0 ? -ENOENT : 0;
	case CFI_EXPRESSION:
		r = evaluate(m, rule->expression, true, &at);
		return r < 0 ? r : m->read(m->state, at, ret);
	case CFI_IS_EXPRESSION:
		return evaluate(m, rule->expression, true, ret);
	}
	return -EINVAL;
}

int cfi_step(const struct eh_cie *cie, const struct eh_fde *fde, uint32_t address, cfi_read *read,
	     void *state, struct cfi_frame *frame)
{
	struct machine m = { .read = read, .state = state, .frame = frame };
	struct cfi_frame outside = { .known = 0 };
	struct cfi_rules rules;
	int r = cie->return_register == CFI_EIP ? cfi_rules_at(cie, fde, address, &rules) : -EINVAL;

	if (r == 0)
		r = frame_address(&m, &rules.frame, &m.address);
	for (unsigned i = 0; r == 0 && i < CFI_REGISTERS; i++) {
		r = value_outside(&m, i, &rules.registers[i], &outside.registers[i]);
		if (r == 0)
			outside.known |= (uint16_t)(1u << i);
		else if (r == -ENOENT && i != CFI_EIP)
			r = 0;
	}
	if (r == 0)
		*frame = outside;
	return r;
}
