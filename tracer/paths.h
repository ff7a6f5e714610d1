/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a call at its entry is about to do to which paths.
 *
 * The paths are read from the tracee's memory before the kernel reads them, and looked up in its
 * file system before the call changes it: what another thread changes in between is not seen.
 */
#ifndef LEARN_TRACER_PATHS_H
#define LEARN_TRACER_PATHS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "sysdb/syscalls.h"
#include "tracer/tasks.h"

/* One path and what is done to it. */
struct path_action {
	char path[PATH_MAX]; /* absolute, symbolic links resolved as the call will */
	uint32_t effects;    /* PATH_* */
	uint32_t kind;       /* KIND_* */
};

/*
 * The path actions of a stopped task's call, of which INFO is the row: at most two, into ACTIONS.
 * Returns how many. A pointer that leads nowhere is no action: the call will fail with EFAULT.
 */
int paths_of_call(const struct task *task, const struct syscall_info *info,
		  struct path_action actions[2]);

/* Resolves PATH as seen from TASK's root and working directory; follows a last link. */
void paths_resolve(const struct task *task, const char *path, struct path_action *ret);

/* Whether any path argument of the row does more than look (USE_STAT, USE_STAT_LINK). */
bool paths_acted_on(const struct syscall_info *info);

#endif
