/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What learn refine is asked for. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/parse.h"
#include "cli/refine.h"
#include "cli/verbs.h"

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
	ID_FROM_NOTHING,
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
	  "stop after 90s, 10m, 2h, or so many rounds, with the best policy so far; the three "
	  "that confirm it count, and are made in any case" },
	{ ID_REFINE, 0, "refine", "WHAT[,...]",
	  "calls, args, paths, net (ports, address families, scopes), limits, caps "
	  "(capabilities, as root), or all (the default)" },
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
	{ ID_FROM_NOTHING, 0, "from-nothing", NULL,
	  "for a TEST that cannot be traced: no ptrace is used, and what it does instead of what "
	  "is denied goes unnoticed" },
	{ 'q', 'q', "quiet", NULL, "no progress, no report" },
	OPTIONS_END,
};

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
			    "--refine: '%s' is none of calls, args, paths, net, limits, "
			    "caps and all, joined by commas",
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
		r = take_number("jobs", value, 1, REFINE_MOST_JOBS, &number);
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
	case ID_FROM_NOTHING:
		f->test.untraced = f->plan.blind = true;
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

int refine_parse(const struct command *self, int argc, char **argv, struct refinement *f)
{
	struct option_parser p = { self->options, argc, argv, .index = 1 };
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
	if (strcmp(f->output, "-") == 0) {
		diag(0, "refine: the result goes to a file, with what is needed to go on beside "
			"it: --output needs a name");
		return command_usage(self, EXIT_TROUBLE);
	}
	f->test.command = argv + p.index;
	if (f->test.untraced && f->profile) {
		diag(0, "--from-nothing begins without a PROFILE");
		return command_usage(self, EXIT_TROUBLE);
	}
	return -1;
}
