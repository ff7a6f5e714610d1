/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a function keeps what its caller had: call frame instructions (DWARF 5, 6.4.2). */
#include "elf/cfi_rules.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

#define MOST_REMEMBERED 8 /* compilers remember one */

/* What an instruction does. */
enum effect {
	UNKNOWN,
	NOTHING,
	ADVANCE,
	SET_RULE,
	RESTORE,
	REMEMBER,
	RECALL,
	SET_FRAME,
	SET_FRAME_REGISTER,
	SET_FRAME_OFFSET,
	SET_FRAME_EXPRESSION,
};

/*
 * Operands: `r` a register, `R` another one, `u` a number, `U` `S` an unsigned and a signed one to
 * multiply by the CIE's factor, `1` `2` `4` bytes, `b` a block.
 */
struct instruction {
	enum effect effect;
	const char *operands;
	enum cfi_kind kind; /* of the rule that is set */
};

static const struct instruction instructions[] = {
	[0x00] = { NOTHING, "", 0 },
	[0x02] = { ADVANCE, "1", 0 },
	[0x03] = { ADVANCE, "2", 0 },
	[0x04] = { ADVANCE, "4", 0 },
	[0x05] = { SET_RULE, "rU", CFI_AT },
	[0x06] = { RESTORE, "r", 0 },
	[0x07] = { SET_RULE, "r", CFI_UNDEFINED },
	[0x08] = { SET_RULE, "r", CFI_SAME },
	[0x09] = { SET_RULE, "rR", CFI_REGISTER },
	[0x0a] = { REMEMBER, "", 0 },
	[0x0b] = { RECALL, "", 0 },
	[0x0c] = { SET_FRAME, "Ru", 0 },
	[0x0d] = { SET_FRAME_REGISTER, "R", 0 },
	[0x0e] = { SET_FRAME_OFFSET, "u", 0 },
	[0x0f] = { SET_FRAME_EXPRESSION, "b", 0 },
	[0x10] = { SET_RULE, "rb", CFI_EXPRESSION },
	[0x11] = { SET_RULE, "rS", CFI_AT },
	[0x12] = { SET_FRAME, "RS", 0 },
	[0x13] = { SET_FRAME_OFFSET, "S", 0 },
	[0x14] = { SET_RULE, "rU", CFI_IS },
	[0x15] = { SET_RULE, "rS", CFI_IS },
	[0x16] = { SET_RULE, "rb", CFI_IS_EXPRESSION },
	[0x2e] = { NOTHING, "u", 0 }, /* DW_CFA_GNU_args_size: of the stack alone */
};

/* Those with an operand in their own byte. */
static const struct instruction short_instructions[] = {
	[1] = { ADVANCE, "", 0 },
	[2] = { SET_RULE, "U", CFI_AT },
	[3] = { RESTORE, "", 0 },
};

struct machine {
	const struct eh_cie *cie;
	uint64_t location;
	struct cfi_rules rules, initial, remembered[MOST_REMEMBERED];
	size_t n_remembered;
};

/* An instruction's operands, all in one: `to` is the register whose rule is set. */
struct operands {
	uint64_t to, number;
	struct cfi_rule rule;
};

static void read_operand(const struct machine *m, struct eh_bytes *b, char form,
			 struct operands *to)
{
	const struct eh_cie *cie = m->cie;

	switch (form) {
	case 'r':
		to->to = eh_uleb128(b);
		break;
	case 'R':
		to->rule.reg = eh_uleb128(b);
		break;
	case 'u':
		to->rule.offset = (int64_t)eh_uleb128(b);
		break;
	case 'U':
		to->rule.offset = (int64_t)(eh_uleb128(b) * (uint64_t)cie->data_factor);
		break;
	case 'S':
		to->rule.offset = (int64_t)((uint64_t)eh_sleb128(b) * (uint64_t)cie->data_factor);
		break;
	case 'b':
		to->rule.expression = eh_block(b, eh_uleb128(b));
		break;
	default:
		to->number = eh_unsigned(b, (size_t)(form - '0'));
	}
}

/* Registers that we do not follow have rules, too. */
static bool set_rule(struct machine *m, uint64_t number, const struct cfi_rule *rule)
{
	if (number < CFI_REGISTERS)
		m->rules.registers[number] = *rule;
	return true;
}

static bool remember(struct machine *m)
{
	if (m->n_remembered == MOST_REMEMBERED)
		return false;
	m->remembered[m->n_remembered++] = m->rules;
	return true;
}

static bool recall(struct machine *m)
{
	if (!m->n_remembered)
		return false;
	m->rules = m->remembered[--m->n_remembered];
	return true;
}

static bool carry_out(struct machine *m, enum effect effect, const struct operands *o)
{
	struct cfi_rule *frame = &m->rules.frame;

	switch (effect) {
	case UNKNOWN:
		return false;
	case NOTHING:
		return true;
	case ADVANCE:
		m->location += o->number * m->cie->code_factor;
		return true;
	case SET_RULE:
		return set_rule(m, o->to, &o->rule);
	case RESTORE:
		return o->to >= CFI_REGISTERS || set_rule(m, o->to, &m->initial.registers[o->to]);
	case REMEMBER:
		return remember(m);
	case RECALL:
		return recall(m);
	case SET_FRAME:
		*frame = o->rule;
		frame->kind = CFI_REGISTER;
		return true;
	case SET_FRAME_REGISTER:
		frame->reg = o->rule.reg;
		return frame->kind == CFI_REGISTER;
	case SET_FRAME_OFFSET:
		frame->offset = o->rule.offset;
		return frame->kind == CFI_REGISTER;
	case SET_FRAME_EXPRESSION:
		*frame = o->rule;
		frame->kind = CFI_EXPRESSION;
		return true;
	}
	return false;
}

/* One instruction. False when it cannot be followed. */
static bool follow(struct machine *m, struct eh_bytes *b)
{
	unsigned code = (unsigned)eh_unsigned(b, 1), low = code & 0x3f;
	const struct instruction *in;
	struct operands o = { .to = low, .number = low };

	if (code > 0x3f)
		in = &short_instructions[code >> 6];
	else if (code < ARRAY_SIZE(instructions))
		in = &instructions[code];
	else
		return false;
	o.rule.kind = in->kind;
	for (const char *form = in->operands; form && *form; form++)
		read_operand(m, b, *form, &o);
	return b->ok && carry_out(m, in->effect, &o);
}

/* Those that say how things are at ADDRESS; each takes at least a byte. */
static bool follow_until(struct machine *m, struct eh_bytes program, uint64_t address)
{
	while (program.at < program.end && m->location <= address)
		if (!follow(m, &program))
			return false;
	return true;
}

int cfi_rules_at(const struct eh_cie *cie, const struct eh_fde *fde, uint64_t address,
		 struct cfi_rules *ret)
{
	struct machine m = { .cie = cie, .location = 0 };

	/* That of the stack is what a call left (System V ABI). */
	m.rules.registers[CFI_ESP].kind = CFI_IS;
	if (address - fde->start >= fde->range || !follow_until(&m, cie->program, UINT64_MAX))
		return -EINVAL;
	m.initial = m.rules;
	m.location = fde->start;
	if (!follow_until(&m, fde->program, address))
		return -EINVAL;
	*ret = m.rules;
	return 0;
}
