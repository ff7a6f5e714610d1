/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other programs run to their end. */
#ifndef LEARN_BASE_SPAWN_H
#define LEARN_BASE_SPAWN_H

#include <stdbool.h>

/*
 * Runs ARGV, which ends with NULL and is looked up in PATH, and waits. Its standard output goes
 * into a fresh string *ret, for the caller to free, or, where RET is NULL, to our standard error:
 * what others say is not our result. QUIET: what it says on standard error is dropped.
 * Returns its exit status (128 plus the signal that killed it), or -errno; *ret is untouched then.
 */
int spawn(const char *const *argv, bool quiet, char **ret);

#endif
