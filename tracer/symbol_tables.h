/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions in the symbol tables of ELF files, found by address. */
#ifndef LEARN_TRACER_SYMBOL_TABLES_H
#define LEARN_TRACER_SYMBOL_TABLES_H

#include <libelf.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

/* All zeros is one without tables. */
struct symbol_tables {
	struct symbol *symbols; /* by bucket, once they are in order */
	size_t n_symbols, capacity;
	uint64_t first;	   /* the lowest start: bucket 0 begins here */
	uint32_t *buckets; /* where in symbols each bucket ends */
	size_t n_buckets;
	struct strings *strings;
	size_t n_strings;
	struct map named; /* functions found before, by their start */
};

/*
 * Adds the tables of an ELF file, open as FD, or of an image in memory (-1). What cannot be read is
 * left out.
 */
void symbol_tables_read(struct symbol_tables *tables, Elf *elf, int fd);

/* Makes them ready to be searched, once all are read. */
void symbol_tables_order(struct symbol_tables *tables);

struct symbol_found {
	const char *name;  /* borrowed while the tables are */
	uint64_t distance; /* from the start of the function */
	uint64_t size;	   /* of the function */
};

/* The function that ADDRESS lies in. 0 or -ENOENT. */
int symbol_tables_find(struct symbol_tables *tables, uint64_t address, struct symbol_found *ret);

void symbol_tables_clear(struct symbol_tables *tables);

#endif
