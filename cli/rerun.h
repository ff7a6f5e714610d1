/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line that was given, as it has to be for denials not to come again. */
#ifndef LEARN_CLI_RERUN_H
#define LEARN_CLI_RERUN_H

#include <stdio.h>

#include "cli/denial_words.h"
#include "cli/policy_options.h"

struct rerun {
	const char *learn;			     /* as it was called */
	struct words options;			     /* as given, but for --allow and --deny */
	const struct policy_options *policy_options; /* has these */
	const char *profile;
	char *const *command;
	struct words allow;  /* more, by denials until now */
	struct words undeny; /* of --deny, that are not to be given again */
};

void rerun_clear(struct rerun *rerun);

/*
 * Takes in what allows a denial: words for --allow, or one less for --deny (then *undenied is set
 * to it, borrowed; else to NULL). 1; 0 where there is none; -ENOMEM.
 */
int rerun_mend(struct rerun *rerun, const struct policy *policy, const struct denial *denial,
	       const char **undenied);

/* The command line for a shell, with all that was taken in. */
void rerun_print(const struct rerun *rerun, FILE *out);
/* The same with --observe instead: what no word allows is added to the profile. */
void rerun_print_observe(const struct rerun *rerun, FILE *out);

#endif
