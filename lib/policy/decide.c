/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy answers to a system call: the meaning that every emitted filter must have. */
#include "policy/policy.h"

#include <errno.h>
#include <linux/audit.h>

#include "sysdb/syscalls.h"

/* More architectures than one kernel runs system calls of. */
#define MOST_ARCHES 4

bool policy_check_holds(const struct policy_check *check, uint64_t value)
{
	uint64_t significant = check->width == 32 ? (uint32_t)value : value;

	if (check->kind == CHECK_MASK)
		return (significant & ~check->mask) == 0;
	for (size_t i = 0; i < check->n_values; i++)
		if (check->values[i] == significant)
			return true;
	return false;
}

const struct policy_call *policy_find_call(const struct policy *p, uint32_t arch, int nr)
{
	for (size_t i = 0; i < p->n_calls; i++)
		if (p->calls[i].arch == arch && p->calls[i].nr == nr)
			return &p->calls[i];
	return NULL;
}

static const struct policy_denial *find_denial(const struct policy *p, uint32_t arch, int nr)
{
	for (size_t i = 0; i < p->n_denials; i++)
		if (p->denials[i].arch == arch && p->denials[i].nr == nr)
			return &p->denials[i];
	return NULL;
}

/* Adds ARCH to the set; an architecture past the bound is left out, and so refused whole. */
static size_t add_arch(uint32_t arches[MOST_ARCHES], size_t n, uint32_t arch)
{
	for (size_t i = 0; i < n; i++)
		if (arches[i] == arch)
			return n;
	if (n == MOST_ARCHES)
		return n;
	arches[n] = arch;
	return n + 1;
}

size_t policy_arches(const struct policy *p, uint32_t arches[MOST_ARCHES])
{
	size_t n = add_arch(arches, 0, p->arch);

	for (size_t i = 0; i < p->n_calls; i++)
		n = add_arch(arches, n, p->calls[i].arch);
	return n;
}

static bool has_rules(const struct policy *p, uint32_t arch)
{
	uint32_t arches[MOST_ARCHES];
	size_t n = policy_arches(p, arches);

	for (size_t i = 0; i < n; i++)
		if (arches[i] == arch)
			return true;
	return false;
}

/* All numbers from bit 30 up, as libseccomp has it: what else is up there is no call. */
static bool is_x32(uint32_t arch, int nr)
{
	return arch == AUDIT_ARCH_X86_64 && nr != -1 && (uint32_t)nr >= X32_SYSCALL_BIT;
}

static bool checks_hold(const struct policy_call *call, const uint64_t args[6])
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (!policy_check_holds(&call->checks[i], args[call->checks[i].index]))
			return false;
	return true;
}

struct action policy_decide(const struct policy *p, uint32_t arch, int nr, const uint64_t args[6])
{
	const struct policy_denial *denial;
	const struct policy_call *call;

	if (!has_rules(p, arch) || is_x32(arch, nr))
		return (struct action){ .kind = ACTION_KILL };
	/* A tracer skips a call by making it number -1; then nothing is called. */
	if (nr == -1)
		return p->action;
	denial = find_denial(p, arch, nr);
	if (denial)
		return denial->action;
	call = policy_find_call(p, arch, nr);
	if (call && !checks_hold(call, args))
		return p->action;
	if (call)
		return (struct action){ .kind = ACTION_ALLOW };
	/* The kernel's numbers are not negative: what is above the newest is compared unsigned. */
	if (p->newest && (uint32_t)nr > (uint32_t)p->newest)
		return (struct action){ .kind = ACTION_ERRNO, .error = ENOSYS };
	return p->action;
}

uint32_t policy_handled(const struct policy *p, enum landlock_field field)
{
	switch (field) {
	case LL_FIELD_FS:
		return p->handled_fs;
	case LL_FIELD_NET:
		return p->handled_net;
	case LL_FIELD_SCOPE:
		return p->scopes;
	}
	return 0;
}
