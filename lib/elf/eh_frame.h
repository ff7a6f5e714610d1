/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where in .eh_frame the record of each function is (Linux Standard Base 5.0, 10.6): the table
 * that .eh_frame_hdr holds, for files that were linked without one.
 */
#ifndef LEARN_ELF_EH_FRAME_H
#define LEARN_ELF_EH_FRAME_H

#include <stddef.h>
#include <stdint.h>

/* As .eh_frame_hdr has them: distances from one base. */
struct eh_frame_row {
	int32_t start;	/* of the function */
	int32_t record; /* its FDE */
};

/*
 * Reads SIZE bytes of a little-endian file's .eh_frame that belong at ADDRESS, in which an address
 * has WORD bytes, 4 or 8. *ret is for the caller to free: rows in order of start, their distances
 * from BASE. What is malformed, or of a form that linkers do not write, is left out. Returns how
 * many rows, which may be none, or -ENOMEM.
 */
int64_t eh_frame_table(const unsigned char *bytes, size_t size, uint64_t address, uint64_t base,
		       unsigned word, struct eh_frame_row **ret);

#endif
