/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy as classic BPF: the one program that every seccomp format prints or loads. */
#ifndef LEARN_EMITTER_FILTER_H
#define LEARN_EMITTER_FILTER_H

#include <linux/filter.h>
#include <stddef.h>

#include "emitter/tuning.h"
#include "policy/policy.h"

struct filter {
	struct sock_filter *insns;
	size_t n;
	char **comments; /* one an instruction; NULL where there is nothing to say */
};

/*
 * Compiles the calls and denials of the policy. -E2BIG after a message past the kernel's 4096
 * instructions; -ENOMEM. Free with filter_free().
 */
int filter_compile_for(const struct policy *policy, enum tune tune, struct filter *ret);
/* The same, balanced. */
int filter_compile(const struct policy *policy, struct filter *ret);
void filter_free(struct filter *filter);

#endif
