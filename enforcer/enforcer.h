/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy applied to a process: this one, before it executes the program. */
#ifndef LEARN_ENFORCER_ENFORCER_H
#define LEARN_ENFORCER_ENFORCER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

struct enforcement {
	const struct policy *policy;
	const struct sock_filter *filter; /* compiled from the policy */
	size_t filter_length;
};

/*
 * Confines the calling process for good: no_new_privs, rlimits, landlock, seccomp, in that order.
 * After success nothing but execve may be called. STATE is a struct enforcement (the signature
 * fits trace_options.prepare). -errno after a message; the process is then partly confined and
 * must end. What the running kernel cannot do was said by enforcement_warn().
 */
int enforce_self(void *state);

/* Says on stderr, before anything is applied, what this kernel cannot enforce of the policy. */
void enforcement_warn(const struct policy *policy);

#endif
