/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence of the selected programs, summed: what every part of a decision starts from. */
#ifndef LEARN_LEARNER_TALLY_H
#define LEARN_LEARNER_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "profile/profile.h"

/* One call in one phase of one program. */
struct call_source {
	const struct profile_program *program;
	const struct profile_call *call;
};

/* A call, over all phases and selected programs. */
struct call_tally {
	uint32_t arch;
	int nr;
	const char *name; /* the profile's */
	uint64_t count;
	struct call_source *sources;
	size_t n_sources;
};

struct tally {
	const struct profile_program **programs; /* the selected ones */
	size_t n_programs;
	struct map calls; /* struct call_tally by (arch, nr) */
};

/*
 * Sums over the programs whose path matches GLOB (fnmatch(3)), or all where it is NULL. 0 or
 * -ENOMEM. Borrows from the profile; clear with tally_clear().
 */
int tally_make(const struct profile *profile, const char *glob, struct tally *ret);
void tally_clear(struct tally *tally);

/* The tally of a call, or NULL when it was not seen. */
const struct call_tally *tally_find(const struct tally *tally, uint32_t arch, int nr);
/* Whether a call of that name was seen on any architecture, and perhaps did something. */
bool tally_may_have_worked(const struct tally *tally, const char *name);
/* Whether the call returned ENOSYS each time, as far as can be told from the results. */
bool call_tally_is_absent(const struct call_tally *call);

/*
 * "nginx, redis-server and 3 more": the names of programs, without those that occur twice, for the
 * caller to free; NULL without memory.
 */
char *program_names(const struct profile_program *const *programs, size_t n);

#endif
