/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn emit: the policy for a profile in one of the formats. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/parse.h"
#include "cli/emit_more.h"
#include "cli/policy_options.h"
#include "cli/unit_file.h"
#include "cli/verbs.h"
#include "emitter/emitters.h"
#include "emitter/quote.h"
#include "emitter/systemd_groups.h"
#include "profile/profile.h"

/* Past those of the policy options. */
enum {
	OPTION_LIST = 0x200,
	OPTION_NAME,
	OPTION_AS,
	OPTION_RAW,
	OPTION_MAIN,
	OPTION_ANNOTATE,
	OPTION_TUNE,
	OPTION_COST,
	OPTION_LIFETIME,
	OPTION_CHECK,
	OPTION_GROUPS,
	OPTION_LOAD,
	OPTION_UNIT,
	OPTION_SYSTEMD,
	OPTION_ADDRESSES,
	OPTION_VIEW,
};

const struct option_row emit_options[] = {
	{ 'o', 'o', "output", "FILE",
	  "write to FILE, replaced at once, instead of standard output" },
	{ OPTION_LIST, 0, "list", NULL, "name the formats with what each can express" },
	{ OPTION_NAME, 0, "name", "WORD",
	  "what the policy is called in C source (default: from the profile's file name)" },
	{ OPTION_RAW, 0, "raw", NULL, "bpf: the instructions themselves, for bwrap --seccomp" },
	{ OPTION_ANNOTATE, 0, "annotate", NULL,
	  "bpf, bpf_asm: the program as text, with how often the profile's calls come by" },
	{ OPTION_TUNE, 0, "tune", "WHAT",
	  "bpf, bpf_asm: best for kernels that remember allowed calls (cached, since 5.11), for "
	  "others (uncached), near the best for both (balanced; the default), or for exactly the "
	  "calls that were counted (observed)" },
	{ OPTION_MAIN, 0, "main", NULL,
	  "libseccomp, landlock, rlimits: a launcher that runs a command confined" },
	{ OPTION_AS, 0, "as", "FORM",
	  "rlimits: as c (the default), sh or prlimit; minijail: as policy (the default) or "
	  "frequency" },
	{ OPTION_LOAD, 0, "load", "main|exec",
	  "libseccomp: a function that the program calls first thing in main, for what it does "
	  "from there on (main: --phase=main is implied), or a launcher (exec: as --main)" },
	{ OPTION_GROUPS, 0, "groups", "FILE",
	  "systemd: name groups of calls (@timer) where all of a group is allowed; FILE is what "
	  "systemd-analyze syscall-filter prints where the service runs" },
	{ OPTION_LIFETIME, 0, "lifetime-limits", NULL,
	  "apparmor, firejail, systemd: limit also what grows with the time that a service runs or "
	  "with what it is asked for" },
	{ OPTION_UNIT, 0, "unit", "FILE",
	  "systemd: the unit that the drop-in is for (-: what systemctl cat prints)" },
	{ OPTION_SYSTEMD, 0, "systemd", "VERSION",
	  "systemd: write what is newer than this version as comments" },
	{ OPTION_ADDRESSES, 0, "addresses", NULL,
	  "systemd: confine IP addresses and ports to those that were used" },
	{ OPTION_VIEW, 0, "view", "all|used|only",
	  "systemd: leave all directories in sight (the default), hide those without use, or show "
	  "only what was used, as closely as --paths says" },
	{ OPTION_COST, 0, "cost", NULL,
	  "instead of a format: what the seccomp filter costs, next to other ways to lay it out" },
	{ OPTION_CHECK, 0, "check", NULL,
	  "have the tool that reads the format check it, and write nothing; exit 1 if refused" },
	{ 'q', 'q', "quiet", NULL, "no warnings about the policy" },
	OPTIONS_END,
};

/* ---- one output ---- */

struct request {
	struct policy_options policy;
	struct emit_options emit;
	const char *name, *output, *unit; /* NULL: not given */
	const char *load;          /* --load=; NULL: not given */
	const char *groups_file;   /* --groups= */
	bool list, cost, check, tuned, viewed;
	struct unit_facts facts;
	char *const *operands;     /* FORMAT and PROFILE */
	int n_operands;
};

static int emit(const struct request *request, const struct emitter *emitter,
		const struct emit_options *options)
{
	struct policy *policy = NULL;
	int err = request->output ? profile_check_spared(request->output) : 0;

	if (!err)
		err = emit_decide(&request->policy, request->operands[1], emitter, options,
				  &policy);
	if (err < 0)
		return err;
	err = emit_output(request->output, emitter, policy, options);
	policy_free(policy);
	return err;
}

/* ---- the command line ---- */

static int take_tune(struct request *r, const char *value)
{
	r->tuned = true;
	if (tune_parse(value, &r->emit.tune) < 0)
		return diag(-EINVAL, "--tune: '%s' is none of balanced, uncached, cached "
			    "and observed", value);
	return 0;
}

static int take_load(struct request *r, const char *value)
{
	r->load = value;
	r->emit.in_main = strcmp(value, "main") == 0;
	if (strcmp(value, "exec") == 0)
		r->emit.with_main = true;
	else if (!r->emit.in_main)
		return diag(-EINVAL, "--load: '%s' is neither main nor exec", value);
	return 0;
}

static int take_systemd(struct request *r, const char *value)
{
	uint64_t version;

	if (parse_u64(value, UINT_MAX, &version) < 0 || !version)
		return diag(-EINVAL, "--systemd: '%s' is no version such as 252", value);
	r->emit.systemd = (unsigned)version;
	return 0;
}

static int take_view(struct request *r, const char *value)
{
	r->viewed = true;
	if (view_parse(value, &r->emit.view) < 0)
		return diag(-EINVAL, "--view: '%s' is none of all, used and only", value);
	r->policy.decide.view = r->emit.view == VIEW_ONLY;
	return 0;
}

static int take(struct request *r, int id, const char *value)
{
	switch (id) {
	case 'o':
		r->output = strcmp(value, "-") == 0 ? NULL : value;
		return 0;
	case 'q':
		r->policy.quiet = true;
		return 0;
	case OPTION_LIST:
		r->list = true;
		return 0;
	case OPTION_NAME:
		r->name = value;
		return is_identifier(value)
			       ? 0
			       : diag(-EINVAL, "--name: '%s' is not a C identifier", value);
	case OPTION_RAW:
		r->emit.raw = true;
		return 0;
	case OPTION_MAIN:
		r->emit.with_main = true;
		return 0;
	case OPTION_AS:
		r->emit.as = value;
		return 0;
	case OPTION_ANNOTATE:
		r->emit.annotate = true;
		return 0;
	case OPTION_TUNE:
		return take_tune(r, value);
	case OPTION_LOAD:
		return take_load(r, value);
	case OPTION_GROUPS:
		r->groups_file = value;
		return 0;
	case OPTION_LIFETIME:
		r->emit.lifetime_limits = true;
		return 0;
	case OPTION_COST:
		r->cost = true;
		return 0;
	case OPTION_CHECK:
		r->check = true;
		return 0;
	case OPTION_UNIT:
		r->unit = value;
		return 0;
	case OPTION_SYSTEMD:
		return take_systemd(r, value);
	case OPTION_ADDRESSES:
		r->emit.addresses = true;
		return 0;
	case OPTION_VIEW:
		return take_view(r, value);
	default:
		return policy_options_take(&r->policy, id, value);
	}
}

/* Options and operands in any order. -1 to go on, or an exit status. */
static int parse(const struct command *self, int argc, char **argv, struct request *r)
{
	struct option_parser p = { self->options, argc, argv, .index = 1, .mixed = true };
	int id;

	while ((id = options_next(&p)) != OPTIONS_DONE) {
		if (id == OPTION_HELP)
			return command_help(self);
		if (id == OPTIONS_BAD || take(r, id, p.value) < 0)
			return command_usage(self, EXIT_TROUBLE);
	}
	r->operands = argv + p.index;
	r->n_operands = p.n_operands;
	return -1;
}

/* An option that would change nothing is a mistake. */
static bool accepts(const struct request *r, const struct emitter *emitter)
{
	const struct {
		bool given;
		enum accepts bit;
		const char *name;
	} options[] = {
		{ r->emit.raw, ACCEPTS_RAW, "--raw" },
		{ r->emit.with_main, ACCEPTS_MAIN, "--main" },
		{ r->emit.as, ACCEPTS_AS, "--as" },
		{ r->emit.annotate, ACCEPTS_ANNOTATE, "--annotate" },
		{ r->tuned, ACCEPTS_TUNE, "--tune" },
		{ r->emit.lifetime_limits, ACCEPTS_LIFETIME, "--lifetime-limits" },
		{ r->load, ACCEPTS_LOAD, "--load" },
		{ r->groups_file, ACCEPTS_GROUPS, "--groups" },
		{ r->unit, ACCEPTS_UNIT, "--unit" },
		{ r->emit.systemd, ACCEPTS_UNIT, "--systemd" },
		{ r->emit.addresses, ACCEPTS_UNIT, "--addresses" },
		{ r->viewed, ACCEPTS_UNIT, "--view" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (options[i].given && !(emitter->accepts & options[i].bit)) {
			diag(0, "emit: %s is not for %s", options[i].name, emitter->name);
			return false;
		}
	}
	return true;
}

static int print_cost(const struct command *self, const struct request *r)
{
	struct policy *policy = NULL;
	int err;

	if (r->n_operands != 1 || r->output) {
		diag(0, "emit: --cost takes one PROFILE, no FORMAT and no --output");
		return command_usage(self, EXIT_TROUBLE);
	}
	err = emit_decide(&r->policy, r->operands[0], NULL, NULL, &policy);
	if (!err)
		err = emit_print_cost(policy);
	policy_free(policy);
	if (!err)
		err = flush_stdout();
	return err < 0 ? EXIT_TROUBLE : EXIT_SUCCESS;
}

static int check(const struct request *r, const struct emitter *emitter,
		 const struct emit_options *options)
{
	struct policy *policy = NULL;
	int status = EXIT_TROUBLE;

	if (emit_decide(&r->policy, r->operands[1], emitter, options, &policy) == 0)
		status = emit_check(emitter, policy, options);
	policy_free(policy);
	return status;
}

/* What the program does from main on is another policy. */
static int settle_phase(struct request *r)
{
	if (!r->emit.in_main)
		return 0;
	if (r->emit.with_main)
		return diag(-EINVAL, "emit: --load=main is a function, --main a launcher");
	if (r->policy.decide.from > PHASE_MAIN)
		return diag(-EINVAL, "emit: --load=main is not for --phase=serving: without it, "
			    "call the function when the program begins to serve");
	r->policy.decide.from = PHASE_MAIN;
	return 0;
}

static int read_groups(const char *path, struct systemd_groups *groups)
{
	const size_t most = 1 << 20;
	auto_free char *text = NULL;
	size_t length;
	int err = read_file(path, most, &text, &length);

	if (!err)
		err = systemd_groups_read(text, groups);
	if (err == -EINVAL)
		return diag(err, "%s: not what systemd-analyze syscall-filter prints", path);
	return err < 0 ? diag_errno(err, "%s", path) : 0;
}

static int run(const struct command *self, struct request *r)
{
	struct systemd_groups cleanup(systemd_groups_clear) groups = { 0 };
	struct emit_options options;
	const struct emitter *emitter;
	auto_free char *name = NULL;

	if (r->list)
		return emit_print_list();
	if (r->cost)
		return print_cost(self, r);
	if (r->n_operands != 2) {
		diag(0, "emit: expected FORMAT and PROFILE");
		return command_usage(self, EXIT_TROUBLE);
	}
	emitter = emitter_by_name(r->operands[0]);
	if (!emitter) {
		diag(0, "emit: there is no format '%s': 'learn emit --list' names them",
		     r->operands[0]);
		return EXIT_TROUBLE;
	}
	if (!accepts(r, emitter) || settle_phase(r) < 0)
		return command_usage(self, EXIT_TROUBLE);
	if (r->groups_file && read_groups(r->groups_file, &groups) < 0)
		return EXIT_TROUBLE;
	name = r->name ? strdup(r->name) : make_identifier(r->operands[1]);
	if (!name)
		return EXIT_TROUBLE;
	options = r->emit;
	if (r->unit) {
		if (unit_file_read(r->unit, &r->facts) < 0)
			return EXIT_TROUBLE;
		options.unit = &r->facts;
	}
	options.name = name;
	options.comments = true;
	options.groups = r->groups_file ? &groups : NULL;
	if (r->check)
		return check(r, emitter, &options);
	return emit(r, emitter, &options) < 0 ? EXIT_TROUBLE : EXIT_SUCCESS;
}

int cmd_emit(const struct command *self, int argc, char **argv)
{
	struct request r = { .n_operands = 0 };
	int status;

	policy_options_init(&r.policy);
	status = parse(self, argc, argv, &r);
	if (status < 0)
		status = run(self, &r);
	policy_options_clear(&r.policy);
	unit_facts_clear(&r.facts);
	return status;
}
