/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy as classic BPF: the one program that every seccomp format prints or loads. */
#ifndef LEARN_EMITTER_FILTER_H
#define LEARN_EMITTER_FILTER_H

#include <linux/filter.h>
#include <stddef.h>

#include "policy/policy.h"

struct filter {
	struct sock_filter *insns;
	size_t n;
	char **comments; /* one an instruction; NULL where there is nothing to say */
};

/*
 * What a filter is best at. The kernel (since 5.11) remembers which calls are allowed whatever
 * their arguments and runs no filter for them: on such a kernel only the others count.
 */
enum tune {
	TUNE_BALANCED, /* near the best for either */
	TUNE_UNCACHED, /* for kernels before 5.11, and under a second filter that looks closer */
	TUNE_CACHED,
};

/* "balanced", "uncached", "cached"; 0 or -EINVAL. */
int tune_parse(const char *word, enum tune *ret);
/* The weight of a call that the kernel remembers, relative to one that runs the filter. */
double tune_weight(enum tune tune);

/*
 * Compiles the calls and denials of the policy. -E2BIG after a message past the kernel's 4096
 * instructions; -ENOMEM. Free with filter_free().
 */
int filter_compile_for(const struct policy *policy, enum tune tune, struct filter *ret);
/* The same, balanced. */
int filter_compile(const struct policy *policy, struct filter *ret);
void filter_free(struct filter *filter);

#endif
