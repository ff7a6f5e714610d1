/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock applied to this process. */
#ifndef LEARN_ENFORCER_CONFINE_FILES_H
#define LEARN_ENFORCER_CONFINE_FILES_H

#include "policy/policy.h"

/*
 * Confines this process to the policy's paths, ports and scopes, as far as the kernel's landlock
 * goes; no_new_privs must be set. Paths that do not exist are left out. Allocates nothing. 0 or
 * -errno after a message.
 */
int confine_files(const struct policy *policy);

#endif
