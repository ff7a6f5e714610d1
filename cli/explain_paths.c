/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a path is allowed: what was done there, or below. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/explain.h"
#include "learner/path_rights.h"
#include "sysdb/effects.h"

#define ALL_RIGHTS UINT32_MAX
/* Nothing is made of a name that is taken. */
#define MADE                                                                                       \
	(PATH_CREATE_DIR | PATH_CREATE_SYMLINK | PATH_CREATE_FIFO | PATH_CREATE_CHAR |             \
	 PATH_CREATE_BLOCK)

/* The paths of all programs of the policy, in order. Sorted once: there may be very many. */
struct seen {
	struct profile_program **programs;
	struct profile_path ***paths; /* for each program; NULL for one of another policy */
	size_t n;
};

static void clear_seen(struct seen *seen)
{
	for (size_t p = 0; seen->paths && p < seen->n; p++)
		free(seen->paths[p]);
	free(seen->paths);
	free(seen->programs);
}

static struct seen sort_seen(struct explanation *x)
{
	struct seen seen = {
		.programs = profile_sorted(&x->profile->programs),
		.paths = calloc(x->profile->programs.n + 1, sizeof(*seen.paths)),
	};

	x->page.no_memory |= !seen.programs || !seen.paths;
	seen.n = x->page.no_memory ? 0 : x->profile->programs.n;
	for (size_t p = 0; p < seen.n; p++) {
		if (!explain_is_selected(x, seen.programs[p]))
			continue;
		seen.paths[p] = profile_sorted(&seen.programs[p]->paths);
		x->page.no_memory |= !seen.paths[p];
	}
	return seen;
}

/* Whether UPPER is PATH or a directory above it. */
static bool holds(const char *upper, const char *path)
{
	size_t n = strlen(upper);

	return strncmp(upper, path, n) == 0 &&
	       (!path[n] || path[n] == '/' || (n && upper[n - 1] == '/'));
}

/* The rights that EFFECTS take, on the path or its directory; all of them where they take none. */
static uint32_t takes(uint32_t effects)
{
	const uint32_t rights = path_rights_own(effects) | path_rights_parent(effects);

	return rights ? rights : ALL_RIGHTS;
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

static void print_path_seen(struct explanation *x, const struct profile_program *program,
			    const struct profile_path *path)
{
	char times[32];

	explain_times(path->count, times);
	fputs("  ", x->page.out);
	page_print(&x->page, program->path);
	fprintf(x->page.out, " in %s, %s: ", phase_name(path->phase), times);
	print_effects(x, path->effects);
	fputs(" ", x->page.out);
	page_print(&x->page, path->path);
	if (!(path->effects & ~MADE) && !(path->kinds & KIND_MISSING))
		fputs(", which was there already", x->page.out);
	fputc('\n', x->page.out);
}

/* What was done to paths at ROOT or below, where it takes one of RIGHTS (LL_*). */
static void print_below(struct explanation *x, const struct seen *seen, const char *root,
			uint32_t rights)
{
	for (size_t p = 0; p < seen->n; p++) {
		for (size_t i = 0; seen->paths[p] && i < seen->programs[p]->paths.n; i++) {
			const struct profile_path *path = seen->paths[p][i];

			if (holds(root, path->path) && (takes(path->effects) & rights))
				print_path_seen(x, seen->programs[p], path);
		}
	}
}

/* Rules for WHAT are a heading each, and what was done there follows them once. */
size_t explain_paths(struct explanation *x)
{
	cleanup(clear_seen) struct seen seen = sort_seen(x);
	uint32_t rights = 0;
	size_t n = 0;

	for (size_t i = 0; i < x->policy->n_paths; i++) {
		const struct policy_path *path = &x->policy->paths[i];
		bool above = x->what && path->directory && holds(path->path, x->what);

		if (x->what && !above && strcmp(path->path, x->what) != 0)
			continue;
		explain_rule(x, path->path, path->why);
		if (!x->what)
			print_below(x, &seen, path->path, path->rights);
		rights |= path->rights;
		n++;
	}
	if (n && x->what)
		print_below(x, &seen, x->what, rights);
	return n;
}

void explain_path_seen(struct explanation *x)
{
	cleanup(clear_seen) struct seen seen = sort_seen(x);

	print_below(x, &seen, x->what, ALL_RIGHTS);
}
