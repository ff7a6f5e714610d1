/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of `learn explain`. */
#ifndef LEARN_CLI_EXPLAIN_H
#define LEARN_CLI_EXPLAIN_H

#include <stddef.h>

#include "cli/page.h"
#include "policy/policy.h"
#include "profile/profile.h"

struct explanation {
	struct page page;
	const struct profile *profile;
	const struct policy *policy;
	const char *program; /* a pattern: the programs that the policy is for, NULL for all */
	const char *what;    /* NULL: all */
};

/* Whether the program's evidence is in the policy. */
bool explain_is_selected(const struct explanation *x, const struct profile_program *program);

/* Each explains what in its part of the policy is asked for, and returns how much there was. */
size_t explain_calls(struct explanation *x);
size_t explain_denials(struct explanation *x);
size_t explain_paths(struct explanation *x);
size_t explain_ports(struct explanation *x);
size_t explain_families(struct explanation *x);
size_t explain_capabilities(struct explanation *x);
size_t explain_limits(struct explanation *x);

/* What was done to the path that is asked for, or below it, whether it is allowed or not. */
void explain_path_seen(struct explanation *x);

/* "HEADING" and "  allowed: WHY" on the next line. */
void explain_rule(struct explanation *x, const char *heading, const char *why);

/* "3 times" and its like into TEXT. */
void explain_times(uint64_t count, char text[32]);

#endif
