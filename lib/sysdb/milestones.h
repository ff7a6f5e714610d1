/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may lie behind a process: the calls with which start-ups end, and having been forked off.
 *
 * The list is short, so that for each call a profile can say after which of them it was made.
 */
#ifndef LEARN_SYSDB_MILESTONES_H
#define LEARN_SYSDB_MILESTONES_H

#include <stdint.h>

/* Not a call: the process was forked off and has not executed a program since. */
#define MILESTONE_FORKED (1u << 0)
#define N_MILESTONES 30

/* The name of milestone number BIT: "forked", or that of a call. */
const char *milestone_name(unsigned bit);
/* The milestone of that name as a mask of one bit, or 0. */
uint32_t milestone_from_name(const char *name);
/* The milestone that a call of that name is, as a mask of one bit, or 0. */
uint32_t milestone_of_call(const char *call);

#endif
