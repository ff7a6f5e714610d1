/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a policy may be taken away, piece by piece: the units of a search. */
#ifndef LEARN_REFINER_UNITS_H
#define LEARN_REFINER_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"
#include "profile/profile.h"

/* The settings of a unit; of a limit the value plus one, or 0 for the policy's. */
enum setting {
	SET_ALLOWED,
	SET_GONE,   /* not allowed, and answered as all that is not */
	SET_ENOSYS, /* of a call: answered with an error of its own */
	SET_EPERM,
};

struct unit {
	enum decision_kind kind;
	char *name, *detail; /* as in struct profile_decision */
	uint64_t covers;     /* as there */
	size_t whole;        /* without which this one means nothing, or UNIT_NONE: itself whole */
	bool implied;        /* of a call: nobody saw it made */
	bool own;	     /* of some of the jobs alone that run side by side */
	bool unseen;	     /* of a capability: no evidence speaks for it */
	bool touched;        /* of a call or argument: undisturbed, TEST makes use of it */
	const char *guard;   /* why doing without may go unnoticed by any test, or NULL */
	uint64_t most, step; /* of a limit: its value, and how exact another need be */
	uint64_t peak;	     /* of a limit: the largest use that was seen */
};

#define UNIT_NONE SIZE_MAX

struct units {
	struct unit *list;
	size_t n;
};

/* Where trials are made. */
struct refine_host {
	unsigned landlock;     /* its ABI, 0: it has none */
	uint64_t capabilities; /* that TEST has, a bit each */
	uint64_t evident;      /* those that the policy had before others of TEST's were added */
};

/*
 * The units of POLICY, which was decided from a profile of this WEIGHT; UNDISTURBED is what TEST
 * did alone. What HOST does not enforce, or TEST has not anyway, is none: it would pass without in
 * any case. 0 or -ENOMEM. Free with units_clear().
 */
int units_of_policy(const struct policy *policy, uint64_t weight,
		    const struct profile *undisturbed, const struct refine_host *host,
		    struct units *ret);
void units_clear(struct units *units);

/* ---- refiner/unit.c ---- */

/* "openat", "fcntl cmd=F_SETLK", "path /etc/passwd READ_FILE" ..., to be freed; NULL: no memory. */
char *unit_label(const struct unit *unit);

/* Whether the unit is set otherwise by itself, not as a part of another one. */
bool unit_is_set(const struct units *units, const uint64_t *setting, size_t unit);

/* Whether SEEN uses it, as far as that may differ from job to job: paths and ports; else true. */
bool unit_is_used(const struct unit *unit, const struct profile *seen);

/* Adds to DECIDED the decision that SETTING means for the unit, with its reason. 0 or -ENOMEM. */
int unit_decide(const struct unit *unit, uint64_t setting, const char *why,
		struct profile *decided);

/* ---- refiner/blame.c ---- */

/*
 * The unit that keeps a call from being made under SETTING and not under BASE (all zeroes may stand
 * as NULL), or UNIT_NONE.
 */
size_t units_of_denied_call(const struct units *units, const uint64_t *setting,
			    const uint64_t *base, const char *name, const uint64_t args[6]);
/* The same for the use of PATH. */
size_t units_of_denied_path(const struct units *units, const uint64_t *setting,
			    const uint64_t *base, const char *path);

#endif
