/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in a process the record of a function is that unwinding goes by. */
#include "tracer/unwind_table.h"

#include <errno.h>

/* The start of .eh_frame_hdr (Linux Standard Base, "Exception Frames"). */
struct eh_frame_header {
	uint8_t version, frame_encoding, count_encoding, table_encoding;
	int32_t frame;
	uint32_t count;
};
/* pcrel sdata4, udata4, datarel sdata4: what linkers write. */
#define USUAL_ENCODINGS(h)                                                                         \
	((h).version == 1 && (h).frame_encoding == 0x1b && (h).count_encoding == 0x03 &&           \
	 (h).table_encoding == 0x3b)

int unwind_table_rows(struct pages *pages, const struct unwind_table *table,
		      struct unwind_rows *ret)
{
	struct eh_frame_header header;
	int r;

	if (!table->header) {
		*ret = (struct unwind_rows){ table->rows, 0, table->n_rows, table->base };
		return 0;
	}
	r = pages_read(pages, table->header, &header, sizeof(header));
	if (r < 0)
		return r;
	if (!USUAL_ENCODINGS(header))
		return -EINVAL;
	*ret = (struct unwind_rows){ NULL, table->header + sizeof(header), header.count,
				     table->header };
	return 0;
}

static int read_row(struct pages *pages, const struct unwind_rows *rows, size_t i,
		    struct eh_frame_row *ret)
{
	if (!rows->here)
		return pages_read(pages, rows->there + i * sizeof(*ret), ret, sizeof(*ret));
	*ret = rows->here[i];
	return 0;
}

int unwind_table_record(struct pages *pages, const struct unwind_table *table, uint64_t address,
			uint64_t *record)
{
	struct unwind_rows rows;
	struct eh_frame_row row;
	size_t low = 0, high;
	int r = unwind_table_rows(pages, table, &rows);

	if (r < 0)
		return r;
	for (high = rows.n; low < high;) { /* LOW: how many are known to start at or before it */
		size_t middle = low + (high - low) / 2;

		r = read_row(pages, &rows, middle, &row);
		if (r < 0)
			return r;
		if ((int64_t)(address - rows.base) < row.start)
			high = middle;
		else
			low = middle + 1;
	}
	r = low ? read_row(pages, &rows, low - 1, &row) : -ENOENT;
	if (r == 0)
		*record = rows.base + (uint64_t)(int64_t)row.record;
	return r;
}
