/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy options, and the policy that they and a profile make. */
#include "cli/policy_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "sysdb/syscalls.h"

/* Past every letter: these options have none. */
enum {
	OPTION_ACTION = 0x100,
	OPTION_ARGS,
	OPTION_PROGRAM,
	OPTION_ALLOW,
	OPTION_DENY,
	OPTION_PATHS,
	OPTION_PHASE,
	OPTION_PORTABLE,
	OPTION_ARCH,
	OPTION_NO_BASELINE,
	OPTION_NO_VDSO,
	OPTION_NO_FALLBACK,
	OPTION_NO_DECISIONS,
};

const struct option_row policy_option_rows[] = {
	{ OPTION_ACTION, 0, "action", "WHAT",
	  "what happens at a call that is not allowed: kill (the process; the default), "
	  "errno:NAME, trap or log" },
	{ OPTION_ARGS, 0, "args", "all|none",
	  "check the values of arguments such as the fcntl command, or only calls (default: all)" },
	{ OPTION_PROGRAM, 0, "program", "GLOB",
	  "only what programs did whose path matches (default: all that were recorded)" },
	{ OPTION_PATHS, 0, "paths", "exact|dir|auto",
	  "how far paths are generalised: not at all, to the directory of each file, or (the "
	  "default) where names do not last and where a directory has many files" },
	{ OPTION_PHASE, 0, "phase", "all|main|serving",
	  "only what programs did from their entry point on, or while serving: for a filter that "
	  "a program puts on itself (default: all)" },
	{ OPTION_PORTABLE, 0, "portable", NULL,
	  "allow also what other C libraries call for the same" },
	{ OPTION_ARCH, 0, "arch", "NAME",
	  "a policy for this architecture's calls alone, such as aarch64" },
	{ OPTION_ALLOW, 0, "allow", "WHAT[,...]",
	  "allow CALL, CALL:ARGUMENT=VALUE, path:/PATH:RIGHTS (letters of rwxcdlmin; /DIR/ is all "
	  "below), tcp:bind:PORT, tcp:connect:PORT, family:AF_NAME, scope:signal, "
	  "scope:abstract, capability:CAP_NAME or limit:NAME=NUMBER; may be repeated" },
	{ OPTION_DENY, 0, "deny", "WHAT[,...]",
	  "do not allow it, whatever was seen; may be repeated" },
	{ OPTION_NO_BASELINE, 0, "no-baseline", NULL,
	  "leave out the calls that every program makes in the end" },
	{ OPTION_NO_VDSO, 0, "no-vdso", NULL,
	  "leave out the clock calls that the kernel may serve without a call" },
	{ OPTION_NO_FALLBACK, 0, "no-fallback", NULL,
	  "do not answer unknown new calls with ENOSYS" },
	{ OPTION_NO_DECISIONS, 0, "no-decisions", NULL,
	  "from the evidence alone, whatever 'learn refine' found out" },
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

/* The index of WORD in WORDS, which ends with NULL, or -EINVAL after a message. */
static int choose(const char *option, const char *word, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return diag(-EINVAL, "--%s: '%s' is none of its values", option, word);
}

static int take_paths(struct policy_options *options, const char *value)
{
	static const char *const words[] = {
		[PATHS_AUTO] = "auto", [PATHS_EXACT] = "exact", [PATHS_DIR] = "dir", NULL,
	};
	int r = choose("paths", value, words);

	options->decide.paths = r < 0 ? options->decide.paths : (enum path_mode)r;
	return r < 0 ? r : 0;
}

static int take_phase(struct policy_options *options, const char *value)
{
	static const char *const words[] = {
		[PHASE_LOAD] = "all", [PHASE_MAIN] = "main", [PHASE_SERVING] = "serving", NULL,
	};
	int r = choose("phase", value, words);

	options->decide.from = r < 0 ? options->decide.from : (enum phase)r;
	return r < 0 ? r : 0;
}

static int take_arch(struct policy_options *options, const char *value)
{
	options->decide.arch = arch_from_name(value);
	if (!options->decide.arch)
		return diag(-EINVAL, "--arch: unknown architecture '%s'", value);
	return 0;
}

static int take_portable(struct policy_options *options, const char *value)
{
	(void)value;
	options->decide.portable = true;
	return 0;
}

static int take_no_baseline(struct policy_options *options, const char *value)
{
	(void)value;
	options->decide.no_baseline = true;
	return 0;
}

static int take_no_vdso(struct policy_options *options, const char *value)
{
	(void)value;
	options->decide.no_vdso = true;
	return 0;
}

static int take_no_fallback(struct policy_options *options, const char *value)
{
	(void)value;
	options->decide.no_fallback = true;
	return 0;
}

static int take_no_decisions(struct policy_options *options, const char *value)
{
	(void)value;
	options->decide.no_decisions = true;
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

/* Words joined by commas; a path may hold commas itself and is the whole value. */
static int add_names(struct policy_names *list, const char *value)
{
	if (strncmp(value, "path:", 5) == 0)
		return add_name(list, value, strlen(value));
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
	{ OPTION_DENY, take_deny },	    { OPTION_PATHS, take_paths },
	{ OPTION_PHASE, take_phase },	    { OPTION_PORTABLE, take_portable },
	{ OPTION_ARCH, take_arch },	    { OPTION_NO_BASELINE, take_no_baseline },
	{ OPTION_NO_VDSO, take_no_vdso },   { OPTION_NO_FALLBACK, take_no_fallback },
	{ OPTION_NO_DECISIONS, take_no_decisions },
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
		diag_warn("%s", policy->notes[i].text);
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
