/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One trial, made in a process of its own. */
#ifndef LEARN_CLI_TRIAL_H
#define LEARN_CLI_TRIAL_H

#include <sys/types.h>

#include "cli/trials.h"

/* What TEST writes to 1 and 2, and what the worker, before and check have to say. */
enum { PIPE_OUTPUT, PIPE_ERRORS, PIPE_MESSAGES, N_PIPES };

/* Shared between the worker and who has started it. */
struct trial_share {
	struct trial_facts facts;
	pid_t anchor; /* another child of the starter's, which ends with the worker; or 0 */
};

struct trial_order {
	const struct test *test;
	const struct trial_spec *spec;
	size_t number;		   /* LEARN_JOB */
	struct trial_share *share; /* filled in but for what is told by pipes */
	int ends[N_PIPES];	   /* where to write */
	int profile;		   /* a file in memory, for what is seen undisturbed */
	pid_t starter;
};

/*
 * The whole of a trial, in a child of STARTER that begins now and does nothing else: it has a
 * session of its own, without a terminal. All processes of the trial are gone when it ends, and it
 * ends when STARTER does.
 */
__attribute__((noreturn)) void trial_make(const struct trial_order *order);

#endif
