/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services that start as root and become one user themselves: they may be started as that one. */
#ifndef LEARN_LEARNER_UNPRIVILEGED_H
#define LEARN_LEARNER_UNPRIVILEGED_H

#include <stdbool.h>
#include <stdint.h>

#include "profile/profile.h"

struct decision;

/* Whom processes that were started as root became. */
struct becomes {
	uint32_t uid;
	bool has_group; /* else none was set */
	uint32_t gid;
};

/*
 * The one user (and group) that processes of the profile became. 0; -ENOENT when there is none or
 * more than one: *why_not is then the end of a sentence, to be freed; -ENOMEM.
 */
int unprivileged_find(const struct profile *profile, struct becomes *ret, char **why_not);

/*
 * Takes out of the policy of D, which is for a service that is started as a user, what was only for
 * becoming that user: capabilities that the recording options->as_user does not show, and calls
 * that had no success there. These get the kernel's own answer to a user, EPERM. 0 or -ENOMEM.
 */
int unprivileged_apply(struct decision *d);

/*
 * Names of calls that were refused by EPERM or EACCES in the recording AS_USER and never so in
 * AS_ROOT, but for those that only root makes: "setpriority, openat", to be freed; "" for none.
 * 0 or -ENOMEM.
 */
int unprivileged_refused(const struct profile *as_root, const struct profile *as_user,
			 char **ret);

#endif
