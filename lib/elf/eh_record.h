/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of .eh_frame (Linux Standard Base 5.0, 10.6), read byte by byte. */
#ifndef LEARN_ELF_EH_RECORD_H
#define LEARN_ELF_EH_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is read next, least significant byte first, and where it ends. */
struct eh_bytes {
	const unsigned char *at, *end;
	uint64_t address; /* of what is at AT, in the file or in a process */
	bool ok;	  /* false once something lay behind the end: zeros were read */
};

/* What many functions have in common (CIE). */
struct eh_cie {
	unsigned word; /* bytes of an address: 4 or 8 */
	int encoding;  /* of the addresses in its FDEs; negative: not known */
	uint64_t code_factor;
	int64_t data_factor;
	uint64_t return_register;
	bool augmented; /* FDEs have data of their own */
	bool signal;	/* the frame is one that a signal made */
	struct eh_bytes program; /* call frame instructions to begin with */
};

/* One function (FDE). */
struct eh_fde {
	uint64_t start, range;
	struct eh_bytes program;
};

/* LEN is 8 at most. */
uint64_t eh_unsigned(struct eh_bytes *bytes, size_t len);
int64_t eh_signed(struct eh_bytes *bytes, size_t len);
uint64_t eh_uleb128(struct eh_bytes *bytes);
int64_t eh_sleb128(struct eh_bytes *bytes);

/* The next LEN bytes, which are skipped; all that there are when LEN is more. */
struct eh_bytes eh_block(struct eh_bytes *bytes, uint64_t len);

/*
 * Reads a record's length, and leaves *record to its bytes alone. False when it is not whole, ends
 * what one object brought, or is in the form of 64-bit DWARF, which linkers do not write.
 */
bool eh_open_record(struct eh_bytes *record);

/*
 * Reads a CIE whose length has been read. False for what it is not. What it says is borrowed from
 * the bytes.
 */
bool eh_read_cie(struct eh_bytes record, unsigned word, struct eh_cie *ret);

/* Reads an FDE whose length and way back to the CIE have been read. False for what it is not. */
bool eh_read_fde(struct eh_bytes record, const struct eh_cie *cie, struct eh_fde *ret);

#endif
