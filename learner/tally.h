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
	enum phase *from; /* for each: what it did in earlier phases is left out */
	size_t n_programs;
	size_t n_runs; /* of the whole profile */
	struct map calls;   /* struct call_tally by (arch, nr) */
	struct map missing; /* names of calls that selection.arch does not have; borrowed */
};

/* Which part of the evidence is looked at. */
struct selection {
	const char *program; /* a pattern for paths of programs (fnmatch(3)), or NULL */
	enum phase from;     /* what programs did earlier is left out */
	uint32_t arch;       /* its calls; where it made none those of others, by name. 0: all */
};

/*
 * Sums over what is selected. A program that is executed in a selected phase is selected from its
 * start: who puts a filter on and executes another program confines its loading, too. 0 or
 * -ENOMEM. Borrows from the profile; clear with tally_clear().
 */
int tally_make(const struct profile *profile, const struct selection *selection,
	       struct tally *ret);
void tally_clear(struct tally *tally);

/* Whether an entry of PHASE of program number I counts. */
static inline bool tally_wants(const struct tally *tally, size_t i, enum phase phase)
{
	return phase >= tally->from[i];
}

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
