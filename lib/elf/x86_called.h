/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether what seems to be the caller of some code has called it. */
#ifndef LEARN_ELF_X86_CALLED_H
#define LEARN_ELF_X86_CALLED_H

#include <stdint.h>

#include "elf/x86_frame.h"

enum x86_proof {
	X86_NOT_CALLED,
	X86_PERHAPS_CALLED, /* by an address that nobody knows any more */
	X86_CALLED,
};

/*
 * Whether the instruction before the one where CALLER goes on is a call that leads to the code at
 * IP, in the function that begins at START; 0 when that is not known.
 */
enum x86_proof x86_prove(const struct x86_process *process, const struct x86_frame *caller,
			 uint64_t start, uint64_t ip);

#endif
