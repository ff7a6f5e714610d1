/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call's checks as combinations of single values, and what is to be stated of a policy. */
#include "emitter/choices.h"

#include <linux/audit.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"

bool choice_next(const struct policy_call *call, struct choice *choice)
{
	for (size_t i = call->n_checks; i-- > 0;) {
		const struct policy_check *check = &call->checks[i];

		if (check->kind == CHECK_VALUES && ++choice->of[i] < check->n_values)
			return true;
		choice->of[i] = 0;
	}
	return false;
}

uint64_t check_bits(const struct policy_check *check)
{
	return check->width == 32 ? UINT32_MAX : UINT64_MAX;
}

bool check_always_holds(const struct policy_check *check)
{
	return check->kind == CHECK_MASK && !(~check->mask & check_bits(check));
}

char *check_describe(const struct policy_call *call, const struct policy_check *check, size_t i)
{
	const struct argspec *spec = argspec_of(call->name, check->index);
	auto_free char *bits = NULL;
	char *text;

	if (!spec)
		return NULL;
	if (check->kind == CHECK_VALUES)
		return argspec_format(spec, check->values[i]);
	bits = argspec_format(spec, check->mask & check_bits(check));
	return bits && asprintf(&text, "within %s", bits) >= 0 ? text : NULL;
}

bool call_is_unconditional(const struct policy_call *call)
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (!check_always_holds(&call->checks[i]))
			return false;
	return true;
}

bool call_is_impossible(const struct policy_call *call)
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (call->checks[i].kind == CHECK_VALUES && !call->checks[i].n_values)
			return true;
	return false;
}

static bool is_number_of_a_call(uint32_t arch, int nr)
{
	return nr >= 0 && (arch != AUDIT_ARCH_X86_64 || nr < X32_SYSCALL_BIT);
}

static bool is_denied(const struct policy *p, uint32_t arch, int nr)
{
	for (size_t i = 0; i < p->n_denials; i++)
		if (p->denials[i].arch == arch && p->denials[i].nr == nr)
			return true;
	return false;
}

bool call_is_stated(const struct policy *p, size_t index)
{
	const struct policy_call *call = &p->calls[index];

	return is_number_of_a_call(call->arch, call->nr) && !is_denied(p, call->arch, call->nr);
}

bool denial_is_stated(const struct policy *p, size_t index)
{
	const struct policy_denial *denial = &p->denials[index];

	return is_number_of_a_call(denial->arch, denial->nr) &&
	       !same_action(denial->action, p->action);
}

bool same_action(struct action a, struct action b)
{
	return action_to_seccomp(a) == action_to_seccomp(b);
}
