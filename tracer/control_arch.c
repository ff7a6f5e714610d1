/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ptrace requests that differ by architecture: registers and breakpoints. */
#include "tracer/control.h"

#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "tracer/memory.h"

#if defined(__x86_64__)

typedef unsigned long long reg;

static void args_x86_64(struct user_regs_struct *r, reg *args[6])
{
	reg *const list[6] = { &r->rdi, &r->rsi, &r->rdx, &r->r10, &r->r8, &r->r9 };

	for (int i = 0; i < 6; i++)
		args[i] = list[i];
}

static void args_i386(struct user_regs_struct *r, reg *args[6])
{
	reg *const list[6] = { &r->rbx, &r->rcx, &r->rdx, &r->rsi, &r->rdi, &r->rbp };

	for (int i = 0; i < 6; i++)
		args[i] = list[i];
}

static int arg_registers(struct user_regs_struct *regs, uint32_t arch, reg *args[6])
{
	if (arch == AUDIT_ARCH_X86_64)
		args_x86_64(regs, args);
	else if (arch == AUDIT_ARCH_I386)
		args_i386(regs, args);
	else
		return -ENOSYS;
	return 0;
}

/*
 * Number -1 is what a task has that is in no call, and can be called as well: then a system call
 * instruction lies behind it, and the number is back in its register (syscall_rollback).
 */
static bool called_minus_one(pid_t tid, const struct user_regs_struct *regs)
{
	static const unsigned char instructions[][2] = { { 0x0f, 0x05 }, { 0xcd, 0x80 } };
	unsigned char before[2];

	if ((int)regs->rax != -1 || memory_read(tid, regs->rip - 2, before, 2) < 0)
		return false;
	return memcmp(before, instructions[0], 2) == 0 || memcmp(before, instructions[1], 2) == 0;
}

/* The last call, and in *result the register where its result is. */
static int last_call(pid_t tid, struct event_call *ret, int *result)
{
	struct __ptrace_syscall_info info;
	struct user_regs_struct regs;
	struct event_call call;
	reg *args[6];
	int r;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) < 0 ||
	    ptrace(PTRACE_GETREGS, tid, 0L, &regs) < 0)
		return -errno;
	r = arg_registers(&regs, info.arch, args);
	if (r < 0)
		return r;
	call = (struct event_call){ .arch = info.arch, .nr = (int)regs.orig_rax, .ip = regs.rip };
	for (int i = 0; i < 6; i++)
		call.args[i] = *args[i];
	if (call.nr == -1 && !called_minus_one(tid, &regs))
		return -EINVAL;
	*ret = call;
	*result = (int)regs.rax;
	return 0;
}

int control_last_call(pid_t tid, struct event_call *ret)
{
	int result;

	return last_call(tid, ret, &result);
}

int control_set_arg(pid_t tid, uint32_t arch, unsigned index, uint64_t value)
{
	struct user_regs_struct regs;
	reg *args[6];
	int r;

	if (ptrace(PTRACE_GETREGS, tid, 0L, &regs) < 0)
		return -errno;
	r = arg_registers(&regs, arch, args);
	if (r < 0)
		return r;
	*args[index] = value;
	return ptrace(PTRACE_SETREGS, tid, 0L, &regs) < 0 ? -errno : 0;
}

/* Number -1 is no call: the kernel skips it and leaves the result alone (__seccomp_filter()). */
int control_refuse(pid_t tid, int error)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, tid, 0L, &regs) < 0)
		return -errno;
	regs.orig_rax = (reg)-1;
	regs.rax = (reg)-error;
	return ptrace(PTRACE_SETREGS, tid, 0L, &regs) < 0 ? -errno : 0;
}

int control_interrupted(pid_t tid, struct event_call *ret, int *error)
{
	struct event_call call;
	int result, r = last_call(tid, &call, &result);

	if (r < 0)
		return r;
	if (result >= 0)
		return -EINVAL;
	*ret = call;
	*error = result;
	return 0;
}

int control_set_result(pid_t tid, int64_t value)
{
	const size_t rax = offsetof(struct user, regs.rax);

	return ptrace(PTRACE_POKEUSER, tid, rax, value) < 0 ? -errno : 0;
}

static const uint32_t break_instruction = 0xcc; /* int3 */
static const size_t break_length = 1;

bool control_broke(pid_t tid, uint64_t address)
{
	const size_t rip = offsetof(struct user, regs.rip);
	siginfo_t info;

	/* The instruction was executed (arch/x86/kernel/traps.c: do_int3_user). */
	if (control_siginfo(tid, &info) < 0 || info.si_code != SI_KERNEL)
		return false;
	errno = 0;
	if ((uint64_t)ptrace(PTRACE_PEEKUSER, tid, rip, 0L) != address + break_length || errno)
		return false;
	return ptrace(PTRACE_POKEUSER, tid, rip, address) == 0;
}

#elif defined(__aarch64__)

static int get_regs(pid_t tid, struct user_regs_struct *regs)
{
	struct iovec iov = { regs, sizeof(*regs) };

	return ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &iov) < 0 ? -errno : 0;
}

int control_last_call(pid_t tid, struct event_call *ret)
{
	struct __ptrace_syscall_info info;
	struct user_regs_struct regs;
	int r;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) < 0)
		return -errno;
	if (info.arch != AUDIT_ARCH_AARCH64)
		return -ENOSYS;
	r = get_regs(tid, &regs);
	if (r < 0)
		return r;
	*ret = (struct event_call){ .arch = info.arch, .nr = (int)regs.regs[8], .ip = regs.pc };
	for (int i = 0; i < 6; i++)
		ret->args[i] = regs.regs[i];
	return 0;
}

int control_set_arg(pid_t tid, uint32_t arch, unsigned index, uint64_t value)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof(regs) };
	int r;

	if (arch != AUDIT_ARCH_AARCH64)
		return -ENOSYS;
	r = get_regs(tid, &regs);
	if (r < 0)
		return r;
	regs.regs[index] = value;
	return ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &iov) < 0 ? -errno : 0;
}

int control_refuse(pid_t tid, int error)
{
	struct user_regs_struct regs;
	int none = -1;
	struct iovec number = { &none, sizeof(none) }, iov = { &regs, sizeof(regs) };
	int r = get_regs(tid, &regs);

	if (r < 0)
		return r;
	regs.regs[0] = (unsigned long long)-error;
	if (ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &number) < 0 ||
	    ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &iov) < 0)
		return -errno;
	return 0;
}

/* The kernel has prepared the restart by then, and the first argument is gone (do_signal()). */
int control_interrupted(pid_t tid, struct event_call *ret, int *error)
{
	(void)tid;
	(void)ret;
	(void)error;
	return -ENOSYS;
}

int control_set_result(pid_t tid, int64_t value)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof(regs) };
	int r = get_regs(tid, &regs);

	if (r < 0)
		return r;
	regs.regs[0] = (uint64_t)value;
	return ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &iov) < 0 ? -errno : 0;
}

static const uint32_t break_instruction = 0xd4200000; /* brk #0 */
static const size_t break_length = 4;

bool control_broke(pid_t tid, uint64_t address)
{
	struct user_regs_struct regs;
	siginfo_t info;

	return control_siginfo(tid, &info) == 0 && info.si_code == TRAP_BRKPT &&
	       get_regs(tid, &regs) == 0 && regs.pc == address;
}

#else

int control_last_call(pid_t tid, struct event_call *ret)
{
	(void)tid;
	(void)ret;
	return -ENOSYS;
}

int control_interrupted(pid_t tid, struct event_call *ret, int *error)
{
	(void)tid;
	(void)ret;
	(void)error;
	return -ENOSYS;
}

int control_set_result(pid_t tid, int64_t value)
{
	(void)tid;
	(void)value;
	return -ENOSYS;
}

int control_refuse(pid_t tid, int error)
{
	(void)tid;
	(void)error;
	return -ENOSYS;
}

int control_set_arg(pid_t tid, uint32_t arch, unsigned index, uint64_t value)
{
	(void)tid;
	(void)arch;
	(void)index;
	(void)value;
	return -ENOSYS;
}

static const uint32_t break_instruction = 0;
static const size_t break_length = 0; /* none */

bool control_broke(pid_t tid, uint64_t address)
{
	(void)tid;
	(void)address;
	return false;
}

#endif

/* ---- breakpoints ---- */

/* Puts LENGTH bytes of INSTRUCTION at ADDRESS; what was there into *BEFORE. */
static int exchange(pid_t tid, uint64_t address, uint32_t instruction, uint32_t *before)
{
	const uint64_t word_at = address & ~(uint64_t)(sizeof(long) - 1);
	const size_t at = address - word_at;
	unsigned char bytes[sizeof(long)];
	long word;

	if (!break_length || at + break_length > sizeof(long))
		return -ENOSYS;
	errno = 0;
	word = ptrace(PTRACE_PEEKTEXT, tid, word_at, 0L);
	if (errno)
		return -errno;
	memcpy(bytes, &word, sizeof(word));
	*before = 0;
	memcpy(before, bytes + at, break_length);
	memcpy(bytes + at, &instruction, break_length);
	memcpy(&word, bytes, sizeof(word));
	return ptrace(PTRACE_POKETEXT, tid, word_at, word) < 0 ? -errno : 0;
}

int control_break(pid_t tid, uint64_t address, uint32_t *saved)
{
	return exchange(tid, address, break_instruction, saved);
}

int control_unbreak(pid_t tid, uint64_t address, uint32_t saved)
{
	uint32_t ours;

	return exchange(tid, address, saved, &ours);
}
