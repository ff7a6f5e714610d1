/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A denial as people read it: what, who, from where, by which rule, and what allows it. */
#ifndef LEARN_CLI_DENIAL_REPORT_H
#define LEARN_CLI_DENIAL_REPORT_H

#include <stdbool.h>

#include "cli/denial.h"
#include "cli/purpose.h"
#include "cli/rerun.h"
#include "policy/policy.h"

struct denial_report {
	const struct policy *policy;
	const struct purpose *purpose;
	struct rerun *rerun;
	bool observed; /* nothing was denied: it would have been */
	size_t n_told; /* kinds until now, or that would have been but for their number */
};

/* Kinds of denials that are told one by one. */
#define REPORTS_MOST 50

/*
 * Writes the report to stderr at once, so that no other output comes between its lines. Of what
 * fails on purpose nothing is said yet: programs are expected to do without. Nor of more kinds than
 * REPORTS_MOST.
 */
void denial_report(struct denial_report *report, const struct denial *denial);

/*
 * After the run: how often what was told once has happened, where that was more than once; and of a
 * command that FAILED though nothing was told, what was denied to it on purpose.
 */
void denial_report_end(const struct denial_report *report, const struct denials *denials,
		       bool failed);

#endif
