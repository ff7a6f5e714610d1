/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stopped task's registers: all of them at once, where we know their names. */
#include "tracer/registers.h"

#include <errno.h>
#include <libunwind-ptrace.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>

#include "base/cleanup.h"

#if defined(__x86_64__)

/* libunwind-ptrace asks the kernel for all of them at each. */
int registers_take(struct registers *r, pid_t tid)
{
	return ptrace(PTRACE_GETREGS, tid, 0L, &r->all) < 0 ? -errno : 0;
}

void registers_put(struct registers *r)
{
	(void)r;
}

#define AT(name) offsetof(struct user_regs_struct, name)

/* Where each one is, by libunwind's numbers. */
static const size_t places[] = {
	[UNW_X86_64_RAX] = AT(rax), [UNW_X86_64_RDX] = AT(rdx), [UNW_X86_64_RCX] = AT(rcx),
	[UNW_X86_64_RBX] = AT(rbx), [UNW_X86_64_RSI] = AT(rsi), [UNW_X86_64_RDI] = AT(rdi),
	[UNW_X86_64_RBP] = AT(rbp), [UNW_X86_64_RSP] = AT(rsp), [UNW_X86_64_R8] = AT(r8),
	[UNW_X86_64_R9] = AT(r9),   [UNW_X86_64_R10] = AT(r10), [UNW_X86_64_R11] = AT(r11),
	[UNW_X86_64_R12] = AT(r12), [UNW_X86_64_R13] = AT(r13), [UNW_X86_64_R14] = AT(r14),
	[UNW_X86_64_R15] = AT(r15), [UNW_X86_64_RIP] = AT(rip),
};

int registers_get(const struct registers *r, unw_regnum_t number, unw_word_t *value)
{
	if (number < 0 || (size_t)number >= ARRAY_SIZE(places))
		return -UNW_EBADREG;
	memcpy(value, (const char *)&r->all + places[number], sizeof(*value));
	return 0;
}

void registers_set(struct registers *r, unw_regnum_t number, unw_word_t value)
{
	memcpy((char *)&r->all + places[number], &value, sizeof(value));
}

/* The kernel's __USER32_CS: which code it is, not which calls it makes. */
#define SEGMENT_OF_32_BITS 0x23

bool registers_i386(const struct registers *r, struct cfi_frame *ret)
{
	static const size_t at[CFI_REGISTERS] = {
		AT(rax), AT(rcx), AT(rdx), AT(rbx), AT(rsp), AT(rbp), AT(rsi), AT(rdi), AT(rip),
	};

	if (r->all.cs != SEGMENT_OF_32_BITS)
		return false;
	for (unsigned i = 0; i < CFI_REGISTERS; i++)
		memcpy(&ret->registers[i], (const char *)&r->all + at[i],
		       sizeof(ret->registers[i]));
	ret->known = (1u << CFI_REGISTERS) - 1;
	return true;
}

#else

bool registers_i386(const struct registers *r, struct cfi_frame *ret)
{
	(void)r;
	(void)ret;
	return false;
}

int registers_take(struct registers *r, pid_t tid)
{
	r->all = _UPT_create(tid);
	return r->all ? 0 : -ENOMEM;
}

void registers_put(struct registers *r)
{
	_UPT_destroy(r->all);
}

int registers_get(const struct registers *r, unw_regnum_t number, unw_word_t *value)
{
	return _UPT_access_reg(unw_local_addr_space, number, value, 0, r->all);
}

#endif
