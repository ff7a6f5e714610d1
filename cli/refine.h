/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A refinement under way: what its files share. */
#ifndef LEARN_CLI_REFINE_H
#define LEARN_CLI_REFINE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/commands.h"
#include "cli/policy_options.h"
#include "cli/rounds.h"
#include "cli/trials.h"
#include "profile/profile.h"
#include "refiner/plan.h"

struct refinement {
	/* asked for */
	const char *output, *profile; /* profile: NULL when TEST is to be traced first */
	struct policy_options options;
	int expect; /* TEST's exit status */
	bool same_output, keep_implied, quiet;
	unsigned jobs, retries;
	uint64_t budget_ms;    /* 0: none */
	unsigned budget_runs;  /* 0: none */
	/* known */
	struct profile *evidence, *undisturbed;
	struct profile **alone; /* of each job, where they were seen in this go; or NULL */
	struct policy *policy;
	struct units units;
	struct plan plan;
	struct test test;
	char *rounds_path, *undisturbed_path; /* what is left when it is broken off */
	uint64_t key;
	struct rounds rounds;
	/* the search */
	struct search search;
	struct finding *findings; /* one a unit */
	int64_t start_ms;
	unsigned start_rounds; /* known from before */
	bool progress_shown;
};

/* ---- refine_options.c ---- */

/* -1 to go on with what was asked for in F, or an exit status. */
int refine_parse(const struct command *self, int argc, char **argv, struct refinement *f);

/* ---- refine_undisturbed.c ---- */

/*
 * TEST run as it is, until nothing new comes: fills in undisturbed, alone and the reference. 0 or
 * -errno after a message: it fails by itself.
 */
int refine_undisturbed(struct refinement *f, struct reference *ref);
/* How long a trial may take before it is thought to hang. */
uint64_t refine_timeout(const struct reference *ref);
/* Whether TEST passed, and if not, or if it was another output, why not: in words. */
enum outcome refine_judge(const struct refinement *f, const struct trial_facts *facts,
			  char *text, size_t size);

/* ---- refine_trials.c ---- */

#define REFINE_MOST_JOBS 64

/* A setting to be tried, for the NTH time. */
struct question {
	uint64_t *setting;
	uint64_t *base; /* the best when it was asked */
	uint64_t key;	/* refine_key() */
	unsigned nth;	/* as in struct oracle */
};

/* What to do about a TEST that is not reliable. */
#define REFINE_ADVICE                                                                            \
	"make it reliable, put back what it leaves behind (--before), or let --retries=N try "   \
	"each failure again"

uint64_t refine_key(const struct refinement *f, const uint64_t *setting, unsigned nth);
/* Tries at most REFINE_MOST_JOBS side by side, each a round then. 0 or -errno after a message. */
int refine_try(struct refinement *f, const struct question *questions, size_t n);
/* Whether the best so far is to be tried again, as a reliable TEST passes; and that. As above. */
bool refine_control_is_due(const struct refinement *f);
int refine_control(struct refinement *f);
/* -ECANCELED after a message: what had passed failed in the last round. */
int refine_refuse(const struct refinement *f);

/* ---- refine_rounds.c ---- */

/*
 * Makes rounds until the search has ended. 0; -ETIME when the budget was used up before; -errno
 * after a message. In any case search and findings hold the best there is, unless that is a failure
 * of the policy as it was.
 */
int refine_rounds(struct refinement *f);

/* ---- refine_report.c ---- */

/* Adds to DECIDED what was found about each unit. 0 or -ENOMEM. */
int refine_decide(const struct refinement *f, struct profile *decided);
/* The report for people. */
void refine_report(const struct refinement *f, bool complete, FILE *out);

#endif
