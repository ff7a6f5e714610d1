/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same policy as other generators would lay it out: to measure ours against. */
#ifndef LEARN_EMITTER_ALTERNATIVES_H
#define LEARN_EMITTER_ALTERNATIVES_H

#include "emitter/filter.h"
#include "policy/policy.h"

enum libseccomp_layout {
	LAYOUT_ASCENDING, /* its default: a list by number, calls with checks last */
	LAYOUT_PRIORITY,  /* a list by seccomp_syscall_priority(3), most frequent first */
	LAYOUT_TREE,	  /* SCMP_FLTATR_CTL_OPTIMIZE 2: a tree by number */
};

/*
 * The filter that libseccomp makes of the policy's rules. A negative errno when it refuses them.
 * Free with filter_free().
 */
int filter_by_libseccomp(const struct policy *policy, enum libseccomp_layout layout,
			 struct filter *ret);

/* A list of equality tests, most frequent call first; the checks are trees as ours are. */
int filter_by_list(const struct policy *policy, struct filter *ret);

#endif
