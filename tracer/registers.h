/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stopped task's registers, by libunwind's numbers. */
#ifndef LEARN_TRACER_REGISTERS_H
#define LEARN_TRACER_REGISTERS_H

#include <libunwind.h>
#include <stdbool.h>
#include <sys/types.h>
#include <sys/user.h>

#include "elf/cfi.h"

struct registers {
#if defined(__x86_64__)
	struct user_regs_struct all;
#else
	void *all; /* as libunwind-ptrace reads them */
#endif
};

/* Takes what a task has now. 0 or -errno; then registers_put() is due. */
int registers_take(struct registers *registers, pid_t tid);
void registers_put(struct registers *registers);

/* 0, or an error of libunwind's. */
int registers_get(const struct registers *registers, unw_regnum_t number, unw_word_t *value);

#if defined(__x86_64__)
/* One that registers_get() knows, in this copy alone. */
void registers_set(struct registers *registers, unw_regnum_t number, unw_word_t value);
#endif

/* Whether they are those of 32-bit x86 code; *ret has them all then. */
bool registers_i386(const struct registers *registers, struct cfi_frame *ret);

#endif
