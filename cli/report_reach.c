/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program did of what it could do. */
#include "cli/report_reach.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/reach.h"

static bool was_seen(const struct profile_program *program, uint32_t arch, const char *name)
{
	for (size_t i = 0; i < program->calls.n; i++) {
		const struct profile_call *call = program->calls.entries[i].value;

		if (call->arch == arch && strcmp(call->name, name) == 0)
			return true;
	}
	return false;
}

/* A call that was or was not made, with what leads to it. */
struct line {
	char *name;
	const char *via;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->name, ((const struct line *)b)->name);
}

static void free_lines(struct line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(lines[i].name);
	free(lines);
}

static void print_lines(struct page *page, const struct line *lines, size_t n)
{
	page_heading(page, "  %-22s  WITHIN REACH BY", "NOT SEEN");
	for (size_t i = 0; i < n; i++) {
		fprintf(page->out, "  %-22s  ", lines[i].name);
		page_print(page, lines[i].via);
		fputc('\n', page->out);
	}
}

/* The calls that REACH has and PROGRAM did not make, in order; *n of them. */
static struct line *find_unseen(const struct profile_program *program, const struct reach *reach,
				size_t *n)
{
	struct line *lines = calloc(reach->calls.n + 1, sizeof(*lines));

	*n = 0;
	for (size_t i = 0; lines && i < reach->calls.n; i++) {
		const struct map_entry *e = &reach->calls.entries[i];
		char *name = strndup(map_key(e), e->key_len);

		if (!name) {
			free_lines(lines, *n);
			return NULL;
		}
		if (was_seen(program, reach->arch, name))
			free(name);
		else
			lines[(*n)++] = (struct line){ name, e->value };
	}
	if (lines)
		qsort(lines, *n, sizeof(*lines), by_name);
	return lines;
}

/* Calls that were made though the analysis found no way to them. */
static void print_unexpected(struct page *page, const struct profile_program *program,
			     const struct reach *reach)
{
	struct wrap w = wrap_from(page, 4, 4);
	bool any = false;

	for (size_t i = 0; i < program->calls.n; i++) {
		const struct profile_call *call = program->calls.entries[i].value;

		if (call->arch == reach->arch &&
		    map_get(&reach->calls, call->name, strlen(call->name)))
			continue;
		if (!any)
			fputs("  Seen, though no way to it was found:\n    ", page->out);
		any = true;
		wrap_item(&w, ",", call->name);
	}
	if (any)
		fputc('\n', page->out);
}

void report_reach(struct page *page, const struct profile_program *program)
{
	struct reach reach;
	auto_free char *path = page_visible(page, program->path);
	struct line *lines;
	size_t n;

	if (reach_of(program, &reach) < 0) {
		page->no_memory = true;
		return;
	}
	fputc('\n', page->out);
	if (reach.unreadable) {
		page_heading(page, "%s: what is within its reach is not known", path ? path : "");
		page_paragraph(page, fprintf(page->out, "  "), 2, reach.unknown);
		reach_clear(&reach);
		return;
	}
	lines = find_unseen(program, &reach, &n);
	page->no_memory |= !lines;
	page_heading(page, "%s: %zu of %zu calls within reach were exercised", path ? path : "",
		     reach.calls.n - n, reach.calls.n);
	if (reach.unknown) {
		fputs("  More may be: ", page->out);
		page_paragraph(page, 16, 16, reach.unknown);
	}
	print_unexpected(page, program, &reach);
	if (lines && n)
		print_lines(page, lines, n);
	if (lines)
		free_lines(lines, n);
	reach_clear(&reach);
}
