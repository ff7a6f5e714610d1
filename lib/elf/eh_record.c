/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of .eh_frame. */
#include "elf/eh_record.h"

#include <string.h>

#define LONG_LENGTH  0xffffffffu /* 64-bit DWARF */
#define MOST_LETTERS 8		 /* of an augmentation: five are known */

/* DW_EH_PE_*: how an address is stored, and what it is relative to. */
enum {
	ABSOLUTE = 0x00, /* as form: an address whole */
	UDATA2 = 0x02,
	UDATA4 = 0x03,
	UDATA8 = 0x04,
	SIGNED = 0x08,
	SDATA2 = 0x0a,
	SDATA4 = 0x0b,
	SDATA8 = 0x0c,
	FORM = 0x0f,
	RELATIVE = 0x10, /* to where it is stored */
	ALIGNED = 0x50,
	BASE = 0xf0,
};

/* ---- bytes ---- */

uint64_t eh_unsigned(struct eh_bytes *b, size_t len)
{
	uint64_t value = 0;

	if ((size_t)(b->end - b->at) < len) {
		b->ok = false;
		return 0;
	}
	for (size_t i = 0; i < len; i++)
		value |= (uint64_t)b->at[i] << (8 * i);
	b->at += len;
	b->address += len;
	return value;
}

/* VALUE, of which only so many BITS were stored. */
static uint64_t extend(uint64_t value, unsigned bits)
{
	return bits && bits < 64 && value >> (bits - 1) ? value | UINT64_MAX << bits : value;
}

int64_t eh_signed(struct eh_bytes *b, size_t len)
{
	return (int64_t)extend(eh_unsigned(b, len), 8 * (unsigned)len);
}

/* *bits: how many were stored. */
static uint64_t read_leb128(struct eh_bytes *b, unsigned *bits)
{
	uint64_t value = 0, byte = 0x80;

	for (*bits = 0; byte & 0x80 && *bits < 64; *bits += 7) {
		byte = eh_unsigned(b, 1);
		value |= (byte & 0x7f) << *bits;
	}
	if (byte & 0x80)
		b->ok = false;
	return value;
}

uint64_t eh_uleb128(struct eh_bytes *b)
{
	unsigned bits;

	return read_leb128(b, &bits);
}

int64_t eh_sleb128(struct eh_bytes *b)
{
	unsigned bits;
	uint64_t value = read_leb128(b, &bits);

	return (int64_t)extend(value, bits);
}

struct eh_bytes eh_block(struct eh_bytes *b, uint64_t len)
{
	struct eh_bytes block = *b;

	if (len > (uint64_t)(b->end - b->at)) {
		b->ok = false;
		len = (uint64_t)(b->end - b->at);
	}
	block.end = b->at + len;
	b->at += len;
	b->address += len;
	return block;
}

/* ---- addresses ---- */

/* Bytes of a stored address, 0 for a form that has no fixed number of them. */
static size_t stored_size(int encoding, unsigned word)
{
	static const unsigned char sizes[] = {
		[UDATA2] = 2, [UDATA4] = 4, [UDATA8] = 8, [SDATA2] = 2, [SDATA4] = 4, [SDATA8] = 8,
	};
	size_t form = encoding & FORM;

	if (form == ABSOLUTE)
		return word;
	return form < sizeof(sizes) ? sizes[form] : 0;
}

static uint64_t whole_word(uint64_t address, unsigned word)
{
	return word == 4 ? (uint32_t)address : address;
}

/* Of an encoding that is_usable(). */
static uint64_t read_address(struct eh_bytes *b, int encoding, unsigned word)
{
	uint64_t from = (encoding & BASE) == RELATIVE ? b->address : 0;
	size_t size = stored_size(encoding, word);

	if (encoding & SIGNED)
		return whole_word(from + (uint64_t)eh_signed(b, size), word);
	return whole_word(from + eh_unsigned(b, size), word);
}

static bool is_usable(int encoding, unsigned word)
{
	int base = encoding & BASE;

	return stored_size(encoding, word) && (base == ABSOLUTE || base == RELATIVE);
}

/* ---- records ---- */

bool eh_open_record(struct eh_bytes *b)
{
	uint64_t length = eh_unsigned(b, 4);

	if (!b->ok || length == 0 || length == LONG_LENGTH || length > (uint64_t)(b->end - b->at))
		return false;
	b->end = b->at + length;
	return true;
}

/* What the LETTERS of an augmentation say of its data. */
static void read_augmentation(struct eh_bytes *b, const char *letters, struct eh_cie *cie)
{
	int encoding = ABSOLUTE;

	cie->encoding = -1;
	for (; *letters && b->ok; letters++) {
		int stored;

		cie->signal = cie->signal || *letters == 'S';
		if (strchr("SBG", *letters)) /* marks without data */
			continue;
		stored = (int)eh_unsigned(b, 1);
		if (*letters == 'R')
			encoding = stored;
		else if (*letters == 'P' && stored_size(stored, cie->word) &&
			 (stored & BASE) != ALIGNED)
			eh_unsigned(b, stored_size(stored, cie->word));
		else if (*letters != 'L')
			return;
	}
	if (b->ok && is_usable(encoding, cie->word))
		cie->encoding = encoding;
}

bool eh_read_cie(struct eh_bytes b, unsigned word, struct eh_cie *ret)
{
	struct eh_cie cie = { .word = word, .encoding = ABSOLUTE };
	uint64_t mark = eh_unsigned(&b, 4), version = eh_unsigned(&b, 1);
	char letters[MOST_LETTERS + 1] = "";
	size_t n = 0;

	while (n < sizeof(letters) && (letters[n] = (char)eh_unsigned(&b, 1)))
		n++;
	if (!b.ok || mark || n == sizeof(letters) || (version != 1 && version != 3) ||
	    (n && letters[0] != 'z'))
		return false;
	cie.code_factor = eh_uleb128(&b);
	cie.data_factor = eh_sleb128(&b);
	cie.return_register = version == 1 ? eh_unsigned(&b, 1) : eh_uleb128(&b);
	cie.augmented = n > 0;
	if (n) {
		struct eh_bytes data = eh_block(&b, eh_uleb128(&b));

		read_augmentation(&data, letters + 1, &cie);
	}
	cie.program = b;
	*ret = cie;
	return b.ok;
}

bool eh_read_fde(struct eh_bytes b, const struct eh_cie *cie, struct eh_fde *ret)
{
	struct eh_fde fde;

	if (cie->encoding < 0)
		return false;
	fde.start = read_address(&b, cie->encoding, cie->word);
	fde.range = read_address(&b, cie->encoding & FORM, cie->word);
	if (cie->augmented)
		eh_block(&b, eh_uleb128(&b));
	fde.program = b;
	*ret = fde;
	return b.ok && fde.range;
}
