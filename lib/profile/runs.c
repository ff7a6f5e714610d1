/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recordings of a profile as a set. */
#include "profile/runs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct profile_run *profile_run_new(void)
{
	struct profile_run *run = calloc(1, sizeof(*run));

	if (run)
		run->exit_status = -1;
	return run;
}

void profile_run_free(struct profile_run *run)
{
	if (!run)
		return;
	for (size_t i = 0; run->command && run->command[i]; i++)
		free(run->command[i]);
	free(run->command);
	free(run->cwd);
	free(run->kernel);
	free(run->arch);
	free(run->tool);
	free(run);
}

int profile_add_run(struct profile *p, struct profile_run *run)
{
	struct profile_run **more = realloc(p->runs, (p->n_runs + 1) * sizeof(*more));

	if (!more) {
		profile_run_free(run);
		return -ENOMEM;
	}
	p->runs = more;
	p->runs[p->n_runs++] = run;
	return 0;
}

/* ---- copies ---- */

/* False without memory; nothing stays nothing. */
static bool copy_string(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

static bool copy_command(char ***to, char *const *from)
{
	size_t n = 0;

	while (from && from[n])
		n++;
	*to = calloc(n + 1, sizeof(**to));
	for (size_t i = 0; *to && i < n; i++)
		if (!copy_string(&(*to)[i], from[i]))
			return false;
	return *to;
}

struct profile_run *run_copy(const struct profile_run *run)
{
	struct profile_run *copy = malloc(sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *run;
	copy->command = NULL;
	copy->cwd = copy->kernel = copy->arch = copy->tool = NULL;
	if (copy_command(&copy->command, run->command) && copy_string(&copy->cwd, run->cwd) &&
	    copy_string(&copy->kernel, run->kernel) && copy_string(&copy->arch, run->arch) &&
	    copy_string(&copy->tool, run->tool))
		return copy;
	profile_run_free(copy);
	return NULL;
}

/* ---- order ---- */

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* No string is the empty string: the file does not tell them apart. */
static int compare_strings(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare_commands(char *const *a, char *const *b)
{
	static char *const none[] = { NULL };
	int order = 0;

	for (a = a ? a : none, b = b ? b : none; *a && *b && !order; a++, b++)
		order = strcmp(*a, *b);
	return order ? order : !!*a - !!*b;
}

static int run_compare(const struct profile_run *a, const struct profile_run *b)
{
	const int orders[] = {
		compare_numbers(a->start_ms, b->start_ms),
		compare_commands(a->command, b->command),
		compare_strings(a->cwd, b->cwd),
		compare_numbers(a->duration_ms, b->duration_ms),
		compare_numbers(a->exit_status, b->exit_status),
		compare_numbers(a->signal, b->signal),
		compare_strings(a->kernel, b->kernel),
		compare_strings(a->arch, b->arch),
		compare_strings(a->tool, b->tool),
		compare_numbers(a->uid, b->uid),
		compare_numbers(a->complete, b->complete),
	};

	for (size_t i = 0; i < ARRAY_SIZE(orders); i++)
		if (orders[i])
			return orders[i];
	return 0;
}

static int compare_pointers(const void *a, const void *b)
{
	return run_compare(*(struct profile_run *const *)a, *(struct profile_run *const *)b);
}

struct profile_run **runs_sorted(const struct profile *p)
{
	struct profile_run **runs = calloc(p->n_runs + 1, sizeof(struct profile_run *));

	for (size_t i = 0; runs && i < p->n_runs; i++)
		runs[i] = p->runs[i];
	if (runs)
		qsort(runs, p->n_runs, sizeof(runs[0]), compare_pointers);
	return runs;
}

void runs_settle(struct profile *p)
{
	size_t kept = 0;

	if (p->n_runs)
		qsort(p->runs, p->n_runs, sizeof(p->runs[0]), compare_pointers);
	for (size_t i = 0; i < p->n_runs; i++) {
		if (kept && run_compare(p->runs[kept - 1], p->runs[i]) == 0)
			profile_run_free(p->runs[i]);
		else
			p->runs[kept++] = p->runs[i];
	}
	p->n_runs = kept;
}
