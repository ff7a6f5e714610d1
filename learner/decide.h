/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence becomes a decision. */
#ifndef LEARN_LEARNER_DECIDE_H
#define LEARN_LEARNER_DECIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"
#include "profile/profile.h"

struct decide_options {
	struct action action; /* for what is not allowed; start from decide_defaults */
	bool arguments;       /* --args=all (or none) */
	const char *program;  /* --program=GLOB over executable paths (fnmatch), or NULL for all */
	const char *const *allow; /* --allow=CALL...: names; n_allow of them */
	size_t n_allow;
	const char *const *deny; /* --deny=CALL... */
	size_t n_deny;
};

/* Kill, with arguments, all programs. */
extern const struct decide_options decide_defaults;

/*
 * The policy for the evidence. -ENODATA after a message when there is no call in it (an empty
 * profile must not become an empty allow-list), -EINVAL after a message for an unknown name in
 * options, -E2BIG after a message for calls of more architectures than a policy has room for,
 * -ENOMEM.
 */
int decide(const struct profile *profile, const struct decide_options *options,
	   struct policy **ret);

#endif
