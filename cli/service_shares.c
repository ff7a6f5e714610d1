/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each program of a service adds to what all of them may do. */
#include "cli/service_shares.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/map.h"
#include "emitter/quote.h"

/* So many calls of a program are named. */
#define MOST_NAMED 12

static void names_clear(struct map *names)
{
	map_clear(names, NULL);
}

/* By a call's name the path of the program that makes it; "" of several. */
static int add_call(struct map *makers, const char *name, char *path)
{
	static char several[] = "";
	const size_t n = strlen(name) + 1;
	const char *maker = map_get(makers, name, n);

	if (!maker)
		return map_put(makers, name, n, path);
	if (!*maker || strcmp(maker, path) == 0)
		return 0;
	map_remove(makers, name, n);
	return map_put(makers, name, n, several);
}

static int find_makers(const struct profile *profile, struct map *makers)
{
	int r = 0;

	for (size_t i = 0; i < profile->programs.n; i++) {
		const struct profile_program *program = profile->programs.entries[i].value;

		for (size_t k = 0; k < program->calls.n && r == 0; k++) {
			const struct profile_call *call = program->calls.entries[k].value;

			r = add_call(makers, call->name, program->path);
		}
	}
	return r;
}

static void write_share(const char *path, const struct map *makers, FILE *out)
{
	size_t n = 0;

	fputs("#   ", out);
	quote_comment(out, path);
	fputc(':', out);
	for (size_t i = 0; i < makers->n; i++)
		if (strcmp(makers->entries[i].value, path) == 0 && n++ < MOST_NAMED)
			fprintf(out, " %s", (const char *)map_key(&makers->entries[i]));
	if (n > MOST_NAMED)
		fprintf(out, " and %zu more", n - MOST_NAMED);
	fputs(n ? "\n" : " nothing\n", out);
}

/* Whether an earlier program is the same by its path: another build of it. */
static bool is_repeated(const struct profile *profile, size_t index)
{
	const struct profile_program *program = profile->programs.entries[index].value;

	for (size_t i = 0; i < index; i++) {
		const struct profile_program *other = profile->programs.entries[i].value;

		if (strcmp(other->path, program->path) == 0)
			return true;
	}
	return false;
}

int service_write_shares(const struct profile *profile, FILE *out)
{
	struct map cleanup(names_clear) makers = { 0 };
	int r = profile->programs.n > 1 ? find_makers(profile, &makers) : 0;

	if (r < 0 || profile->programs.n < 2)
		return r;
	fputs("# All programs of the service share these rules; what one alone calls:\n", out);
	for (size_t i = 0; i < profile->programs.n; i++) {
		const struct profile_program *program = profile->programs.entries[i].value;

		if (!is_repeated(profile, i))
			write_share(program->path, &makers, out);
	}
	return 0;
}
