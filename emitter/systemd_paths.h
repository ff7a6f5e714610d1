/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must stay writable under ProtectSystem=strict. */
#ifndef LEARN_EMITTER_SYSTEMD_PATHS_H
#define LEARN_EMITTER_SYSTEMD_PATHS_H

#include <stddef.h>

#include "policy/policy.h"

struct systemd_paths {
	char **v;
	size_t n;
};

/*
 * The paths that are written and the directories in which names come and go, in order and none
 * below another; not those that systemd leaves writable. 0 or -ENOMEM.
 */
int systemd_writable_paths(const struct policy *p, struct systemd_paths *ret);
void systemd_paths_clear(struct systemd_paths *paths);

#endif
