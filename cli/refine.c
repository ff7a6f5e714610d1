/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn refine: what a test can do without. */
#include "cli/refine.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/parse.h"
#include "cli/verbs.h"
#include "enforcer/enforcer.h"
#include "sysdb/syscalls.h"

enum {
	ID_EXPECT = 0x200,
	ID_CHECK,
	ID_STDOUT,
	ID_TIMEOUT,
	ID_BEFORE,
	ID_JOBS,
	ID_BUDGET,
	ID_REFINE,
	ID_UNSAFE,
	ID_ALLOW_DRIFT,
	ID_KEEP_IMPLIED,
	ID_RETRIES,
	ID_ONE_BY_ONE,
};

const struct option_row refine_options[] = {
	{ 'o', 'o', "output", "FILE", "where the profile with the decisions goes" },
	{ ID_EXPECT, 0, "expect", "STATUS", "the exit status with which TEST passes (default: 0)" },
	{ ID_CHECK, 0, "check", "CMD",
	  "after each run that ended so, a shell runs CMD, which says by status 0 that TEST "
	  "passed; "
	  "$LEARN_STATUS is TEST's" },
	{ ID_STDOUT, 0, "stdout", "same",
	  "TEST passes only if it writes what it writes undisturbed" },
	{ ID_TIMEOUT, 0, "timeout", "SECONDS",
	  "a run that takes longer has failed (default: ten times an undisturbed one, at least "
	  "5)" },
	{ ID_BEFORE, 0, "before", "CMD",
	  "a shell runs CMD before each run, to put back what TEST changes" },
	{ ID_JOBS, 0, "jobs", "N",
	  "so many runs side by side, for tests that do not mind; $LEARN_JOB tells them apart" },
	{ ID_BUDGET, 0, "budget", "TIME|RUNS",
	  "stop after 90s, 10m, 2h, or so many runs, with the best policy so far" },
	{ ID_REFINE, 0, "refine", "WHAT[,...]",
	  "calls, args, paths, net (ports and address families), limits, or all (the default)" },
	{ ID_UNSAFE, 0, "unsafe", NULL,
	  "also try to fail calls whose failure no test sees: those that give up privileges, get "
	  "randomness and the like" },
	{ ID_ALLOW_DRIFT, 0, "allow-drift", NULL,
	  "do without a rule also when TEST passes by doing something else than undisturbed" },
	{ ID_KEEP_IMPLIED, 0, "keep-implied", NULL,
	  "leave alone what was not seen and is allowed for good reasons: for signals, other "
	  "clocks ..." },
	{ ID_RETRIES, 0, "retries", "N",
	  "try each failure again up to N times: for a TEST that fails by chance" },
	{ ID_ONE_BY_ONE, 0, "one-by-one", NULL,
	  "try one rule after the other and never several together: slow, to compare with" },
	{ 'q', 'q', "quiet", NULL, "no progress, no report" },
	OPTIONS_END,
};

#define MOST_JOBS    64
#define MOST_RETRIES 100
#define MOST_SECONDS (366 * 86400)

/* ---- options ---- */

static int take_number(const char *option, const char *word, uint64_t least, uint64_t most,
		       uint64_t *ret)
{
	uint64_t number;

	if (parse_u64(word, most, &number) < 0 || number < least)
		return diag(-EINVAL, "--%s: '%s' is no number from %u to %u", option, word,
			    (unsigned)least, (unsigned)most);
	*ret = number;
	return 0;
}

/* "200": runs; "90s", "10m", "2h": time. */
static int take_budget(struct refinement *f, const char *word)
{
	static const struct {
		char letter;
		unsigned seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 } };
	size_t n = strlen(word);
	auto_free char *digits = strndup(word, n ? n - 1 : 0);
	uint64_t number = 0;

	if (!digits)
		return -ENOMEM;
	if (parse_u64(word, UINT_MAX, &number) == 0 && number) {
		f->budget_runs = (unsigned)number;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(units) && n > 1; i++) {
		if (word[n - 1] != units[i].letter ||
		    parse_u64(digits, MOST_SECONDS / units[i].seconds, &number) < 0 || !number)
			continue;
		f->budget_ms = number * units[i].seconds * 1000;
		return 0;
	}
	return diag(-EINVAL, "--budget: '%s' is neither a time (90s, 10m, 2h) nor a number of runs",
		    word);
}

static int take_refine(struct refinement *f, const char *word)
{
	if (refine_parts_parse(word, &f->plan.parts) < 0)
		return diag(-EINVAL,
			    "--refine: '%s' is none of calls, args, paths, net, limits and "
			    "all, joined by commas",
			    word);
	return 0;
}

static int take_stdout(struct refinement *f, const char *word)
{
	if (strcmp(word, "same") != 0)
		return diag(-EINVAL, "--stdout: '%s' is not 'same'", word);
	f->same_output = true;
	return 0;
}

/* Those that are numbers. 1 when ID is one, 0 when not, -EINVAL after a message. */
static int take_numeric(struct refinement *f, int id, const char *value)
{
	uint64_t number = 0;
	int r;

	switch (id) {
	case ID_EXPECT:
		r = take_number("expect", value, 0, 255, &number);
		f->expect = (int)number;
		break;
	case ID_TIMEOUT:
		r = take_number("timeout", value, 1, MOST_SECONDS, &number);
		f->test.timeout_ms = number * 1000;
		break;
	case ID_JOBS:
		r = take_number("jobs", value, 1, MOST_JOBS, &number);
		f->jobs = (unsigned)number;
		break;
	case ID_RETRIES:
		r = take_number("retries", value, 0, MOST_RETRIES, &number);
		f->retries = (unsigned)number;
		break;
	default:
		return 0;
	}
	return r < 0 ? r : 1;
}

/* 0 or -errno after a message. */
static int take_option(struct refinement *f, int id, const char *value)
{
	int r = take_numeric(f, id, value);

	if (r)
		return r < 0 ? r : 0;
	switch (id) {
	case 'o':
		f->output = value;
		return 0;
	case 'q':
		f->quiet = f->options.quiet = true;
		return 0;
	case ID_CHECK:
		f->test.check = value;
		return 0;
	case ID_BEFORE:
		f->test.before = value;
		return 0;
	case ID_STDOUT:
		return take_stdout(f, value);
	case ID_BUDGET:
		return take_budget(f, value);
	case ID_REFINE:
		return take_refine(f, value);
	case ID_UNSAFE:
		f->plan.unsafe = true;
		return 0;
	case ID_ALLOW_DRIFT:
		f->plan.allow_drift = true;
		return 0;
	case ID_ONE_BY_ONE:
		f->plan.one_by_one = true;
		return 0;
	case ID_KEEP_IMPLIED:
		f->plan.keep_implied = true;
		return 0;
	default:
		r = policy_options_take(&f->options, id, value);
		return r < 0 ? r : 0;
	}
}

/* Whether FILE begins as profiles do. */
static bool is_profile(const char *file)
{
	auto_fclose FILE *in = fopen(file, "r");
	char head[256] = "";

	return in && fread(head, 1, sizeof(head) - 1, in) > 0 && head[0] == '{' &&
	       strstr(head, "\"learn-profile\"");
}

/* -1 at the next operand, or an exit status. */
static int take_options(const struct command *self, struct option_parser *p, struct refinement *f)
{
	int id;

	while ((id = options_next(p)) != OPTIONS_DONE) {
		if (id == OPTION_HELP)
			return command_help(self);
		if (id == OPTIONS_BAD || take_option(f, id, p->value) < 0)
			return command_usage(self, EXIT_TROUBLE);
	}
	return -1;
}

static int parse(const struct command *self, int argc, char **argv, struct refinement *f)
{
	struct option_parser p = { self->options, argc, argv, 1, NULL };
	int status = take_options(self, &p, f);

	if (status >= 0)
		return status;
	if (p.index < argc && strcmp(argv[p.index - 1], "--") != 0 && is_profile(argv[p.index])) {
		f->profile = argv[p.index++];
		status = take_options(self, &p, f);
	}
	if (status >= 0)
		return status;
	if (!f->output || p.index >= argc) {
		diag(0, f->output ? "refine: a TEST is needed" : "refine: needs --output=FILE");
		return command_usage(self, EXIT_TROUBLE);
	}
	f->test.command = argv + p.index;
	return -1;
}

/* ---- what belongs together ---- */

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return text ? hash_bytes(hash, text, strlen(text) + 1) : hash_bytes(hash, "\1", 1);
}

static uint64_t hash_names(uint64_t hash, const struct policy_names *list)
{
	for (size_t i = 0; i < list->n; i++)
		hash = hash_text(hash, list->names[i]);
	return hash_text(hash, NULL);
}

static int hash_profile(uint64_t *hash, const struct profile *profile)
{
	auto_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r = out ? profile_print(profile, out) : -ENOMEM;

	if (out && fclose(out) != 0)
		r = -ENOMEM;
	if (r == 0)
		*hash = hash_bytes(*hash, text, size);
	return r;
}

/* All on which the outcome of a round may depend. */
static int make_key(struct refinement *f)
{
	const struct decide_options *d = &f->options.decide;
	auto_free char *cwd = getcwd(NULL, 0);
	const int numbers[] = {
		f->expect,	     f->same_output,	   (int)f->plan.parts, f->plan.unsafe,
		f->plan.allow_drift, f->plan.keep_implied, f->plan.one_by_one, (int)f->retries,
		(int)d->action.kind, d->action.error,	   d->arguments,       (int)d->paths,
		(int)d->from,	     d->portable,	   (int)d->arch,       d->no_baseline,
		d->no_vdso,	     d->no_fallback,
	};
	uint64_t hash = hash_bytes(HASH_BASIS, numbers, sizeof(numbers));

	for (char *const *word = f->test.command; *word; word++)
		hash = hash_text(hash, *word);
	hash = hash_text(hash, cwd);
	hash = hash_text(hash, f->test.check);
	hash = hash_text(hash, f->test.before);
	hash = hash_text(hash, d->program);
	hash = hash_names(hash, &f->options.allow);
	hash = hash_names(hash, &f->options.deny);
	f->key = hash_bytes(hash, &f->test.timeout_ms, sizeof(f->test.timeout_ms));
	if (f->evidence && hash_profile(&f->key, f->evidence) < 0)
		return diag_errno(-ENOMEM, "%s", f->profile);
	return 0;
}

/* ---- steps ---- */

static int name_files(struct refinement *f)
{
	if (asprintf(&f->rounds_path, "%s.rounds", f->output) < 0 ||
	    asprintf(&f->undisturbed_path, "%s.undisturbed", f->output) < 0)
		return diag(-ENOMEM, "out of memory");
	return profile_check_replaceable(f->output);
}

/* Nothing of a run under no policy is enforced; the filter of an empty one is not used. */
static int begin_anew(struct refinement *f)
{
	struct policy *nothing = policy_new();
	struct reference ref;
	int r;

	f->undisturbed = profile_new();
	if (!nothing || !f->undisturbed)
		r = diag(-ENOMEM, "out of memory");
	else {
		nothing->arch = arch_native();
		f->test.policy = nothing;
		r = refine_undisturbed(f, &ref);
	}
	policy_free(nothing);
	if (r == 0)
		r = profile_write(f->undisturbed, f->undisturbed_path);
	return r < 0 ? r : rounds_create(&f->rounds, f->rounds_path, f->key, &ref);
}

static int begin(struct refinement *f)
{
	int r = rounds_open(f->rounds_path, f->key, &f->rounds);

	if (r > 0) {
		if (!f->quiet)
			diag(0, "going on after round %zu ('%s')", f->rounds.n, f->rounds_path);
		r = profile_read(f->undisturbed_path, &f->undisturbed);
	} else if (r == 0) {
		r = begin_anew(f);
	}
	if (r == 0 && !f->test.timeout_ms)
		f->test.timeout_ms = refine_timeout(&f->rounds.reference);
	return r;
}

/* Earlier decisions are about the same evidence, and are made anew. */
static int make_policy(struct refinement *f)
{
	int r;

	if (!f->evidence) {
		f->evidence = profile_new();
		if (!f->evidence || profile_merge(&f->evidence, f->undisturbed) < 0)
			return diag(-ENOMEM, "out of memory");
	}
	profile_undecide(f->evidence);
	r = policy_options_decide(&f->options, f->evidence, &f->policy);
	if (r < 0)
		return r;
	if (f->policy->arch != arch_native())
		return diag(-EINVAL, "the policy is for another architecture: it cannot be tried "
				     "here");
	enforcement_warn(f->policy, LAYERS_ALL);
	return 0;
}

static int make_plan(struct refinement *f)
{
	int r = units_of_policy(f->policy, profile_weight(f->evidence), f->undisturbed, &f->units);

	if (r == 0)
		f->findings = calloc(f->units.n + 1, sizeof(*f->findings));
	if (r < 0 || !f->findings)
		return diag(-ENOMEM, "out of memory");
	f->plan.units = &f->units;
	f->plan.kills = f->policy->action.kind == ACTION_KILL;
	f->test.policy = f->policy;
	f->test.units = &f->units;
	f->test.undisturbed = f->undisturbed;
	return 0;
}

static int finish(struct refinement *f, bool complete)
{
	int r = refine_decide(f, f->evidence);

	r = r < 0 ? diag(r, "out of memory") : profile_write(f->evidence, f->output);
	if (r < 0)
		return r;
	if (!f->quiet)
		refine_report(f, complete, stdout);
	if (complete) {
		unlink(f->rounds_path);
		unlink(f->undisturbed_path);
	}
	return 0;
}

static int refine(struct refinement *f)
{
	int r = name_files(f);

	if (r == 0 && f->profile)
		r = profile_read(f->profile, &f->evidence);
	if (r == 0)
		r = make_key(f);
	if (r == 0)
		r = begin(f);
	if (r == 0)
		r = make_policy(f);
	if (r == 0)
		r = make_plan(f);
	if (r == 0)
		r = refine_rounds(f);
	return r == 0 || r == -ETIME ? finish(f, r == 0) : r;
}

static void clear(struct refinement *f)
{
	policy_options_clear(&f->options);
	search_clear(&f->search);
	free(f->findings);
	units_clear(&f->units);
	policy_free(f->policy);
	profile_free(f->evidence);
	profile_free(f->undisturbed);
	rounds_close(&f->rounds);
	free(f->rounds_path);
	free(f->undisturbed_path);
}

int cmd_refine(const struct command *self, int argc, char **argv)
{
	struct refinement f = { .jobs = 1,
				.plan = { .parts = REFINE_ALL },
				.rounds = { .fd = -1 } };
	int status;

	policy_options_init(&f.options);
	status = parse(self, argc, argv, &f);
	if (status < 0)
		status = refine(&f) < 0 ? EXIT_TROUBLE : EXIT_SUCCESS;
	clear(&f);
	return status;
}
