/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What x86-64 code refers to, and the numbers of the system calls in it. */
#ifndef LEARN_ELF_X86_H
#define LEARN_ELF_X86_H

#include <stddef.h>
#include <stdint.h>

enum x86_fact_kind {
	X86_SYSCALL,  /* value: the number, or -1 when it is not a constant in this code */
	X86_REFERS,   /* value: an address that is called, jumped to, or computed */
	X86_LOADS,    /* value: an address from which a pointer is read: a slot of the GOT */
	X86_CONSTANT, /* value: a constant in a register: in fixed code perhaps an address */
};

struct x86_sink {
	void *state;
	/* Negative ends the scan. */
	int (*fact)(void *state, enum x86_fact_kind kind, int64_t value);
};

/*
 * Reads LEN bytes of CODE, which begins with an instruction and is at ADDRESS, from first to last.
 * The number of a system call is the constant that was last put in its register in this order.
 * Stops quietly at what is no instruction. 0, or what the sink said.
 */
int x86_scan(const unsigned char *code, size_t len, uint64_t address, const struct x86_sink *sink);

#endif
