/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `learn show`: what a profile holds, for people or as one line a call. */
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/report.h"
#include "cli/report_capabilities.h"
#include "cli/report_decisions.h"
#include "cli/report_reach.h"
#include "cli/verbs.h"
#include "profile/profile.h"
#include "sysdb/names.h"

enum { OPTION_TSV = 256, OPTION_PROGRAM, OPTION_COVERAGE };

const struct option_row show_options[] = {
	{ OPTION_TSV, 0, "tsv", NULL,
	  "one line a call, tab-separated: program, phase, architecture, call, count" },
	{ OPTION_PROGRAM, 0, "program", "GLOB", "only programs whose path matches" },
	{ OPTION_COVERAGE, 0, "coverage", NULL,
	  "how many of the calls within reach were made, and what leads to the others" },
	OPTIONS_END,
};

struct show {
	bool tsv, coverage;
	const char *program, *profile;
};

/* The programs that are shown, in order, NULL at the end; for the caller to free. */
static struct profile_program **select_programs(const struct profile *p, const char *glob)
{
	struct profile_program **programs = profile_sorted(&p->programs);
	size_t kept = 0;

	for (size_t i = 0; programs && i < p->programs.n; i++)
		if (!glob || fnmatch(glob, programs[i]->path, 0) == 0)
			programs[kept++] = programs[i];
	if (programs)
		programs[kept] = NULL;
	return programs;
}

/* ---- for programs ---- */

struct row {
	const char *program, *call;
	enum phase phase;
	uint32_t arch;
	uint64_t count;
};

static int compare_place(const struct row *a, const struct row *b)
{
	int order = strcmp(a->program, b->program);

	if (!order)
		order = (int)a->phase - (int)b->phase;
	return order ? order : (a->arch > b->arch) - (a->arch < b->arch);
}

static int by_name(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	int order = compare_place(a, b);

	return order ? order : strcmp(a->call, b->call);
}

static int by_count(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	int order = compare_place(a, b);

	if (order)
		return order;
	return a->count == b->count ? strcmp(a->call, b->call) : a->count < b->count ? 1 : -1;
}

/* Adds up rows that say the same: programs told apart by build-id only. */
static size_t join_rows(struct row *rows, size_t n)
{
	size_t kept = 0;

	qsort(rows, n, sizeof(*rows), by_name);
	for (size_t i = 0; i < n; i++) {
		if (kept && by_name(&rows[kept - 1], &rows[i]) == 0)
			rows[kept - 1].count = profile_sum(rows[kept - 1].count, rows[i].count);
		else
			rows[kept++] = rows[i];
	}
	qsort(rows, kept, sizeof(*rows), by_count);
	return kept;
}

static int print_row(const struct row *row)
{
	auto_free char *program = bytes_to_line(row->program, strlen(row->program));
	auto_free char *arch = arch_format(row->arch);

	if (!program || !arch)
		return -ENOMEM;
	printf("%s\t%s\t%s\t%s\t%" PRIu64 "\n", program, phase_name(row->phase), arch, row->call,
	       row->count);
	return 0;
}

static int print_tsv(struct profile_program *const *programs)
{
	auto_free struct row *rows = NULL;
	size_t n = 0, room = 1;
	int err = 0;

	for (size_t i = 0; programs[i]; i++)
		room += programs[i]->calls.n;
	rows = calloc(room, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	for (; *programs; programs++) {
		const struct map *calls = &(*programs)->calls;

		for (size_t i = 0; i < calls->n; i++) {
			const struct profile_call *call = calls->entries[i].value;

			rows[n++] = (struct row){ (*programs)->path, call->name, call->phase,
						  call->arch, call->count };
		}
	}
	n = join_rows(rows, n);
	for (size_t i = 0; i < n && !err; i++)
		err = print_row(&rows[i]);
	return err;
}

/* ---- for people ---- */

static bool wants_bold(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb") != 0;
}

static int print_report(const struct show *options, const struct profile *p,
			struct profile_program *const *programs)
{
	struct page page = { .out = stdout, .bold = wants_bold() };

	report_profile(&page, options->profile, p);
	for (; *programs; programs++)
		report_program(&page, *programs);
	report_capabilities(&page, p, options->program);
	report_decisions(&page, p, NULL);
	return page.no_memory ? -ENOMEM : 0;
}

static int print_coverage(struct profile_program *const *programs)
{
	struct page page = { .out = stdout, .bold = wants_bold() };

	for (; *programs; programs++)
		report_reach(&page, *programs);
	return page.no_memory ? -ENOMEM : 0;
}

/* ---- the verb ---- */

static int print(const struct show *options, const struct profile *p,
		 struct profile_program *const *programs)
{
	if (options->coverage)
		return print_coverage(programs);
	return options->tsv ? print_tsv(programs) : print_report(options, p, programs);
}

static int show(const struct show *options)
{
	auto_free struct profile_program **programs = NULL;
	struct profile *p = NULL;
	int err = profile_read(options->profile, &p);

	if (err < 0)
		return EXIT_TROUBLE;
	programs = select_programs(p, options->program);
	if (!programs)
		err = diag_errno(-ENOMEM, "%s", options->profile);
	else if (options->program && !*programs)
		err = diag(-ENOENT, "%s: no program matches '%s'", options->profile,
			   options->program);
	else if ((err = print(options, p, programs)) < 0)
		diag_errno(err, "%s", options->profile);
	profile_free(p);
	return err < 0 ? EXIT_TROUBLE : EXIT_SUCCESS;
}

int cmd_show(const struct command *self, int argc, char **argv)
{
	struct option_parser parser = { self->options, argc, argv, .index = 1, .mixed = true };
	struct show options = { 0 };
	int option;

	while ((option = options_next(&parser)) != OPTIONS_DONE) {
		if (option == OPTION_HELP)
			return command_help(self);
		if (option == OPTIONS_BAD)
			return command_usage(self, EXIT_TROUBLE);
		if (option == OPTION_TSV)
			options.tsv = true;
		else if (option == OPTION_COVERAGE)
			options.coverage = true;
		else
			options.program = parser.value;
	}
	if (parser.n_operands != 1) {
		diag(0, "show: expected one PROFILE");
		return command_usage(self, EXIT_TROUBLE);
	}
	options.profile = argv[parser.index];
	return show(&options);
}
