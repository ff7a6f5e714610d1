/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A smallest set by trying: which of many units a test needs. Knows of trials, not of what a unit
 * is or how a trial is made.
 *
 * All units begin as they are (setting 0); a search finds a setting in which as many as possible
 * are something else, and which was tried and good. The same question may be asked again: an
 * oracle that remembers its answers answers it at no cost. Nothing else is remembered here, so a
 * search that is broken off goes on where it was when it is begun anew with such an oracle.
 */
#ifndef LEARN_REFINER_SEARCH_H
#define LEARN_REFINER_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEARCH_NOBODY SIZE_MAX

/* How a trial ended. */
struct trial {
	bool good;
	size_t suspect; /* the unit that is most likely to blame, or SEARCH_NOBODY: a hint */
	unsigned round; /* its number, for people */
};

struct oracle {
	void *state;
	/*
	 * Tries with setting[i] for unit i. 0, or -errno, which ends the search. NTH tells a trial
	 * that is to be made again from the one before.
	 */
	int (*try)(void *state, const uint64_t *setting, unsigned nth, struct trial *ret);
};

struct search {
	const struct oracle *oracle;
	size_t n;
	uint64_t *setting;   /* the best so far, at any time */
	uint64_t *candidate; /* the one in hand */
	unsigned *rounds; /* for each unit whose setting is not 0: in which trial it became that */
};

/* N units. 0 or -ENOMEM; search_clear() in either case. */
int search_begin(struct search *search, const struct oracle *oracle, size_t n);
void search_clear(struct search *search);

/* Sets the unit, and the best to the outcome if that is good; 0 with *ret filled, or -errno. */
int search_alone(struct search *search, size_t unit, uint64_t value, struct trial *ret);

/*
 * Sets to VALUE as many as possible of N UNITS whose setting is 0. They are tried in groups, half
 * of one that fails next; a suspect is left as it is at once. A group is as large as what was found
 * last lets one hope for. For k units that are needed about k log2(n/k) + O(k) trials without
 * hints, k + 1 with right ones. What is left may still hold a unit that is not needed (a wrong
 * hint, units that replace each other): search_alone() on each tells.
 */
int search_drop(struct search *search, const size_t *units, size_t n, uint64_t value);

/* What search_lower() found out. */
struct lowest {
	uint64_t failed_at; /* with this it failed; meaningless when failed_round is 0 */
	unsigned failed_round;
};

/*
 * The smallest value of a unit that is a number and MOST now, by bisection down to STEP or a
 * sixteenth; LIKELY, a multiple of STEP, is tried first, and a step less. Its setting becomes the
 * value plus one. Where STEP is more than one, how much is used may differ a little from run to
 * run: then the value is a step more than the smallest, and nothing smaller is ever the setting.
 */
int search_lower(struct search *search, size_t unit, uint64_t most, uint64_t likely, uint64_t step,
		 struct lowest *ret);

#endif
