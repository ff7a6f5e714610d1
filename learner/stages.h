/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After which event a program does not need most of its calls any more. */
#ifndef LEARN_LEARNER_STAGES_H
#define LEARN_LEARNER_STAGES_H

#include <stddef.h>
#include <stdint.h>

#include "profile/profile.h"
#include "sysdb/milestones.h"

/* A point in a program's life at which a narrower filter could be put on. */
struct stage {
	enum phase phase; /* where this phase begins; PHASE_LOAD: with the call below */
	uint32_t milestone; /* the first time that the program makes this call; else 0 */
	size_t dropped;     /* calls that it does not need from there on, at least */
	size_t total;       /* different calls of the program */
	double share;       /* of all that it does: what comes from there on; at most 1 */
};

/* What dropping its calls is worth: the more, and the earlier. */
double stage_worth(const struct stage *stage);

#define STAGES_MOST (N_PHASES + N_MILESTONES)

/*
 * The stages of PROGRAM, those worth most first: the calls that they drop, weighted with the share
 * of what the program does from there on (all calls are dropped for good at the very end). Of those
 * that drop the same calls one. What forked children do counts as needed where the program forks
 * after the event, and so do calls that every program is allowed. Fills STAGES and sets *n; 0 or
 * -ENOMEM.
 */
int stages_find(const struct profile_program *program, struct stage stages[STAGES_MOST], size_t *n);

/*
 * Of the calls with which a stage of one of the programs begins the one that is worth most, and
 * whose it is: NULL when there is none. 0 or -ENOMEM.
 */
int stages_best_call(const struct profile_program *const *programs, size_t n, struct stage *best,
		     const struct profile_program **whose);

#endif
