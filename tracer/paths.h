/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a call at its entry is about to do to which paths.
 *
 * The paths are read from the tracee's memory before the kernel reads them, and looked up in its
 * file system before the call changes it: what another thread changes in between is not seen.
 */
#ifndef LEARN_TRACER_PATHS_H
#define LEARN_TRACER_PATHS_H

#include <stdbool.h>
#include <stdint.h>

#include "sysdb/syscalls.h"
#include "tracer/lookup.h"
#include "tracer/tasks.h"

/* One path and what is done to it. */
struct path_action {
	struct place at;
	uint32_t effects; /* PATH_* */
};

/*
 * The path actions of a stopped task's call, of which INFO is the row: at most two, into ACTIONS.
 * Returns how many. What fails before the kernel touches anything is no action (a pointer or a
 * descriptor that leads nowhere), nor is what has no name (a pipe, a memfd).
 */
int paths_of_call(const struct lookup *l, struct task *task, const struct syscall_info *info,
		  struct path_action actions[2]);

/* Whether any path argument of the row does more than look (USE_STAT and its like). */
bool paths_acted_on(const struct syscall_info *info);

#endif
