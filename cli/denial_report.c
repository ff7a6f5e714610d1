/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A denial as people read it: what, who, from where, by which rule, and what allows it. */
#include "cli/denial_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/denial_call.h"
#include "learner/path_rights.h"
#include "sysdb/argspecs.h"
#include "sysdb/landlock.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"
#include "sysdb/syscalls.h"

static void print_visible(FILE *out, const char *bytes)
{
	auto_free char *line = bytes_to_line(bytes, strlen(bytes));

	fputs(line ? line : "?", out);
}

/* ---- what ---- */

static void print_answer(FILE *out, const struct denial *d, bool observed)
{
	auto_free char *error = name_format(NAME_ERROR, d->answer.error);
	const char *would = observed ? "would have been" : "was",
		   *get = observed ? "would get" : "got";

	switch (d->answer.kind) {
	case ACTION_KILL:
		if (d->has_call || observed)
			fprintf(out, ", which %s killed", would);
		return;
	case ACTION_TRAP:
		fprintf(out, ", which %s SIGSYS", get);
		return;
	case ACTION_ERRNO:
		fprintf(out, ", which %s %s", get, error ? error : "?");
		return;
	case ACTION_LOG:
		fputs(", which went on", out);
		return;
	case ACTION_ALLOW:
		return;
	}
}

static void print_what(FILE *out, const struct denial *d, const struct denial_report *report)
{
	const char *arch = arch_name(d->call.arch);
	const char *word = report->observed ? "would be denied" : "denied";

	fprintf(out, "learn: %s%s: ", d->probable && !report->observed ? "probably " : "", word);
	if (d->has_call)
		denial_call_print(d, out);
	else
		fputs("more of a resource", out);
	if (d->has_call && d->call.arch != report->policy->arch)
		fprintf(out, " [%s]", arch ? arch : "unknown architecture");
	fprintf(out, " in process %d", (int)d->pid);
	if (!d->launching) {
		fputs(" (", out);
		print_visible(out, d->program);
		fputc(')', out);
	}
	if (d->tid != d->pid)
		fprintf(out, ", thread %d", (int)d->tid);
	print_answer(out, d, report->observed);
	fputc('\n', out);
}

/* ---- by which rule ---- */

static void print_argument(FILE *out, const struct denial *d)
{
	const struct argspec *spec = argspec_of(d->name, d->index);
	auto_free char *text = spec ? argspec_format(spec, d->call.args[d->index]) : NULL;

	fprintf(out, "the policy does not allow %s with argument %u%s%s = %s", d->name,
		d->index + 1, spec ? ", " : "", spec ? spec->arg : "", text ? text : "?");
}

static void print_rights(FILE *out, uint32_t rights)
{
	const size_t prefix = strlen("LANDLOCK_ACCESS_FS_");
	const char *separator = "";

	for (const struct landlock_right *r = landlock_table; r->name; r++) {
		if (r->field != LL_FIELD_FS || !(r->bit & rights))
			continue;
		fprintf(out, "%s%s", separator, r->name + prefix);
		separator = ", ";
	}
}

/* The rule that should have helped, had it not lost what it hung on. */
static bool has_rule(const struct policy *policy, const struct denial *d)
{
	for (size_t i = 0; i < policy->n_paths; i++)
		if (strcmp(policy->paths[i].path, d->path) == 0 &&
		    !(d->rights & ~policy->paths[i].rights))
			return true;
	return false;
}

static void print_path(FILE *out, const struct policy *policy, const struct denial *d)
{
	const uint32_t parents = path_rights_parent(d->effects);

	if (has_rule(policy, d)) {
		fputs("the one for ", out);
		print_visible(out, d->path);
		fputs(" holds for the file that was there when the command was started, if any",
		      out);
		return;
	}
	fputs("landlock has none that gives ", out);
	print_rights(out, d->rights);
	fputs(d->rights & parents ? " in the directory of " : " on ", out);
	print_visible(out, d->path);
}

static void print_limit(FILE *out, const struct policy *policy, const struct denial *d)
{
	const struct rlimit_info *info = rlimit_by_number(d->resource);
	char limit[RLIMIT_LONG_TEXT];
	bool ours = false;

	for (size_t i = 0; i < policy->n_limits; i++)
		ours |= policy->limits[i].resource == d->resource &&
			policy->limits[i].value <= d->limit;
	rlimit_format_exact(info ? info->unit : UNIT_COUNT, d->limit, limit);
	fprintf(out, "the limit %s is %s", info ? info->name : "?", limit);
	if (!ours)
		fputs(", which is not the policy's but was set before", out);
}

static void print_rule(FILE *out, const struct denial_report *report, const struct denial *d,
		       const char *undenied)
{
	const struct policy *policy = report->policy;

	fputs("learn:   rule: ", out);
	switch (d->kind) {
	case DENIAL_CALL:
		fprintf(out, "%s is not in the policy", d->name);
		break;
	case DENIAL_ARGUMENT:
		print_argument(out, d);
		break;
	case DENIAL_PATH:
		print_path(out, policy, d);
		break;
	case DENIAL_PORT:
		fprintf(out, "landlock has none for %s TCP port %u",
			d->bind ? "binding" : "connecting to", d->port);
		break;
	case DENIAL_SCOPE:
		fputs(d->path ? "abstract sockets of processes outside are out of reach"
			      : "processes outside get no signals",
		      out);
		break;
	case DENIAL_LIMIT:
		print_limit(out, policy, d);
		break;
	}
	if (undenied) {
		fputs(", by --deny=", out);
		print_visible(out, undenied);
	} else if (purpose_is_refined(report->purpose, d)) {
		fprintf(out, ", refined away: %s", purpose_of(report->purpose, d));
	}
	fputc('\n', out);
}

/* ---- the whole ---- */

/* Calls of another architecture: its rules come with what was seen of it. */
static bool can_be_taught(const struct denial_report *report, const struct denial *d)
{
	return d->has_call && d->call.nr >= 0 && d->call.arch != report->policy->arch &&
	       strcmp(report->rerun->profile, "-") != 0;
}

static void print_mend(FILE *out, const struct denial_report *report, const struct denial *d,
		       int mended)
{
	if (report->observed)
		return;
	if (mended > 0) {
		fputs("learn:   to allow it: ", out);
		rerun_print(report->rerun, out);
	} else if (can_be_taught(report, d)) {
		fputs("learn:   no option allows it; to add what the program does to the profile: ",
		      out);
		rerun_print_observe(report->rerun, out);
	} else {
		fputs("learn:   nothing allows it", out);
	}
	fputc('\n', out);
}

static bool is_others_limit(const struct denial *d, int mended)
{
	return d->kind == DENIAL_LIMIT && mended == 0;
}

static void print_denial(FILE *out, const struct denial_report *report, const struct denial *d)
{
	const char *undenied;
	int mended = rerun_mend(report->rerun, report->policy, d, &undenied);

	print_what(out, d, report);
	if (d->launching)
		fputs("learn:   from: learn itself, to execute the command\n", out);
	for (size_t i = 0; i < d->n_frames; i++) {
		fprintf(out, "learn:   %s ", i ? "     " : "from:");
		print_visible(out, d->frames[i]);
		fputc('\n', out);
	}
	print_rule(out, report, d, undenied);
	if (!is_others_limit(d, mended))
		print_mend(out, report, d, mended);
}

/* What it gets is an error, as is meant. */
static bool is_quiet(const struct denial_report *report, const struct denial *d)
{
	return !report->observed && d->answer.kind == ACTION_ERRNO &&
	       purpose_of(report->purpose, d);
}

/* A program that is denied one thing after the other must not drown the terminal. */
static bool is_one_too_many(struct denial_report *report, const struct denial *d)
{
	const char *undenied;

	if (report->n_told++ < REPORTS_MOST)
		return false;
	if (report->n_told == REPORTS_MOST + 1)
		diag(0, "there are more kinds of denials, which are not told one by one");
	rerun_mend(report->rerun, report->policy, d, &undenied);
	return true;
}

void denial_report(struct denial_report *report, const struct denial *denial)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (is_quiet(report, denial) || is_one_too_many(report, denial))
		return;
	out = open_memstream(&text, &size);
	if (!out)
		return;
	print_denial(out, report, denial);
	if (fclose(out) == 0) {
		ssize_t ignored = write(STDERR_FILENO, text, size);
		(void)ignored;
	}
}

/* ---- at the end ---- */

static void tell_count(const struct denial_report *report, const struct denial *d)
{
	diag(0, "%s %" PRIu64 " times: %s%s%s in %s",
	     report->observed ? "would be denied" : "denied", d->count,
	     *d->name ? d->name : "a resource", d->path ? " of " : "", d->path ? d->path : "",
	     d->program);
}

/* 1 when a command line allows it. */
static int tell_quiet(const struct denial_report *report, const struct denial *d)
{
	auto_free char *error = name_format(NAME_ERROR, d->answer.error);
	const char *undenied;

	diag(0, "  %s%s%s got %s %" PRIu64 " time%s in %s: %s", d->name, d->path ? " of " : "",
	     d->path ? d->path : "", error ? error : "?", d->count, d->count == 1 ? "" : "s",
	     d->program, purpose_of(report->purpose, d));
	return rerun_mend(report->rerun, report->policy, d, &undenied) > 0;
}

static void tell_mend(const struct denial_report *report, const char *what)
{
	auto_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return;
	rerun_print(report->rerun, out);
	if (fclose(out) == 0)
		diag(0, "  to allow %s: %s", what, line);
}

/* A program that does not do without may have failed for that. */
static void tell_all_quiet(const struct denial_report *report, const struct denials *denials)
{
	const size_t most = 10; /* lines */
	size_t n = 0;
	bool mended = false;

	for (size_t i = 0; i < denials->n; i++) {
		const struct denial *d = denials->list[i];

		if (!is_quiet(report, d))
			continue;
		if (n++ == 0)
			diag(0, "the command failed; this was denied to it on purpose:");
		if (n <= most)
			mended |= tell_quiet(report, d) > 0;
	}
	if (n > most)
		diag(0, "  and %zu more", n - most);
	if (mended)
		tell_mend(report, "it");
}

/* Counts of those that were told; and how many were not. */
static void tell_counts(const struct denial_report *report, const struct denials *denials)
{
	size_t n = 0;

	for (size_t i = 0; i < denials->n; i++) {
		if (is_quiet(report, denials->list[i]) || n++ >= REPORTS_MOST)
			continue;
		if (denials->list[i]->count > 1)
			tell_count(report, denials->list[i]);
	}
	if (n > REPORTS_MOST) {
		diag(0, "%zu more kinds of denials were not told one by one", n - REPORTS_MOST);
		if (!report->observed)
			tell_mend(report, "all of them");
	}
	if (denials->left_out)
		diag(0, "%" PRIu64 " more denials were not even told apart: there were too many "
		     "kinds", denials->left_out);
}

void denial_report_end(const struct denial_report *report, const struct denials *denials,
		       bool failed)
{
	tell_counts(report, denials);
	if (failed && !report->n_told)
		tell_all_quiet(report, denials);
}
