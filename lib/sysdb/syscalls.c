/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and numbers of system calls (libseccomp), and the rows of syscalls.tbl. */
#include "sysdb/syscalls.h"

#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

/* ---- architectures ---- */

static const struct {
	uint32_t token;
	const char *name;
} arches[] = {
	{ SCMP_ARCH_X86_64, "x86_64" },	  { SCMP_ARCH_X86, "x86" },
	{ SCMP_ARCH_AARCH64, "aarch64" }, { SCMP_ARCH_ARM, "arm" },
	{ SCMP_ARCH_PPC64LE, "ppc64le" }, { SCMP_ARCH_RISCV64, "riscv64" },
	{ SCMP_ARCH_S390X, "s390x" },	  { SCMP_ARCH_MIPSEL64, "mipsel64" },
};

const char *arch_name(uint32_t arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++)
		if (arches[i].token == arch)
			return arches[i].name;
	return NULL;
}

uint32_t arch_from_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++)
		if (strcmp(arches[i].name, name) == 0)
			return arches[i].token;
	return 0;
}

uint32_t arch_native(void)
{
	return seccomp_arch_native();
}

/* ---- names and numbers ---- */

/* Past every number the kernel has given out (470 in Linux 6.18), on every architecture we name. */
#define NUMBERS_END 1024
/* The 64-bit MIPS ABI counts from here. */
#define MIPS_NUMBERS 5000

static const char unknown_prefix[] = "syscall_";
static const char x32_prefix[] = "x32_";

/* libseccomp's name, or NULL. For numbers below those of MIPS it has the names of others. */
static char *known_name(uint32_t arch, int nr)
{
	auto_free char *name = seccomp_syscall_resolve_num_arch(arch, nr);
	int again = name ? seccomp_syscall_resolve_name_arch(arch, name) : nr;

	return again >= 0 && again != nr ? NULL : take_ptr(name);
}

char *syscall_name(uint32_t arch, int nr)
{
	bool x32 = arch == SCMP_ARCH_X86_64 && nr >= 0 && (nr & X32_SYSCALL_BIT);
	char *known = x32 ? NULL : known_name(arch, nr);
	char *name = NULL;

	if (known)
		return known;
	if (asprintf(&name, "%s%d", x32 ? x32_prefix : unknown_prefix,
		     x32 ? nr & ~X32_SYSCALL_BIT : nr) < 0)
		return NULL;
	return name;
}

/* Who calls a number with a name by its number means another name: each call has one. */
static int made_up_number(uint32_t arch, const char *name, const char *prefix, int bit, int *ret)
{
	auto_free char *known = NULL;
	uint64_t value;

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return -ENOENT;
	if (parse_u64(name + strlen(prefix), X32_SYSCALL_BIT - 1, &value) < 0)
		return -ENOENT;
	known = bit ? NULL : known_name(arch, (int)value);
	if (known || (bit && arch != SCMP_ARCH_X86_64))
		return -ENOENT;
	*ret = (int)value | bit;
	return 0;
}

/*
 * libseccomp has numbers of its own for calls that an architecture once made through socketcall(2)
 * (-101 and below) or ipc(2) (-201 and below) only. Their own numbers are known to it the other way
 * round. Those of calls that an architecture does not have begin at -10001.
 */
#define FIRST_MULTIPLEXED (-101)
#define LAST_MULTIPLEXED  (-10000)

static bool has_multiplexer(uint32_t arch)
{
	return seccomp_syscall_resolve_name_arch(arch, "socketcall") >= 0 ||
	       seccomp_syscall_resolve_name_arch(arch, "ipc") >= 0;
}

static int number_by_search(uint32_t arch, const char *name, int *ret)
{
	if (!has_multiplexer(arch))
		return -ENOENT;
	for (int nr = 0; nr < NUMBERS_END; nr++) {
		auto_free char *known = seccomp_syscall_resolve_num_arch(arch, nr);

		if (known && strcmp(known, name) == 0) {
			*ret = nr;
			return 0;
		}
	}
	return -ENOENT;
}

int syscall_number(uint32_t arch, const char *name, int *ret)
{
	int nr = seccomp_syscall_resolve_name_arch(arch, name);

	if (nr >= 0) {
		*ret = nr;
		return 0;
	}
	if (nr <= FIRST_MULTIPLEXED && nr > LAST_MULTIPLEXED &&
	    number_by_search(arch, name, ret) == 0)
		return 0;
	if (made_up_number(arch, name, unknown_prefix, 0, ret) == 0)
		return 0;
	return made_up_number(arch, name, x32_prefix, X32_SYSCALL_BIT, ret);
}

int syscall_newest(uint32_t arch)
{
	int first = arch == SCMP_ARCH_MIPSEL64 ? MIPS_NUMBERS : 0;

	for (int nr = first + NUMBERS_END - 1; nr >= first; nr--) {
		auto_free char *name = known_name(arch, nr);

		if (name)
			return nr;
	}
	return -1;
}

/* ---- syscalls.tbl ---- */

#define _ NO_ARG
#define FD(n) (1u << (n))
#define AT(use, dirfd, path, flags) { USE_##use, dirfd, path, flags }
#define PATH(use, path, flags) { USE_##use, NO_ARG, path, flags }
#define NOPATH { USE_NONE, NO_ARG, NO_ARG, NO_ARG }
#define BY_FD(use, fd) { USE_##use, fd, NO_ARG, NO_ARG }
#define CALL(name, class, fds, address, path1, path2)                                              \
	{ #name, CLASS_##class, fds, false, address, { path1, path2 } },
/* A call that has its arguments elsewhere where a 64-bit number takes two of them. */
#define CALL32(name, class, fds, address, path1, path2)                                            \
	{ #name, CLASS_##class, fds, true, address, { path1, path2 } },

static const struct syscall_info table[] = {
#include "sysdb/syscalls.tbl"
};

#undef _
#undef FD
#undef AT
#undef PATH
#undef NOPATH
#undef BY_FD
#undef CALL
#undef CALL32

const struct syscall_info *syscall_info_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

/*
 * Calls that libseccomp may be too old to know. Since Linux 5.1 a new call has one number on every
 * architecture that we name (Documentation/process/adding-syscalls.rst).
 */
static const struct {
	const char *name;
	int nr;
} newer[] = {
	{ "fchmodat2", 452 },	{ "setxattrat", 463 },	   { "getxattrat", 464 },
	{ "listxattrat", 465 }, { "removexattrat", 466 },  { "open_tree_attr", 467 },
	{ "file_getattr", 468 }, { "file_setattr", 469 },
};

static int row_number(uint32_t arch, const char *name)
{
	int nr = seccomp_syscall_resolve_name_arch(arch, name);

	for (size_t i = 0; nr < 0 && i < ARRAY_SIZE(newer); i++)
		if (strcmp(newer[i].name, name) == 0)
			nr = newer[i].nr;
	return nr;
}

/* Numbers of their own of calls that have a multiplexer, too: by one walk over all numbers. */
static void index_multiplexed(struct syscall_index *index)
{
	for (int nr = 0; nr < index->n; nr++) {
		auto_free char *name = NULL;

		if (!index->rows[nr])
			name = seccomp_syscall_resolve_num_arch(index->arch, nr);
		if (name)
			index->rows[nr] = syscall_info_by_name(name);
	}
}

struct syscall_index *syscall_index_new(uint32_t arch)
{
	struct syscall_index *index = calloc(1, sizeof(*index) + NUMBERS_END * sizeof(*index->rows));

	if (!index)
		return NULL;
	index->arch = arch;
	index->n = NUMBERS_END;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int nr = row_number(arch, table[i].name);

		if (table[i].narrow && arch & __AUDIT_ARCH_64BIT)
			continue;
		if (nr >= 0 && nr < index->n)
			index->rows[nr] = &table[i];
	}
	if (has_multiplexer(arch))
		index_multiplexed(index);
	return index;
}
