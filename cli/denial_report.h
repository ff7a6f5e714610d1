/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A denial as people read it: what, who, from where, by which rule, and what allows it. */
#ifndef LEARN_CLI_DENIAL_REPORT_H
#define LEARN_CLI_DENIAL_REPORT_H

#include "cli/denial.h"
#include "policy/policy.h"

struct denial_report {
	const struct policy *policy;
	const char *profile; /* its file's name, for the advice */
};

/* Writes the report to stderr at once, so that no other output comes between its lines. */
void denial_report(const struct denial_report *report, const struct denial *denial);

#endif
