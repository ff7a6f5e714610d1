/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `learn explain`: why each rule is in the policy. */
#include "cli/explain.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/parse.h"
#include "cli/policy_options.h"
#include "cli/verbs.h"
#include "sysdb/effects.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"
#include "sysdb/syscalls.h"

bool explain_is_selected(const struct explanation *x, const struct profile_program *program)
{
	return !x->program || fnmatch(x->program, program->path, 0) == 0;
}

void explain_times(uint64_t count, char text[32])
{
	if (count == 1)
		snprintf(text, 32, "once");
	else
		snprintf(text, 32, "%" PRIu64 " times", count);
}

void explain_rule(struct explanation *x, const char *heading, const char *why)
{
	auto_free char *text = page_visible(&x->page, heading);

	page_heading(&x->page, "%s", text ? text : "");
	page_paragraph(&x->page, fprintf(x->page.out, "  allowed: "), 4, why);
}

/* ---- paths ---- */

/* Whether UPPER is PATH or a directory above it. */
static bool holds(const char *upper, const char *path)
{
	size_t n = strlen(upper);

	return strncmp(upper, path, n) == 0 &&
	       (!path[n] || path[n] == '/' || (n && upper[n - 1] == '/'));
}

static void print_effects(struct explanation *x, uint32_t effects)
{
	const char *separator = "";

	for (unsigned bit = 0; bit < N_PATH_EFFECTS; bit++) {
		if (!(effects & 1u << bit))
			continue;
		fprintf(x->page.out, "%s%s", separator, path_effect_name(bit));
		separator = ", ";
	}
}

/* What was done to paths at ROOT or below; of what is asked for, what was done to it alone. */
static void print_paths_seen(struct explanation *x, const char *root)
{
	auto_free struct profile_program **programs = profile_sorted(&x->profile->programs);

	x->page.no_memory |= !programs;
	for (size_t p = 0; programs && p < x->profile->programs.n; p++) {
		auto_free struct profile_path **paths = profile_sorted(&programs[p]->paths);

		x->page.no_memory |= !paths;
		if (!paths || !explain_is_selected(x, programs[p]))
			continue;
		for (size_t i = 0; i < programs[p]->paths.n; i++) {
			char times[32];

			if (!holds(root, paths[i]->path))
				continue;
			explain_times(paths[i]->count, times);
			fputs("  ", x->page.out);
			page_print(&x->page, programs[p]->path);
			fprintf(x->page.out, " in %s, %s: ", phase_name(paths[i]->phase), times);
			print_effects(x, paths[i]->effects);
			fputs(" ", x->page.out);
			page_print(&x->page, paths[i]->path);
			fputc('\n', x->page.out);
		}
	}
}

static size_t explain_paths(struct explanation *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->policy->n_paths; i++) {
		const struct policy_path *path = &x->policy->paths[i];
		bool above = x->what && path->directory && holds(path->path, x->what);

		if (x->what && !above && strcmp(path->path, x->what) != 0)
			continue;
		explain_rule(x, path->path, path->why);
		if (!above)
			print_paths_seen(x, path->path);
		n++;
	}
	if (n && x->what && *x->what == '/')
		print_paths_seen(x, x->what);
	return n;
}

/* ---- what is not in the policy ---- */

/* Says what becomes of WHAT; -ENOENT after a message where nobody knows such a thing. */
static int explain_absence(struct explanation *x)
{
	auto_free char *action = action_format(x->policy->action);
	auto_free char *what = page_visible(&x->page, x->what);
	uint64_t port;
	int nr, family;
	cap_value_t capability;

	if (!action || !what)
		return -ENOMEM;
	if (syscall_number(x->policy->arch, x->what, &nr) == 0) {
		page_heading(&x->page, "%s", what);
		fprintf(x->page.out,
			"  %s: not seen, and nothing implies it; --allow=%s would allow it\n",
			action, what);
		return 0;
	}
	if (*x->what == '/') {
		page_heading(&x->page, "%s", what);
		fputs("  denied: no rule is for it or a directory above it\n", x->page.out);
		print_paths_seen(x, x->what);
		return 0;
	}
	if (parse_u64(x->what, UINT16_MAX, &port) == 0 ||
	    name_parse(NAME_FAMILY, x->what, &family) == 0 || rlimit_by_name(x->what) ||
	    cap_from_name(x->what, &capability) == 0) {
		page_heading(&x->page, "%s", what);
		fputs("  not in the policy: it was not seen\n", x->page.out);
		return 0;
	}
	return diag(-ENOENT,
		    "explain: '%s' is no system call, path, limit, capability, address family or "
		    "port",
		    x->what);
}

/* ---- the verb ---- */

static const struct {
	const char *title;
	size_t (*explain)(struct explanation *x);
} parts[] = {
	{ "SYSTEM CALLS", explain_calls },     { "SYSTEM CALLS WITH AN ANSWER", explain_denials },
	{ "PATHS", explain_paths },	       { "PORTS", explain_ports },
	{ "ADDRESS FAMILIES", explain_families }, { "CAPABILITIES", explain_capabilities },
	{ "LIMITS", explain_limits },
};

static int explain(struct explanation *x, const char *name)
{
	size_t found = 0;

	if (!x->what) {
		printf("The policy of %zu run%s in ", x->profile->n_runs,
		       x->profile->n_runs == 1 ? "" : "s");
		page_print(&x->page, name);
		fputs(", and why it is so.\n", stdout);
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!x->what)
			printf("\n%s\n", parts[i].title);
		found += parts[i].explain(x);
	}
	for (size_t i = 0; !x->what && i < x->policy->n_notes; i++) {
		fputs(i ? "" : "\nWARNINGS\n", stdout);
		page_paragraph(&x->page, 0, 4, x->policy->notes[i]);
	}
	if (x->page.no_memory)
		return diag_errno(-ENOMEM, "explain");
	return found || !x->what ? 0 : explain_absence(x);
}

static int explain_file(const struct policy_options *options, const char *file, const char *what)
{
	struct profile *profile = NULL;
	struct policy *policy = NULL;
	int r = profile_read(file, &profile);

	if (r < 0)
		return r;
	r = policy_options_decide(options, profile, &policy);
	if (r == 0) {
		struct explanation x = { .page = { .out = stdout }, .profile = profile,
					 .policy = policy, .program = options->decide.program,
					 .what = what };

		r = explain(&x, file);
	}
	policy_free(policy);
	profile_free(profile);
	return r;
}

int cmd_explain(const struct command *self, int argc, char **argv)
{
	struct option_parser parser = { self->options, argc, argv, .index = 1 };
	cleanup(policy_options_clear) struct policy_options options;
	int id, operands;

	policy_options_init(&options);
	options.quiet = true; /* the warnings are part of the explanation */
	while ((id = options_next(&parser)) != OPTIONS_DONE) {
		if (id == OPTION_HELP)
			return command_help(self);
		if (id == OPTIONS_BAD || policy_options_take(&options, id, parser.value) < 0)
			return command_usage(self, EXIT_TROUBLE);
	}
	operands = argc - parser.index;
	if (operands != 1 && operands != 2) {
		diag(0, "explain: expected PROFILE and perhaps WHAT");
		return command_usage(self, EXIT_TROUBLE);
	}
	return explain_file(&options, argv[parser.index], argv[parser.index + 1]) < 0
		       ? EXIT_TROUBLE
		       : EXIT_SUCCESS;
}
