/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user that a command runs as, when it is not ours. */
#ifndef LEARN_TRACER_IDENTITY_H
#define LEARN_TRACER_IDENTITY_H

#include <stddef.h>
#include <sys/types.h>

struct identity {
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* with gid among them */
	int n_groups;
	char *name, *home, *shell;
};

/*
 * Looks up a user by name or number (getpwnam(3), getgrouplist(3)). 0, or -errno after a message:
 * -ENOENT when there is no such user. Free with identity_clear().
 */
int identity_find(const char *user, struct identity *ret);
void identity_clear(struct identity *identity);

/*
 * In the child: groups, group, user, and the environment as su(1) sets it without a login: HOME
 * and SHELL, and but for root USER and LOGNAME. 0, or -errno after a message: then nothing may be
 * executed.
 */
int identity_assume(const struct identity *identity);

#endif
