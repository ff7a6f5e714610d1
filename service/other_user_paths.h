/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files and directories that a service uses ask of the user as which it is started. */
#ifndef LEARN_SERVICE_OTHER_USER_PATHS_H
#define LEARN_SERVICE_OTHER_USER_PATHS_H

#include "policy/policy.h"
#include "service/other_user.h"

/* Fills in all that struct other_user says of paths and further groups. 0 or -ENOMEM. */
int other_user_examine(struct other_user *user, const struct policy *p);

#endif
