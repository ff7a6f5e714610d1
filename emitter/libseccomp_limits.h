/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libseccomp cannot say, and what is said instead. */
#ifndef LEARN_EMITTER_LIBSECCOMP_LIMITS_H
#define LEARN_EMITTER_LIBSECCOMP_LIMITS_H

#include <errno.h>
#include <stdbool.h>

#include "policy/policy.h"

/* libseccomp has no "every number above": so many after the newest are listed. */
#define NUMBERS_TO_COME 64

/* Whether numbers past the newest have an answer of their own. */
static inline bool libseccomp_lists_to_come(const struct policy *p)
{
	return p->newest && !(p->action.kind == ACTION_ERRNO && p->action.error == ENOSYS);
}

#endif
