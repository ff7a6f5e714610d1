/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter by which calls stop at the tracer. */
#include "tracer/watch.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "sysdb/syscalls.h"

/* A child that asks not to be traced has to be (tracer/entry.c): these are always watched. */
static const char *const makers[] = { "clone", "clone3", NULL };

uint32_t watch_compat_arch(void)
{
	static const char *const pairs[][2] = { { "x86_64", "x86" }, { "aarch64", "arm" } };

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		if (arch_from_name(pairs[i][0]) == arch_native())
			return arch_from_name(pairs[i][1]);
	return 0;
}

struct program {
	struct sock_filter insns[BPF_MAXINSNS];
	unsigned short n;
};

static void add(struct program *p, struct sock_filter insn)
{
	if (p->n < BPF_MAXINSNS)
		p->insns[p->n++] = insn;
}

static void add_return(struct program *p, uint32_t value)
{
	add(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value));
}

static void add_load(struct program *p, size_t offset)
{
	add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void add_calls(struct program *p, uint32_t arch, const char *const *names)
{
	int nr;

	for (; *names; names++) {
		if (syscall_number(arch, *names, &nr) < 0)
			continue;
		add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 1));
		add_return(p, SECCOMP_RET_TRACE | TRACE_HANDED_OVER);
	}
}

/* Nothing but the number is looked at, so that the kernel remembers what is allowed. */
static void add_arch(struct program *p, uint32_t arch, const char *const *watched)
{
	unsigned short skip;

	add_load(p, offsetof(struct seccomp_data, arch));
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 1, 0));
	skip = p->n;
	add(p, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
	add_load(p, offsetof(struct seccomp_data, nr));
	add_calls(p, arch, makers);
	add_calls(p, arch, watched);
	add_return(p, SECCOMP_RET_ALLOW);
	p->insns[skip].k = (uint32_t)(p->n - skip - 1);
}

static void compile(struct program *p, const struct trace_options *options)
{
	uint32_t compat = watch_compat_arch();

	if (options->mode == TRACE_CALLS) {
		add_return(p, SECCOMP_RET_TRACE | TRACE_HANDED_OVER);
		return;
	}
	add_arch(p, arch_native(), options->watched);
	if (compat)
		add_arch(p, compat, options->watched);
	add_return(p, SECCOMP_RET_ALLOW);
}

/*
 * Without CAP_SYS_ADMIN the kernel wants no_new_privs first; SPEC_ALLOW keeps kernels before 5.16
 * from slowing the program down for Spectre's sake.
 */
int watch_install(const struct trace_options *options)
{
	const unsigned long flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	struct program program = { .n = 0 };
	struct sock_fprog prog = { .filter = program.insns };

	if (options->mode == TRACE_DENIALS && !options->watched)
		return 0;
	compile(&program, options);
	prog.len = program.n;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog) == 0)
		return 0;
	if (errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog) == 0)
		return 0;
	return diag_errno(-errno, "cannot install a seccomp filter");
}
