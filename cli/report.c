/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence as people read it: aligned columns within 80 where the text allows. */
#include "cli/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "cli/report_calls.h"
#include "emitter/quote.h"
#include "learner/stages.h"
#include "sysdb/effects.h"
#include "sysdb/milestones.h"
#include "sysdb/names.h"
#include "sysdb/phase.h"
#include "sysdb/rlimits.h"

#define MOST_RUNS 10

/* ---- runs ---- */

static void print_time(struct page *page, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char text[32];
	struct tm tm;

	if (gmtime_r(&seconds, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		fputs(text, page->out);
}

static void print_ending(struct page *page, const struct profile_run *run)
{
	auto_free char *signal = run->signal ? name_format(NAME_SIGNAL, run->signal) : NULL;

	page->no_memory |= run->signal && !signal;
	if (signal)
		fprintf(page->out, "killed by %s", signal);
	else if (run->exit_status >= 0)
		fprintf(page->out, "exit %d", run->exit_status);
	else
		fputs("end not seen", page->out);
}

/* WORD as a shell takes it, for the caller to free; NULL without memory. */
static char *shell_word(const char *word)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	quote_shell(out, word);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void print_run(struct page *page, const struct profile_run *run)
{
	struct wrap w = wrap_from(page, 6, 8);

	fputs("  ", page->out);
	print_time(page, run->start_ms);
	fprintf(page->out, "  %" PRId64 ".%03d s  ", run->duration_ms / 1000,
		(int)(run->duration_ms % 1000));
	print_ending(page, run);
	fputs(run->complete ? "\n      " : "  INCOMPLETE\n      ", page->out);
	for (char *const *word = run->command; word && *word; word++) {
		auto_free char *text = shell_word(*word);

		page->no_memory |= !text;
		if (text)
			wrap_item(&w, "", text);
	}
	fputs("\n      in ", page->out);
	page_print(page, run->cwd);
	fprintf(page->out, ", uid %" PRIu32 ", Linux ", run->uid);
	page_print(page, run->kernel);
	fputc(' ', page->out);
	page_print(page, run->arch);
	fputs(", ", page->out);
	page_print(page, run->tool);
	fputc('\n', page->out);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void print_tree(struct page *page, const struct profile_tree *tree)
{
	char amount[RLIMIT_TEXT];

	rlimit_format(UNIT_BYTES, tree->memory, amount);
	if (tree->tasks)
		fprintf(page->out, "  together at most %s of memory, %" PRIu64 " task%s\n", amount,
			tree->tasks, plural(tree->tasks));
}

void report_profile(struct page *page, const char *name, const struct profile *p)
{
	auto_free char *text = page_visible(page, name);
	size_t missing = 0;

	for (size_t i = 0; i < p->n_runs; i++)
		missing += !p->runs[i]->complete;
	if (missing)
		page_heading(
			page,
			"INCOMPLETE: %zu of %zu recording%s stopped before the program's end;\n"
			"what it did later is missing here.\n",
			missing, p->n_runs, plural(p->n_runs));
	page_heading(page, "%s: %zu run%s, %zu program%s", text ? text : "", p->n_runs,
		     plural(p->n_runs), p->programs.n, plural(p->programs.n));
	for (size_t i = 0; i < p->n_runs && i < MOST_RUNS; i++)
		print_run(page, p->runs[i]);
	if (p->n_runs > MOST_RUNS)
		fprintf(page->out, "  and %zu more\n", p->n_runs - MOST_RUNS);
	print_tree(page, &p->tree);
}

/* ---- paths, sockets, addresses, signals: a line each ---- */

static void print_bits(struct page *page, uint32_t mask, unsigned n,
		       const char *(*name)(unsigned bit), int width)
{
	const char *separator = "";
	int column = 0;

	for (unsigned bit = 0; bit < n; bit++) {
		if (!(mask & 1u << bit))
			continue;
		column += fprintf(page->out, "%s%s", separator, name(bit));
		separator = ",";
	}
	fprintf(page->out, "%*s", column < width ? width - column : 0, "");
}

static void print_path(struct page *page, const void *entry)
{
	const struct profile_path *path = entry;

	fprintf(page->out, "%*" PRIu64 "  ", COUNT_WIDTH, path->count);
	print_bits(page, path->effects, N_PATH_EFFECTS, path_effect_name, 18);
	fputs("  ", page->out);
	page_print(page, path->path);
	if (path->kinds & ~KIND_FILE) {
		fputs("  (", page->out);
		print_bits(page, path->kinds, N_PATH_KINDS, path_kind_name, 0);
		fputc(')', page->out);
	}
}

static void print_socket(struct page *page, const void *entry)
{
	const struct profile_socket *s = entry;
	auto_free char *family = name_format(NAME_FAMILY, s->family);
	auto_free char *type = name_format(NAME_SOCKET_TYPE, s->type);

	page->no_memory |= !family || !type;
	fprintf(page->out, "%*" PRIu64 "  %-12s  %-14s  %d", COUNT_WIDTH, s->count,
		family ? family : "", type ? type : "", s->protocol);
}

static void print_address(struct page *page, const void *entry)
{
	const struct profile_address *a = entry;
	auto_free char *family = name_format(NAME_FAMILY, a->family);
	auto_free char *type = a->type ? name_format(NAME_SOCKET_TYPE, a->type) : strdup("-");

	page->no_memory |= !family || !type;
	fprintf(page->out, "%*" PRIu64 "  %-7s  %-8s  %-14s  %5u  ", COUNT_WIDTH, a->count,
		a->bind ? "bind" : "connect", family ? family : "", type ? type : "", a->port);
	page_print(page, a->address);
}

static void print_signal(struct page *page, const void *entry)
{
	const struct profile_signal *s = entry;
	auto_free char *name = name_format(NAME_SIGNAL, s->signal);

	page->no_memory |= !name;
	fprintf(page->out, "%*" PRIu64 "  %s", COUNT_WIDTH, s->count, name ? name : "");
}

struct part {
	size_t map; /* offset in struct profile_program */
	const char *title, *columns; /* after the count */
	void (*print)(struct page *page, const void *entry);
};

static const struct part parts[] = {
	{ offsetof(struct profile_program, paths), "Paths", "DONE                PATH",
	  print_path },
	{ offsetof(struct profile_program, sockets), "Sockets",
	  "FAMILY        TYPE            PROTOCOL", print_socket },
	{ offsetof(struct profile_program, addresses), "Addresses",
	  "USE      FAMILY    TYPE             PORT  ADDRESS", print_address },
	{ offsetof(struct profile_program, signals), "Signals sent to other processes", "SIGNAL",
	  print_signal },
};

/* One table a phase; every entry begins with its phase. */
static void print_part(struct page *page, const struct profile_program *program,
		       const struct part *part)
{
	const struct map *map = (const struct map *)((const char *)program + part->map);
	auto_free void **entries = profile_sorted(map);
	int phase = -1;

	page->no_memory |= !entries;
	for (size_t i = 0; entries && i < map->n; i++) {
		if ((int)*(enum phase *)entries[i] != phase) {
			phase = (int)*(enum phase *)entries[i];
			fputc('\n', page->out);
			page_heading(page, "  %s in %s", part->title,
				     phase_name((enum phase)phase));
			page_heading(page, "  %*s  %s", COUNT_WIDTH, "COUNT", part->columns);
		}
		fputs("  ", page->out);
		part->print(page, entries[i]);
		fputc('\n', page->out);
	}
}

/* ---- peaks ---- */

static void print_peaks(struct page *page, const struct profile_program *program)
{
	auto_free struct profile_peak **peaks = profile_sorted(&program->peaks);

	page->no_memory |= !peaks;
	if (!program->peaks.n || !peaks)
		return;
	fputc('\n', page->out);
	page_heading(page, "  Peaks");
	page_heading(page, "  %*s  LIMIT     HOW IT WAS MEASURED", COUNT_WIDTH, "USED");
	for (size_t i = 0; i < program->peaks.n; i++) {
		const struct rlimit_info *info = rlimit_by_number(peaks[i]->resource);
		char amount[RLIMIT_TEXT], number[16];

		rlimit_format(info ? info->unit : UNIT_COUNT, peaks[i]->value, amount);
		snprintf(number, sizeof(number), "%d", peaks[i]->resource);
		fprintf(page->out, "  %*s  %-8s  ", COUNT_WIDTH, amount,
			info ? info->name : number);
		page_paragraph(page, 24, 24, info ? info->measured : "not known to this learn");
	}
}

/* ---- phases ---- */

/* So many events are named: of the best one another part of the program may never hear. */
#define MOST_EVENTS 3

static void print_stage(struct page *page, const struct stage *stage)
{
	static const char *const begins[] = {
		[PHASE_MAIN] = "after the program's entry point (--phase=main)",
		[PHASE_SERVING] = "when it serves (--phase=serving)",
	};

	fprintf(page->out, "  %zu of %zu calls are not needed ", stage->dropped, stage->total);
	if (stage->milestone) {
		const char *name = milestone_name((unsigned)__builtin_ctz(stage->milestone));

		fprintf(page->out,
			"after the first %s,\n    with %.0f%% of what it does yet to come "
			"(record --phase-at=%s)\n",
			name, 100 * stage->share, name);
	} else {
		fprintf(page->out, "%s\n", begins[stage->phase]);
	}
}

/*
 * After which events most calls are never needed again: what a filter put on there is rid of.
 * Nothing is said of calls that drop no more than what needs no other recording.
 */
static void print_stages(struct page *page, const struct profile_program *program)
{
	struct stage stages[STAGES_MOST];
	size_t n = 0, events = 0, known = 0;

	if (stages_find(program, stages, &n) < 0)
		page->no_memory = true;
	for (size_t i = 0; i < n; i++)
		if (!stages[i].milestone && stages[i].dropped > known)
			known = stages[i].dropped;
	for (size_t i = 0; i < n; i++)
		if (!stages[i].milestone || (stages[i].dropped > known && events++ < MOST_EVENTS))
			print_stage(page, &stages[i]);
}

/* ---- a program ---- */

void report_program(struct page *page, const struct profile_program *program)
{
	auto_free char **limits = profile_sorted(&program->limits);
	auto_free char *path = page_visible(page, program->path);

	page->no_memory |= !limits;
	fputc('\n', page->out);
	page_heading(page, "%s", path ? path : "");
	for (size_t i = 0; limits && i < program->limits.n; i++) {
		fputs("  INCOMPLETE: ", page->out);
		page_paragraph(page, 14, 14, limits[i]);
	}
	if (*program->build_id) {
		fputs("  build-id ", page->out);
		page_print(page, program->build_id);
		fputc('\n', page->out);
	}
	if (program->libraries.n)
		fprintf(page->out, "  %zu librar%s loaded\n", program->libraries.n,
			program->libraries.n == 1 ? "y" : "ies");
	print_stages(page, program);
	report_calls(page, program);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		print_part(page, program, &parts[i]);
	print_peaks(page, program);
}
