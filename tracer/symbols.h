/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for addresses in ELF files (libelf): build-ids, functions, unwind tables. */
#ifndef LEARN_TRACER_SYMBOLS_H
#define LEARN_TRACER_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "elf/eh_frame.h"
#include "tracer/symbol_tables.h"

/* What was read of each file, kept for the whole recording. */
struct symbols {
	struct map modules; /* struct module, by device, inode and modification time */
};

struct module;

/*
 * The module for an ELF file that can be opened as FILE. Read once: a second call with the same
 * file costs a stat(2). NULL when it cannot be read or is no ELF file. Borrowed.
 */
struct module *symbols_module(struct symbols *symbols, const char *file);

/*
 * The module for an image in memory, as the kernel maps it into processes ([vdso]). Images of one
 * size and class are taken for the same. NULL when it is no ELF file. Borrowed.
 */
struct module *symbols_image(struct symbols *symbols, char *image, size_t size);

/* Lower-case hexadecimal, "" when the file has none. Borrowed. */
const char *module_build_id(const struct module *module);

/* The loader that it names (PT_INTERP), NULL when it names none. Borrowed. */
const char *module_interpreter(const struct module *module);

/* The address in the file's own terms of file offset OFFSET in a loaded segment. 0 or -ENOENT. */
int module_address(const struct module *module, uint64_t offset, uint64_t *address);

/* Where the records are that unwinding goes by. */
struct module_frames {
	unsigned word;	 /* bytes of an address: 4 or 8 */
	uint64_t header; /* the address, in the file's own terms, of .eh_frame_hdr; 0: none, but */
	const struct eh_frame_row *rows; /* what it would hold: distances */
	size_t n_rows;
	uint64_t base; /* from this address. Borrowed */
};

/* 0, or -ENOENT when the file has neither. The rows are made at the first call. */
int module_frames(struct module *module, struct module_frames *ret);

/*
 * The function that file offset OFFSET lies in. 0, or -ENOENT. Symbol tables are read at the first
 * call; those of a separate debug file (/usr/lib/debug/.build-id) are added where one is installed
 * below ROOT, the root of a process that has mapped the file, or below ours. Its name is borrowed,
 * until the next call.
 */
int module_symbol(struct module *module, const char *root, uint64_t offset,
		  struct symbol_found *ret);

/*
 * Gives back the symbol tables of files: they are read again for the next name. Modules stay, but a
 * file's next name is to come after symbols_module() for it.
 */
void symbols_rest(struct symbols *symbols);

void symbols_clear(struct symbols *symbols);

#endif
