/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is tried, in which order and how: from the units of a policy to a finding on each. */
#ifndef LEARN_REFINER_PLAN_H
#define LEARN_REFINER_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "refiner/search.h"
#include "refiner/units.h"

enum refine_part {
	REFINE_CALLS = 1 << 0,
	REFINE_ARGS = 1 << 1,
	REFINE_PATHS = 1 << 2,
	REFINE_NET = 1 << 3, /* ports, address families, and what reaches other processes */
	REFINE_LIMITS = 1 << 4,
	REFINE_CAPS = 1 << 5, /* capabilities */
};
#define REFINE_ALL                                                                               \
	(REFINE_CALLS | REFINE_ARGS | REFINE_PATHS | REFINE_NET | REFINE_LIMITS | REFINE_CAPS)

/* "calls,paths" as a mask; 0 or -EINVAL. */
int refine_parts_parse(const char *words, unsigned *ret);

/* A trial that is made again is watched, as the first one is, from this NTH on, and not below. */
#define PLAN_WATCHED 1000

struct plan {
	const struct units *units;
	unsigned parts;	   /* enum refine_part */
	bool unsafe;	   /* guards do not hold */
	bool keep_implied; /* what nobody saw is not tried */
	bool kills;	   /* what is not allowed ends the process */
	bool one_by_one;   /* no groups: to compare with */
	bool allow_drift;  /* a trial in which a process is killed may be good */
	bool blind;	   /* what TEST does otherwise than undisturbed is not seen */
};

/* Whether units of its kind are asked for. */
bool plan_asks(const struct plan *plan, const struct unit *unit);
/* Whether a trial fails in which TEST does something else than undisturbed. */
bool plan_sees_drift(const struct plan *plan);

enum fate {
	FATE_UNTRIED, /* not asked for, or the search was broken off */
	FATE_GUARDED,
	FATE_OWN,     /* of some jobs alone: what one does without says nothing of another */
	FATE_CERTAIN, /* TEST makes use of it each time, and would be killed for it */
	FATE_NEEDED,  /* without it alone a trial failed */
	FATE_DROPPED,
	FATE_LOWERED, /* a limit */
};

struct finding {
	enum fate fate;
	unsigned round;	      /* the trial that shows it; FATE_CERTAIN: of the result */
	bool was_needed;      /* in a pass before the last */
	struct lowest lowest; /* FATE_LOWERED */
};

/*
 * Tries. SEARCH has begun with as many units; its setting is the best that was found, also when
 * this fails. 0 when all was tried, -ENOENT when the policy as it is fails already, -EUCLEAN when
 * it passes and then fails, or what the oracle ends with. FINDINGS, one a unit, are right in any
 * case.
 */
int plan_run(const struct plan *plan, struct search *search, struct finding *findings);

/* The best found, tried TIMES more. 0, -EUCLEAN when one failed, or what the oracle ends with. */
int plan_confirm(const struct search *search, unsigned times);

#endif
