/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy options, the same for every verb that computes a policy. */
#ifndef LEARN_CLI_POLICY_OPTIONS_H
#define LEARN_CLI_POLICY_OPTIONS_H

#include <stdbool.h>

#include "cli/options.h"
#include "learner/decide.h"

/* For a command's list of option tables. */
extern const struct option_row policy_option_rows[];

/* Names that a person gave, comma-separated or one an option. */
struct policy_names {
	char **names;
	size_t n;
};

struct policy_options {
	struct decide_options decide; /* its lists and strings are borrowed from here and argv */
	struct policy_names allow, deny;
	bool quiet; /* no warnings: for the verb's own -q */
};

/* Nothing asked for: decide_defaults. Free what it comes to own with policy_options_clear(). */
void policy_options_init(struct policy_options *options);
void policy_options_clear(struct policy_options *options);

/*
 * Takes an option that options_next() returned. 1 when it is one of policy_option_rows, 0 when it
 * is not, -EINVAL after a message for a bad value, -ENOMEM.
 */
int policy_options_take(struct policy_options *options, int id, const char *value);

/*
 * The policy for a profile; its notes go to stderr as warnings. 0, or -errno after a message. Free
 * with policy_free().
 */
int policy_options_decide(const struct policy_options *options, const struct profile *profile,
			  struct policy **ret);
/* The same for the profile in a file ("-": standard input). */
int policy_options_decide_file(const struct policy_options *options, const char *path,
			       struct policy **ret);

#endif
