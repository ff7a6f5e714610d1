/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn run: a command under its policy, and which call a process was killed for. */
#include <stdio.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/denial_report.h"
#include "cli/policy_options.h"
#include "cli/supervise.h"
#include "cli/verbs.h"

const struct option_row run_options[] = {
	OPTIONS_END,
};

/* ---- the run ---- */

static void on_denial(void *state, const struct denial *denial)
{
	denial_report(state, denial);
}

static int run(const struct policy *policy, const char *profile, char **command)
{
	struct denial_report report = { policy, profile };
	const struct supervision supervision = {
		.policy = policy,
		.command = command,
		.layers = LAYERS_ALL,
		.input = -1,
		.output = -1,
		.errors = -1,
		.failures = true,
		.denied = on_denial,
		.state = &report,
	};
	struct supervised done;
	int status;

	enforcement_warn(policy, supervision.layers);
	if (supervise(&supervision, &done) < 0)
		return EXIT_LEARN;
	status = done.trace.status;
	supervised_clear(&done);
	return status;
}

/* -1 at the next operand, or an exit status. */
static int take_options(const struct command *self, struct option_parser *p,
			struct policy_options *options)
{
	int id;

	while ((id = options_next(p)) != OPTIONS_DONE) {
		if (id == OPTION_HELP)
			return command_help(self);
		if (id == OPTIONS_BAD || policy_options_take(options, id, p->value) < 0)
			return command_usage(self, EXIT_LEARN);
	}
	return -1;
}

/* Options may stand on either side of the profile. -1 with both set, or an exit status. */
static int parse(const struct command *self, int argc, char **argv, struct policy_options *options,
		 const char **profile, char ***command)
{
	struct option_parser p = { self->options, argc, argv, 1, NULL };
	int status = take_options(self, &p, options);

	if (status >= 0)
		return status;
	if (p.index < argc) {
		*profile = argv[p.index++];
		status = take_options(self, &p, options);
	}
	if (status < 0 && p.index >= argc) {
		diag(0, "run: a profile and a command are needed");
		return command_usage(self, EXIT_LEARN);
	}
	*command = argv + p.index;
	return status;
}

int cmd_run(const struct command *self, int argc, char **argv)
{
	cleanup(policy_options_clear) struct policy_options options;
	struct policy *policy = NULL;
	const char *profile = NULL;
	char **command = NULL;
	int status;

	policy_options_init(&options);
	status = parse(self, argc, argv, &options, &profile, &command);
	if (status >= 0)
		return status;
	if (policy_options_decide_file(&options, profile, &policy) < 0)
		return EXIT_LEARN;
	status = run(policy, profile, command);
	policy_free(policy);
	return status;
}
