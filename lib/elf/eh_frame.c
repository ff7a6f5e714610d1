/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in .eh_frame the record of each function is. */
#include "elf/eh_frame.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What is read next, and where it ends. */
struct cursor {
	const unsigned char *at, *end;
	bool ok; /* false once something lay behind the end: zeros were read */
};

struct frames {
	const unsigned char *bytes;
	size_t size;
	uint64_t address, base;
	const unsigned char *cie; /* that was read last, NULL at first */
	int encoding;		  /* of the addresses in its FDEs; negative: not known */
	struct eh_frame_row *rows;
	size_t n_rows;
};

#define LONG_LENGTH  0xffffffffu /* 64-bit DWARF: no linker writes it there */
#define MOST_LETTERS 8		 /* of an augmentation: five are known */
#define MOST_LEB128  10		 /* bytes of a number of 64 bits */

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

static uint64_t read_unsigned(struct cursor *c, size_t len)
{
	uint64_t value = 0;

	if ((size_t)(c->end - c->at) < len) {
		c->ok = false;
		return 0;
	}
	for (size_t i = 0; i < len; i++)
		value |= (uint64_t)c->at[i] << (8 * i);
	c->at += len;
	return value;
}

static void skip_leb128(struct cursor *c)
{
	for (size_t i = 0; i < MOST_LEB128; i++)
		if (!(read_unsigned(c, 1) & 0x80))
			return;
	c->ok = false;
}

/* Bytes of a stored address, 0 for a form that has no fixed number of them. */
static size_t stored_size(int encoding)
{
	static const unsigned char sizes[] = {
		[ABSOLUTE] = 8, [UDATA2] = 2, [UDATA4] = 4, [UDATA8] = 8,
		[SDATA2] = 2,	[SDATA4] = 4, [SDATA8] = 8,
	};
	size_t form = encoding & FORM;

	return form < sizeof(sizes) ? sizes[form] : 0;
}

static uint64_t address_of(const struct frames *f, const unsigned char *at)
{
	return f->address + (uint64_t)(at - f->bytes);
}

/* Of an encoding that is_usable(). */
static uint64_t read_address(const struct frames *f, struct cursor *c, int encoding)
{
	uint64_t from = (encoding & BASE) == RELATIVE ? address_of(f, c->at) : 0;
	size_t size = stored_size(encoding);
	uint64_t value = read_unsigned(c, size);

	if (encoding & SIGNED && size < sizeof(value) && value >> (8 * size - 1))
		value |= UINT64_MAX << (8 * size);
	return from + value;
}

static bool is_usable(int encoding)
{
	int base = encoding & BASE;

	return stored_size(encoding) && (base == ABSOLUTE || base == RELATIVE);
}

/* ---- records ---- */

/* The encoding that an augmentation's data, at the cursor, names for addresses; -1 for none. */
static int find_encoding(struct cursor *c, const char *letters)
{
	for (; *letters && c->ok; letters++) {
		int encoding;

		if (strchr("SBG", *letters)) /* marks without data */
			continue;
		encoding = (int)read_unsigned(c, 1);
		if (*letters == 'R')
			return c->ok ? encoding : -1;
		if (*letters == 'P' && stored_size(encoding) &&
		    (encoding & BASE) != ALIGNED)
			read_unsigned(c, stored_size(encoding));
		else if (*letters != 'L')
			return -1;
	}
	return c->ok ? ABSOLUTE : -1;
}

/* How a CIE, behind its length and mark, says that addresses are stored; negative: unknown. */
static int read_cie(struct cursor *c)
{
	unsigned version = (unsigned)read_unsigned(c, 1);
	char letters[MOST_LETTERS + 1] = "";
	size_t n = 0;

	while (n < sizeof(letters) && (letters[n] = (char)read_unsigned(c, 1)))
		n++;
	if (!c->ok || n == sizeof(letters) || (version != 1 && version != 3))
		return -1;
	skip_leb128(c); /* factors of code and data, the register of the return address */
	skip_leb128(c);
	if (version == 1)
		read_unsigned(c, 1);
	else
		skip_leb128(c);
	if (!n)
		return ABSOLUTE;
	if (letters[0] != 'z')
		return -1;
	skip_leb128(c);
	return find_encoding(c, letters + 1);
}

/* The cursor over the record at AT, behind its length. False when it is not whole. */
static bool open_record(const struct frames *f, const unsigned char *at, struct cursor *ret)
{
	const unsigned char *end = f->bytes + f->size;
	struct cursor c = { at, end, true };
	uint64_t length = read_unsigned(&c, 4);

	if (!c.ok || length == LONG_LENGTH || length > (uint64_t)(end - c.at))
		return false;
	c.end = c.at + length;
	*ret = c;
	return true;
}

/* Looks into the CIE at AT, unless it was the last one. */
static void take_cie(struct frames *f, const unsigned char *at)
{
	struct cursor c;

	if (f->cie == at)
		return;
	f->cie = at;
	f->encoding = -1;
	if (open_record(f, at, &c) && read_unsigned(&c, 4) == 0 && c.ok)
		f->encoding = read_cie(&c);
}

static bool fits(uint64_t distance)
{
	return (uint64_t)(int64_t)(int32_t)distance == distance;
}

/* The row of the record at AT; the cursor is behind its length. False when it has none. */
static bool read_row(struct frames *f, const unsigned char *at, struct cursor *c,
		     struct eh_frame_row *ret)
{
	const unsigned char *mark = c->at;
	uint64_t back = read_unsigned(c, 4), start, range, record;

	if (!c->ok || back == 0 || back > (uint64_t)(mark - f->bytes)) /* a CIE, or broken */
		return false;
	take_cie(f, mark - back);
	if (f->encoding < 0 || !is_usable(f->encoding))
		return false;
	start = read_address(f, c, f->encoding) - f->base;
	range = read_address(f, c, f->encoding & FORM);
	record = address_of(f, at) - f->base;
	if (!c->ok || !range || !fits(start) || !fits(record))
		return false;
	*ret = (struct eh_frame_row){ (int32_t)start, (int32_t)record };
	return true;
}

static int add_row(struct frames *f, const struct eh_frame_row *row)
{
	struct eh_frame_row *more;

	if ((f->n_rows & (f->n_rows - 1)) == 0) {
		more = reallocarray(f->rows, f->n_rows ? 2 * f->n_rows : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		f->rows = more;
	}
	f->rows[f->n_rows++] = *row;
	return 0;
}

/* A length of zero ends what one object brought: linkers may leave some between. */
static int read_records(struct frames *f)
{
	const unsigned char *at = f->bytes;
	struct cursor c;

	while (open_record(f, at, &c)) {
		const unsigned char *end = c.end;
		struct eh_frame_row row;

		if (read_row(f, at, &c, &row) && add_row(f, &row) < 0)
			return -ENOMEM;
		at = end;
	}
	return 0;
}

static int by_start(const void *pa, const void *pb)
{
	const struct eh_frame_row *a = pa, *b = pb;

	return (a->start > b->start) - (a->start < b->start);
}

int64_t eh_frame_table(const unsigned char *bytes, size_t size, uint64_t address, uint64_t base,
		       struct eh_frame_row **ret)
{
	struct frames f = { .bytes = bytes, .size = size, .address = address, .base = base };

	if (read_records(&f) < 0) {
		free(f.rows);
		return -ENOMEM;
	}
	if (f.n_rows)
		qsort(f.rows, f.n_rows, sizeof(*f.rows), by_start);
	*ret = f.rows;
	return (int64_t)f.n_rows;
}
