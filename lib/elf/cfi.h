/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a frame of 32-bit x86 code to the one that called it, by the function's records in .eh_frame
 * (DWARF 5, 6.4; the numbers of registers are those of the System V ABI for i386).
 */
#ifndef LEARN_ELF_CFI_H
#define LEARN_ELF_CFI_H

#include <stdbool.h>
#include <stdint.h>

#include "elf/eh_record.h"

enum {
	CFI_ESP = 4,
	CFI_EBP = 5,
	CFI_EIP = 8,
	CFI_REGISTERS,
};

struct cfi_frame {
	uint32_t registers[CFI_REGISTERS];
	uint16_t known; /* a bit for each that has a known value */
};

/* Reads the word at ADDRESS of the process. 0 or a negative errno. */
typedef int cfi_read(void *state, uint32_t address, uint32_t *value);

/*
 * Makes the frame in *frame, whose code is at ADDRESS, the one outside it. 0, or -ENOENT at the
 * outermost frame, -EINVAL for records that cannot be followed, or what READ said; *frame is
 * untouched then.
 */
int cfi_step(const struct eh_cie *cie, const struct eh_fde *fde, uint32_t address, cfi_read *read,
	     void *state, struct cfi_frame *frame);

#endif
