/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recordings of a profile as a set; private to this room. */
#ifndef LEARN_PROFILE_RUNS_H
#define LEARN_PROFILE_RUNS_H

#include "profile/profile.h"

/* A copy, or NULL without memory. */
struct profile_run *run_copy(const struct profile_run *run);

/*
 * The runs in the order of the file, by start and then by everything else, for the caller to
 * free. NULL without memory.
 */
struct profile_run **runs_sorted(const struct profile *p);

/* Puts the runs in order and drops those that equal another one. */
void runs_settle(struct profile *p);

#endif
