/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that no test can judge. */
#ifndef LEARN_REFINER_GUARDS_H
#define LEARN_REFINER_GUARDS_H

#include "policy/policy.h"

struct guard {
	const char *call;
	const char *why; /* what may go on unseen when the call fails: a sentence's end */
};

/* In byte order; ends with a row whose call is NULL. */
extern const struct guard guard_table[];

/*
 * Why the call is never answered with an error without --unsafe, or NULL. To be killed for it is
 * another thing: nothing goes on then.
 */
const char *guard_of(const struct policy_call *call);
/* Why nobody would miss what stands at PATH, or NULL. */
const char *guard_of_path(const char *path);
/* Why nobody would miss the capability, but for a guarded call that fails without it; or NULL. */
const char *guard_of_capability(int capability);

#endif
