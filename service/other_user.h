/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What it takes to start a service as a user that otherwise starts as root: the groups, and the
 * files and directories that root had to make, open or enter.
 */
#ifndef LEARN_SERVICE_OTHER_USER_H
#define LEARN_SERVICE_OTHER_USER_H

#include <stdio.h>
#include <sys/types.h>

#include "policy/policy.h"
#include "service/names.h"
#include "service/undo.h"
#include "service/unit_file.h"

struct other_user {
	uid_t uid;
	gid_t gid;
	char *user, *group; /* their names */
	gid_t *groups;	    /* that the user is in, with those of `more_groups` */
	int n_groups;
	struct names more_groups;
	struct names directories; /* below /run, for systemd to make */
	mode_t directory_mode;	  /* 0: systemd's own */
	struct names files;	  /* in /run itself: made by root for the user, at each start */
	struct names owned;	  /* below /var: root's so far, and the user's from now on */
	struct names doubts;	  /* what will probably fail: sentences */
};

/*
 * For the user UID, in the group GID (or, without HAS_GROUP, in its own), and what the programs of
 * P were seen to do; files are looked at as they are now. 0, -ENOENT after a message when there is
 * no such user or group, -ENOMEM. Free with other_user_clear().
 */
int other_user_find(uid_t uid, bool has_group, gid_t gid, const struct policy *p,
		  struct other_user *ret);
void other_user_clear(struct other_user *user);

/* Writes its lines of the section [Service]; OWN: the unit's. 0 or -errno after a message. */
int other_user_write(const struct other_user *user, const struct settings *own, FILE *out);

/*
 * Writes the lines that a view of the file system with nothing but what was used has to have
 * beside: the commands of other_user_write() do not escape it. They come after those of the view.
 */
void other_user_write_view(const struct other_user *user, FILE *out);

/* Gives the user what is to be the user's, and notes it first. 0 or -errno after a message. */
int other_user_hand_over(const struct other_user *user, struct undo *undo);

#endif
