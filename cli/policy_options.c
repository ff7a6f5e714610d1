/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy options, and the policy that they and a profile make. */
#include "cli/policy_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"

/* Past every letter: these options have none. */
enum {
	OPTION_ACTION = 0x100,
	OPTION_ARGS,
	OPTION_PROGRAM,
	OPTION_ALLOW,
	OPTION_DENY,
};

const struct option_row policy_option_rows[] = {
	{ OPTION_ACTION, 0, "action", "WHAT",
	  "what happens at a call that is not allowed: kill (the process; the default), "
	  "errno:NAME, trap or log" },
	{ OPTION_ARGS, 0, "args", "all|none",
	  "check the values of arguments such as the fcntl command, or only calls (default: all)" },
	{ OPTION_PROGRAM, 0, "program", "GLOB",
	  "only what programs did whose path matches (default: all that were recorded)" },
	{ OPTION_ALLOW, 0, "allow", "CALL[,...]",
	  "allow a system call, with any arguments; may be repeated" },
	{ OPTION_DENY, 0, "deny", "CALL[,...]",
	  "do not allow a system call, whatever was seen; may be repeated" },
	OPTIONS_END,
};

void policy_options_init(struct policy_options *options)
{
	*options = (struct policy_options){ .decide = decide_defaults };
}

static void clear_names(struct policy_names *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->names[i]);
	free(list->names);
	*list = (struct policy_names){ 0 };
}

void policy_options_clear(struct policy_options *options)
{
	clear_names(&options->allow);
	clear_names(&options->deny);
}

/* ---- taking values ---- */

static int take_action(struct policy_options *options, const char *value)
{
	if (action_parse(value, &options->decide.action) < 0)
		return diag(-EINVAL, "--action: '%s' is none of kill, errno:NAME, trap and log",
			    value);
	return 0;
}

static int take_args(struct policy_options *options, const char *value)
{
	bool all = strcmp(value, "all") == 0;

	if (!all && strcmp(value, "none") != 0)
		return diag(-EINVAL, "--args: '%s' is neither all nor none", value);
	options->decide.arguments = all;
	return 0;
}

static int take_program(struct policy_options *options, const char *value)
{
	options->decide.program = value;
	return 0;
}

static int add_name(struct policy_names *list, const char *name, size_t length)
{
	auto_free char *copy = strndup(name, length);
	char **names = copy ? reallocarray(list->names, list->n + 1, sizeof(*names)) : NULL;

	if (!names)
		return -ENOMEM;
	list->names = names;
	names[list->n++] = take_ptr(copy);
	return 0;
}

static int add_names(struct policy_names *list, const char *value)
{
	for (;;) {
		size_t length = strcspn(value, ",");

		if (add_name(list, value, length) < 0)
			return -ENOMEM;
		if (!value[length])
			return 0;
		value += length + 1;
	}
}

static int take_allow(struct policy_options *options, const char *value)
{
	return add_names(&options->allow, value);
}

static int take_deny(struct policy_options *options, const char *value)
{
	return add_names(&options->deny, value);
}

static const struct {
	int id;
	int (*take)(struct policy_options *options, const char *value);
} takers[] = {
	{ OPTION_ACTION, take_action }, { OPTION_ARGS, take_args },
	{ OPTION_PROGRAM, take_program }, { OPTION_ALLOW, take_allow },
	{ OPTION_DENY, take_deny },
};

int policy_options_take(struct policy_options *options, int id, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(takers); i++) {
		int r;

		if (takers[i].id != id)
			continue;
		r = takers[i].take(options, value);
		return r < 0 ? r : 1;
	}
	return 0;
}

/* ---- the policy ---- */

int policy_options_decide(const struct policy_options *options, const struct profile *profile,
			  struct policy **ret)
{
	struct decide_options decide_options = options->decide;
	struct policy *policy;
	int r;

	decide_options.allow = (const char *const *)options->allow.names;
	decide_options.n_allow = options->allow.n;
	decide_options.deny = (const char *const *)options->deny.names;
	decide_options.n_deny = options->deny.n;
	r = decide(profile, &decide_options, &policy);
	if (r == -ENOMEM)
		return diag_errno(r, "cannot compute the policy");
	if (r < 0)
		return r;
	for (size_t i = 0; i < policy->n_notes && !options->quiet; i++)
		diag_warn("%s", policy->notes[i]);
	*ret = policy;
	return 0;
}

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

int policy_options_decide_file(const struct policy_options *options, const char *path,
			       struct policy **ret)
{
	cleanup(cleanup_profile) struct profile *profile = NULL;
	int r = profile_read(path, &profile);

	return r < 0 ? r : policy_options_decide(options, profile, ret);
}
