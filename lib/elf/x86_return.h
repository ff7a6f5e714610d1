/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From inside a function to the one that called it, by the code itself: for functions that have no
 * records in .eh_frame.
 */
#ifndef LEARN_ELF_X86_RETURN_H
#define LEARN_ELF_X86_RETURN_H

#include "elf/x86_frame.h"

/*
 * Makes *frame the one of the caller. The code is followed from there to where it returns, and what
 * is the return address then is believed when a call stands before it that leads to this code, or
 * when a call of sigreturn(2) stands there. Of a call by an address that nobody knows any more the
 * first is not asked, but on all ways out of the function the return address must lie in the same
 * place. Where the ways out are not known, a frame pointer that the function's code makes is enough
 * if a call may have led here. 0, or a negative errno when the caller cannot be told: *frame is
 * untouched then.
 */
int x86_return(const struct x86_process *process, struct x86_frame *frame);

#endif
