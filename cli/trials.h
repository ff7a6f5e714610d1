/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TEST run under policies, several at a time, each in processes of its own: what each run was
 * denied, did otherwise than undisturbed, wrote, and how it ended.
 */
#ifndef LEARN_CLI_TRIALS_H
#define LEARN_CLI_TRIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"
#include "profile/profile.h"
#include "refiner/units.h"

/* What is the same for all trials. */
struct test {
	char *const *command; /* ends with NULL */
	const char *before;   /* for sh -c before each run, or NULL */
	const char *check;    /* for sh -c after it: status 0 is a pass; or NULL */
	uint64_t timeout_ms;  /* 0: none */
	bool untraced;	      /* no ptrace: see cli/untraced.h; only calls are enforced */
	const struct policy *policy;
	const struct profile *undisturbed; /* what drift is measured against; NULL: not measured */
	const struct units *units;
};

/* One of them. */
struct trial_spec {
	const uint64_t *setting; /* of the units; NULL: undisturbed, nothing is confined */
	const uint64_t *base;	 /* what was good before; NULL: nothing set. For the suspect */
	bool watched;		 /* all calls are watched: costs time, tells drift and `seen` */
	bool stacks;		 /* and who made them */
};

#define WRITTEN_LINE 96

/* Of what TEST wrote to a descriptor. */
struct written {
	uint64_t hash, size;
	char line[WRITTEN_LINE]; /* the last that is not empty, cut */
};

struct trial_facts {
	int error; /* -errno: the run could not be made; messages.line says why */
	bool before_failed;
	bool started, timed_out;
	int status;	   /* of TEST, as a shell has it */
	int check_status;  /* of --check; 0 without one */
	size_t suspect;	   /* the unit, set otherwise than in base, that the last denial was for */
	char denied[128];  /* the last denial that is not base's: "mkdir /srv/made"; or "" */
	unsigned n_denied; /* different denials of any kind */
	char killed[32];   /* the last call that a process was killed for, or "" */
	unsigned n_drifts; /* what TEST did that it does not undisturbed */
	char drift[256];   /* the first of it, in words; or "" */
	uint64_t duration_ms;
	struct written output, errors, messages; /* the last: of before, check and learn */
	struct profile *seen;			 /* of an undisturbed run; the caller frees it */
};

/*
 * Makes N trials side by side; before, TEST and check of trial I have LEARN_JOB=I in their
 * environment. All processes of a trial are gone afterwards. 0 with FACTS filled, or -errno after a
 * message.
 */
int trials_run(const struct test *test, const struct trial_spec *specs, size_t n,
	       struct trial_facts *facts);

#endif
