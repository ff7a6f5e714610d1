/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in .eh_frame the record of each function is. */
#include "elf/eh_frame.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "elf/eh_record.h"

struct frames {
	const unsigned char *bytes;
	size_t size;
	uint64_t address, base;
	unsigned word;
	const unsigned char *cie; /* that was read last, NULL at first */
	bool known;		  /* what it says: */
	struct eh_cie common;
	struct eh_frame_row *rows;
	size_t n_rows;
};

static struct eh_bytes bytes_from(const struct frames *f, const unsigned char *at)
{
	return (struct eh_bytes){ at, f->bytes + f->size, f->address + (uint64_t)(at - f->bytes),
				  true };
}

/* Looks into the CIE at AT, unless it was the last one. */
static void take_cie(struct frames *f, const unsigned char *at)
{
	struct eh_bytes record = bytes_from(f, at);

	if (f->cie == at)
		return;
	f->cie = at;
	f->known = eh_open_record(&record) && eh_read_cie(record, f->word, &f->common);
}

static bool fits(uint64_t distance)
{
	return (uint64_t)(int64_t)(int32_t)distance == distance;
}

/* The row of a record at ADDRESS whose length has been read. False when it has none. */
static bool read_row(struct frames *f, uint64_t address, struct eh_bytes record,
		     struct eh_frame_row *ret)
{
	const unsigned char *mark = record.at;
	uint64_t back = eh_unsigned(&record, 4), start;
	struct eh_fde fde;

	if (!record.ok || back == 0 || back > (uint64_t)(mark - f->bytes)) /* a CIE, or broken */
		return false;
	take_cie(f, mark - back);
	if (!f->known || !eh_read_fde(record, &f->common, &fde))
		return false;
	start = fde.start - f->base;
	address -= f->base;
	if (!fits(start) || !fits(address))
		return false;
	*ret = (struct eh_frame_row){ (int32_t)start, (int32_t)address };
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
	struct eh_bytes all = bytes_from(f, f->bytes);

	while (all.end - all.at >= 4) {
		struct eh_bytes record = all;
		struct eh_frame_row row;
		uint64_t address = all.address;

		if (eh_unsigned(&all, 4) == 0)
			continue;
		if (!eh_open_record(&record))
			break;
		if (read_row(f, address, record, &row) && add_row(f, &row) < 0)
			return -ENOMEM;
		eh_block(&all, (uint64_t)(record.end - all.at));
	}
	return 0;
}

static int by_start(const void *pa, const void *pb)
{
	const struct eh_frame_row *a = pa, *b = pb;

	return (a->start > b->start) - (a->start < b->start);
}

int64_t eh_frame_table(const unsigned char *bytes, size_t size, uint64_t address, uint64_t base,
		       unsigned word, struct eh_frame_row **ret)
{
	struct frames f = {
		.bytes = bytes, .size = size, .address = address, .base = base, .word = word
	};

	if (read_records(&f) < 0) {
		free(f.rows);
		return -ENOMEM;
	}
	if (f.n_rows)
		qsort(f.rows, f.n_rows, sizeof(*f.rows), by_start);
	*ret = f.rows;
	return (int64_t)f.n_rows;
}
