/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy applied to a process: this one, before it executes the program. */
#ifndef LEARN_ENFORCER_ENFORCER_H
#define LEARN_ENFORCER_ENFORCER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"

enum layer {
	LAYER_CALLS = 1u << 0,  /* seccomp */
	LAYER_FILES = 1u << 1,  /* landlock: with TCP ports and scopes */
	LAYER_LIMITS = 1u << 2, /* resource limits */
	LAYER_CAPABILITIES = 1u << 3,
};
#define LAYERS_ALL (LAYER_CALLS | LAYER_FILES | LAYER_LIMITS | LAYER_CAPABILITIES)

struct enforcement {
	const struct policy *policy;
	const struct sock_filter *filter; /* compiled from the policy */
	size_t filter_length;
	unsigned layers; /* LAYER_*: what is enforced of it */
};

/*
 * Confines the calling process for good: no_new_privs, landlock, rlimits, capabilities, seccomp, in
 * that order.
 * After success nothing but execve may be called. STATE is a struct enforcement (the signature
 * fits trace_options.prepare). -errno after a message; the process is then partly confined and
 * must end. What the running kernel cannot do was said by enforcement_warn().
 */
int enforce_self(void *state);

/*
 * Changes a compiled filter for a tracer that carries its answers out: what it answers with an
 * error or only logs is handed over as SECCOMP_RET_TRACE with DATA. Nothing else changes, so what
 * is denied stays the same; of a process that the tracer leaves, such calls fail with ENOSYS.
 */
void filter_hand_over(struct sock_filter *filter, size_t n, uint16_t data);

/*
 * Says on stderr, before anything is applied, what this kernel cannot enforce of the policy, and
 * what is taken from the program besides.
 */
void enforcement_warn(const struct policy *policy, unsigned layers);

#endif
