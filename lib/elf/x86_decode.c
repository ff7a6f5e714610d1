/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One x86-64 instruction.
 *
 * Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, appendix A.
 */
#include "elf/x86_decode.h"

#include <string.h>

struct cursor {
	const unsigned char *at, *end;
};

static bool take(struct cursor *c, unsigned char *ret)
{
	if (c->at == c->end)
		return false;
	*ret = *c->at++;
	return true;
}

/* A signed number of SIZE bytes, least significant first. */
static bool take_number(struct cursor *c, unsigned size, int64_t *ret)
{
	uint64_t value = 0;

	if ((size_t)(c->end - c->at) < size)
		return false;
	for (unsigned i = 0; i < size; i++)
		value |= (uint64_t)*c->at++ << (8 * i);
	if (size && size < 8 && value >> (8 * size - 1))
		value |= UINT64_MAX << (8 * size);
	*ret = (int64_t)value;
	return true;
}

static bool is_prefix(unsigned char byte)
{
	return byte && strchr("\x66\x67\xf2\xf3\xf0\x2e\x36\x3e\x26\x64\x65", byte);
}

/* VEX (two or three bytes) and EVEX: which map the opcode is in, then the opcode. */
static bool take_vector(struct cursor *c, unsigned char first, struct x86_instruction *in)
{
	unsigned char byte = 0, map = 0;
	unsigned more = first == 0xc5 ? 1 : first == 0xc4 ? 2 : 3;

	for (unsigned i = 0; i < more; i++) {
		if (!take(c, &byte))
			return false;
		map = i == 0 ? byte : map;
	}
	in->vector = true;
	map = first == 0xc5 ? MAP_0F : map & 7;
	in->map = map > MAP_0F3A ? MAP_0F38 : map; /* maps 5 and 6 have a ModRM byte each */
	return in->map != MAP_ONE && take(c, &in->opcode);
}

static bool take_opcode(struct cursor *c, struct x86_instruction *in)
{
	if (!take(c, &in->opcode))
		return false;
	while (is_prefix(in->opcode)) {
		in->operand16 = in->operand16 || in->opcode == 0x66;
		if (!take(c, &in->opcode))
			return false;
	}
	if ((in->opcode & 0xf0) == 0x40) {
		in->rex = in->opcode & 0x0f;
		if (!take(c, &in->opcode))
			return false;
	}
	if (in->opcode == 0xc4 || in->opcode == 0xc5 || in->opcode == 0x62)
		return take_vector(c, in->opcode, in);
	if (in->opcode != 0x0f)
		return true;
	in->map = MAP_0F;
	if (!take(c, &in->opcode))
		return false;
	if (in->opcode == 0x38 || in->opcode == 0x3a) {
		in->map = in->opcode == 0x38 ? MAP_0F38 : MAP_0F3A;
		return take(c, &in->opcode);
	}
	return true;
}

/*
 * What follows each opcode: `m` a ModRM byte, `1` `2` `4` an immediate of so many bytes, `M` `N`
 * ModRM and an immediate of 1 or 4, `v` one of 8 with REX.W, else 4; `o` an address; `t` `T` the
 * group of TEST (F6, F7); `.` nothing; `!` no instruction in 64-bit mode. `4`, `N` and `v` are two
 * bytes shorter with the 66 prefix. Sixteen opcodes a line.
 */
static const char one_byte[] = "mmmm14!!mmmm14!!"
			       "mmmm14!!mmmm14!!"
			       "mmmm14!!mmmm14!!"
			       "mmmm14!!mmmm14!!"
			       "!!!!!!!!!!!!!!!!"
			       "................"
			       "!!!m!!!!4N1M...."
			       "1111111111111111"
			       "MN!Mmmmmmmmmmmmm"
			       "..........!....."
			       "oooo....14......"
			       "11111111vvvvvvvv"
			       "MM2.!!MN3.2..1!."
			       "mmmm!!!.mmmmmmmm"
			       "11111111rr!1...."
			       "!.!!..tT......mm";

static const char two_byte[] = "mmmm!.....!.!m.!"
			       "mmmmmmmmmmmmmmmm"
			       "mmmm!!!!mmmmmmmm"
			       "........!!!!!!!!"
			       "mmmmmmmmmmmmmmmm"
			       "mmmmmmmmmmmmmmmm"
			       "mmmmmmmmmmmmmmmm"
			       "MMMMmmm.mmmmmmmm"
			       "rrrrrrrrrrrrrrrr"
			       "mmmmmmmmmmmmmmmm"
			       "...mMm!!...mMmmm"
			       "mmmmmmmmmmMmmmmm"
			       "mmMmMMMm........"
			       "mmmmmmmmmmmmmmmm"
			       "mmmmmmmmmmmmmmmm"
			       "mmmmmmmmmmmmmmmm";
_Static_assert(sizeof(one_byte) == 257 && sizeof(two_byte) == 257, "a letter an opcode");

static char form_of(const struct x86_instruction *in)
{
	switch (in->map) {
	case MAP_ONE:
		return one_byte[in->opcode];
	case MAP_0F:
		return two_byte[in->opcode];
	case MAP_0F38:
		return 'm';
	default:
		return 'M';
	}
}

static bool take_modrm(struct cursor *c, struct x86_instruction *in)
{
	unsigned mod, rm, size;

	if (!take(c, &in->modrm))
		return false;
	in->has_modrm = true;
	mod = in->modrm >> 6;
	rm = in->modrm & 7;
	if (mod == 3)
		return true;
	if (rm == 4 && !take(c, &in->sib))
		return false;
	size = mod == 1 ? 1 : mod == 2 ? 4 : 0;
	if (mod == 0 && (rm == 5 || (rm == 4 && (in->sib & 7) == 5)))
		size = 4;
	in->rip_relative = mod == 0 && rm == 5;
	return take_number(c, size, &in->displacement);
}

static unsigned immediate_size(const struct x86_instruction *in, char form)
{
	unsigned full = in->operand16 ? 2 : 4, group = (in->modrm >> 3) & 7;

	switch (form) {
	case '1':
	case 'M':
		return 1;
	case '2':
		return 2;
	case '3':
		return 3;
	case '4':
	case 'N':
		return full;
	case 'r': /* a distance: the 66 prefix changes nothing */
		return 4;
	case 'v':
		return in->rex & REX_W ? 8 : full;
	case 'o':
		return 8;
	case 't':
		return group < 2 ? 1 : 0;
	case 'T':
		return group < 2 ? full : 0;
	default:
		return 0;
	}
}

bool x86_decode(const unsigned char *code, size_t len, struct x86_instruction *in)
{
	struct cursor c = { code, code + len };
	char form;

	*in = (struct x86_instruction){ 0 };
	if (!take_opcode(&c, in))
		return false;
	form = in->vector && in->map == MAP_0F && in->opcode == 0x77 ? '.' : form_of(in);
	if (form == '!')
		return false;
	if (strchr("mMNtT", form) && !take_modrm(&c, in))
		return false;
	in->immediate_size = immediate_size(in, form);
	if (!take_number(&c, in->immediate_size, &in->immediate))
		return false;
	in->length = (size_t)(c.at - code);
	return true;
}
