/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `learn diff`: what one profile needs that another does not; a gate for builds. */
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/page.h"
#include "cli/verbs.h"
#include "learner/compare.h"
#include "profile/profile.h"

enum { OPTION_JSON = 256, OPTION_PROGRAM };

const struct option_row diff_options[] = {
	{ OPTION_JSON, 0, "json", NULL, "print a JSON document for scripts" },
	{ OPTION_PROGRAM, 0, "program", "GLOB", "only programs whose path matches" },
	{ 'q', 'q', "quiet", NULL, "print nothing: the exit status is the answer" },
	OPTIONS_END,
};

/* A program whose executable is another one under the same path. */
struct rebuild {
	const char *program, *old, *new; /* build-ids; borrowed */
};

struct difference {
	struct needs added, dropped;
	struct rebuild *rebuilds;
	size_t n_rebuilds;
};

static void clear_difference(struct difference *d)
{
	needs_clear(&d->added);
	needs_clear(&d->dropped);
	free(d->rebuilds);
}

/* ---- other builds of the same program ---- */

/* The program of that path in P that has not ID; NULL where there is none, or one that has ID. */
static const struct profile_program *other_build(const struct profile *p,
						 const struct profile_program *like)
{
	const struct profile_program *found = NULL;

	for (size_t i = 0; i < p->programs.n; i++) {
		const struct profile_program *program = p->programs.entries[i].value;

		if (strcmp(program->path, like->path) != 0)
			continue;
		if (strcmp(program->build_id, like->build_id) == 0)
			return NULL;
		found = program;
	}
	return found;
}

static int find_rebuilds(const struct profile *old, const struct profile *new,
			 struct difference *d)
{
	auto_free struct profile_program **programs = profile_sorted(&new->programs);

	d->rebuilds = calloc(new->programs.n + 1, sizeof(*d->rebuilds));
	if (!programs || !d->rebuilds)
		return -ENOMEM;
	for (size_t i = 0; i < new->programs.n; i++) {
		const struct profile_program *before = other_build(old, programs[i]);

		/* Imported evidence has no build-ids. */
		if (before && before->build_id[0] && programs[i]->build_id[0])
			d->rebuilds[d->n_rebuilds++] = (struct rebuild){
				programs[i]->path, before->build_id, programs[i]->build_id,
			};
	}
	return 0;
}

/* ---- for people ---- */

static void print_needs(struct page *page, const struct needs *needs, char sign)
{
	const char *program = NULL;

	for (size_t i = 0; i < needs->n; i++) {
		const struct need *need = &needs->list[i];
		auto_free char *text = page_visible(page, need->program);

		if (!program || strcmp(program, need->program) != 0)
			page_heading(page, "%s", text ? text : "");
		program = need->program;
		printf("  %c %-8s  ", sign, need_kind_name(need->kind));
		page_print(page, need->what);
		fputs("  (", stdout);
		page_print(page, need->why);
		fputs(")\n", stdout);
	}
}

static int print_text(const struct difference *d, const char *old, const char *new)
{
	struct page page = { .out = stdout };

	for (size_t i = 0; i < d->n_rebuilds; i++) {
		auto_free char *before = page_visible(&page, d->rebuilds[i].old);
		auto_free char *now = page_visible(&page, d->rebuilds[i].new);

		page_print(&page, d->rebuilds[i].program);
		printf(": another build (%.12s, now %.12s)\n", before ? before : "",
		       now ? now : "");
	}
	if (d->added.n) {
		printf("%zu new need%s in ", d->added.n, d->added.n == 1 ? "" : "s");
		page_print(&page, new);
		fputs(":\n", stdout);
		print_needs(&page, &d->added, '+');
	} else {
		page_print(&page, new);
		fputs(" needs nothing that the policy of ", stdout);
		page_print(&page, old);
		fputs(" does not allow\n", stdout);
	}
	if (d->dropped.n) {
		printf("%zu need%s gone from ", d->dropped.n, d->dropped.n == 1 ? "" : "s");
		page_print(&page, old);
		fputs(":\n", stdout);
		print_needs(&page, &d->dropped, '-');
	}
	return page.no_memory ? -ENOMEM : 0;
}

/* ---- for scripts ---- */

static json_t *json_bytes(const char *bytes)
{
	auto_free char *text = bytes_to_text(bytes, strlen(bytes));

	return text ? json_string(text) : NULL;
}

static json_t *json_needs(const struct needs *needs)
{
	json_t *list = json_array();

	for (size_t i = 0; i < needs->n; i++) {
		const struct need *need = &needs->list[i];

		json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:o}", "program",
						      json_bytes(need->program), "kind",
						      need_kind_name(need->kind), "what",
						      json_bytes(need->what), "why",
						      json_bytes(need->why)));
	}
	return list;
}

static json_t *json_rebuilds(const struct difference *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n_rebuilds; i++)
		json_array_append_new(list, json_pack("{s:o, s:s, s:s}", "program",
						      json_bytes(d->rebuilds[i].program), "old",
						      d->rebuilds[i].old, "new",
						      d->rebuilds[i].new));
	return list;
}

static int print_json(const struct difference *d)
{
	json_t *document = json_pack("{s:s, s:i, s:o, s:o, s:o}", "format", "learn-diff", "version",
				     1, "added", json_needs(&d->added), "dropped",
				     json_needs(&d->dropped), "rebuilt", json_rebuilds(d));
	int r = document && json_dumpf(document, stdout, JSON_INDENT(1)) == 0 ? 0 : -ENOMEM;

	json_decref(document);
	putchar('\n');
	return r;
}

/* ---- the verb ---- */

struct request {
	struct decide_options decide;
	bool json, quiet;
};

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

static int find_differences(const struct request *request, const struct profile *old,
			    const struct profile *new, struct difference *d)
{
	int r = compare(old, new, &request->decide, &d->added);

	if (r == 0)
		r = compare(new, old, &request->decide, &d->dropped);
	return r == 0 ? find_rebuilds(old, new, d) : r;
}

/* The exit status. */
static int diff(const struct request *request, char *const files[2])
{
	cleanup(cleanup_profile) struct profile *old = NULL, *new = NULL;
	cleanup(clear_difference) struct difference d = { 0 };
	int r = profile_read(files[0], &old);

	if (r == 0)
		r = profile_read(files[1], &new);
	if (r < 0)
		return EXIT_TROUBLE;
	if (!profile_is_complete(old) || !profile_is_complete(new))
		diag_warn("%s: a recording in it did not reach the program's end",
			  files[profile_is_complete(old)]);
	r = find_differences(request, old, new, &d);
	if (r == 0 && !request->quiet)
		r = request->json ? print_json(&d) : print_text(&d, files[0], files[1]);
	if (r == 0 && !request->quiet && (old->decisions.n || new->decisions.n))
		diag(0, "what refine took away is not compared: learn run tells of its use");
	if (r == -ENOMEM)
		diag_errno(r, "diff");
	if (r < 0)
		return EXIT_TROUBLE;
	return d.added.n ? EXIT_DIFFERENT : EXIT_SUCCESS;
}

int cmd_diff(const struct command *self, int argc, char **argv)
{
	struct option_parser parser = { self->options, argc, argv, .index = 1, .mixed = true };
	struct request request = { .decide = decide_defaults };
	int option;

	/* What programs do is compared: a refined profile would differ from itself. */
	request.decide.no_decisions = true;
	while ((option = options_next(&parser)) != OPTIONS_DONE) {
		if (option == OPTION_HELP)
			return command_help(self);
		if (option == OPTIONS_BAD)
			return command_usage(self, EXIT_TROUBLE);
		if (option == OPTION_PROGRAM)
			request.decide.program = parser.value;
		request.json |= option == OPTION_JSON;
		request.quiet |= option == 'q';
	}
	if (parser.n_operands != 2) {
		diag(0, "diff: expected two profiles, OLD and NEW");
		return command_usage(self, EXIT_TROUBLE);
	}
	return diff(&request, argv + parser.index);
}
