/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in a process the record of a function is that unwinding goes by. */
#ifndef LEARN_TRACER_UNWIND_TABLE_H
#define LEARN_TRACER_UNWIND_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "elf/eh_frame.h"
#include "tracer/pages.h"

/* A mapped module's unwind table. */
struct unwind_table {
	uint64_t start, end; /* the addresses it is for */
	unsigned word;	     /* bytes of an address in its records: 4 or 8 */
	uint64_t header;     /* of .eh_frame_hdr, in the tracee; 0: none, but */
	const struct eh_frame_row *rows; /* what it would hold: distances */
	size_t n_rows;
	uint64_t base; /* from this address in the tracee. Borrowed until unwind_forget() */
};

/* Finds the table for an address; 0 or a negative errno. */
typedef int unwind_find_table(void *state, uint64_t address, struct unwind_table *ret);

/* The rows of a table, here or in the tracee. */
struct unwind_rows {
	const struct eh_frame_row *here; /* NULL: */
	uint64_t there;
	size_t n;
	uint64_t base; /* what they count from */
};

/* 0 or a negative errno: a header that cannot be read, or that linkers do not write. */
int unwind_table_rows(struct pages *pages, const struct unwind_table *table,
		      struct unwind_rows *ret);

/* Where in the tracee the record of the function at ADDRESS is, if any has one. 0 or -errno. */
int unwind_table_record(struct pages *pages, const struct unwind_table *table, uint64_t address,
			uint64_t *record);

#endif
