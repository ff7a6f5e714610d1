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
#include "cli/report_decisions.h"
#include "cli/verbs.h"
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

/* ---- what is not in the policy ---- */

static int explain_not_seen(struct explanation *x, const char *what, const char *kind)
{
	page_heading(&x->page, "%s", what);
	fprintf(x->page.out, "  not in the policy: not seen; --allow=%s:%s would allow it\n", kind,
		what);
	return 0;
}

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
		explain_path_seen(x);
		return 0;
	}
	if (parse_u64(x->what, UINT16_MAX, &port) == 0) {
		page_heading(&x->page, "%s", what);
		fprintf(x->page.out,
			"  not in the policy: not seen; --allow=tcp:bind:%s or "
			"--allow=tcp:connect:%s would allow it\n",
			what, what);
		return 0;
	}
	if (name_parse(NAME_FAMILY, x->what, &family) == 0)
		return explain_not_seen(x, what, "family");
	if (cap_from_name(x->what, &capability) == 0)
		return explain_not_seen(x, what, "capability");
	if (rlimit_by_name(x->what)) {
		page_heading(&x->page, "%s", what);
		fputs("  not in the policy: not limited\n", x->page.out);
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
		page_paragraph(&x->page, 0, 4, x->policy->notes[i].text);
	}
	found += report_decisions(&x->page, x->profile, x->what);
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
	struct option_parser parser = { self->options, argc, argv, .index = 1, .mixed = true };
	cleanup(policy_options_clear) struct policy_options options;
	int id;

	policy_options_init(&options);
	options.quiet = true; /* the warnings are part of the explanation */
	while ((id = options_next(&parser)) != OPTIONS_DONE) {
		if (id == OPTION_HELP)
			return command_help(self);
		if (id == OPTIONS_BAD || policy_options_take(&options, id, parser.value) < 0)
			return command_usage(self, EXIT_TROUBLE);
	}
	if (parser.n_operands != 1 && parser.n_operands != 2) {
		diag(0, "explain: expected PROFILE and perhaps WHAT");
		return command_usage(self, EXIT_TROUBLE);
	}
	return explain_file(&options, argv[parser.index], argv[parser.index + 1]) < 0
		       ? EXIT_TROUBLE
		       : EXIT_SUCCESS;
}
