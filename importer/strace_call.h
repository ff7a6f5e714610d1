/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call as strace prints it. */
#ifndef LEARN_IMPORTER_STRACE_CALL_H
#define LEARN_IMPORTER_STRACE_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "importer/facts.h"

/*
 * Hands the call "name(arguments" (changed) on; RESULT is what follows "= ", or NULL. *value is set
 * to what it returned. Returns 1 where its stack is wanted, 0, or -errno.
 */
int strace_call(struct importer *im, struct logged_task *task, char *text, const char *result,
		int64_t *value);

/* Of a call, whole or not: whether it makes a task, and whether that is a thread. */
bool strace_call_forks(const char *text);
bool strace_call_makes_thread(const char *text);

/* The architecture of "runs in 32 bit mode" ("32", "64", "x32") where NATIVE is the other. */
uint32_t strace_mode_arch(const char *mode, uint32_t native);

#endif
