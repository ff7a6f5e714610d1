/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of needs that a comparison ends with. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/comparison.h"

static const char *const kind_names[] = {
	[NEED_PROGRAM] = "program", [NEED_CALL] = "call",     [NEED_ARGUMENT] = "argument",
	[NEED_PATH] = "path",	    [NEED_PORT] = "port",     [NEED_FAMILY] = "family",
	[NEED_REACH] = "reach",	    [NEED_LIMIT] = "limit",
};

const char *need_kind_name(enum need_kind kind)
{
	return kind_names[kind];
}

static void clear_need(struct need *need)
{
	free(need->program);
	free(need->what);
	free(need->why);
}

void needs_clear(struct needs *needs)
{
	for (size_t i = 0; i < needs->n; i++)
		clear_need(&needs->list[i]);
	free(needs->list);
	*needs = (struct needs){ 0 };
}

/* Whether the need is a new one, which is then known; -ENOMEM. */
static int is_news(struct comparison *c, const struct need *need)
{
	auto_free char *key = NULL;
	int length = asprintf(&key, "%d %s%c%s", need->kind, need->program, '\0', need->what);

	if (length < 0)
		return -ENOMEM;
	if (map_get(&c->known, key, (size_t)length))
		return 0;
	return map_put(&c->known, key, (size_t)length, c) < 0 ? -ENOMEM : 1;
}

/* Room for one more, twice as much each time that it is used up. */
static int make_room(struct needs *needs)
{
	struct need *list;

	if (needs->n & (needs->n - 1))
		return 0;
	list = reallocarray(needs->list, needs->n ? 2 * needs->n : 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	needs->list = list;
	return 0;
}

int compare_add(struct comparison *c, enum need_kind kind, char *what, const char *why, ...)
{
	struct need need = { .kind = kind, .program = strdup(c->program), .what = what };
	va_list ap;
	int r = -ENOMEM;

	va_start(ap, why);
	if (vasprintf(&need.why, why, ap) < 0)
		need.why = NULL;
	va_end(ap);
	if (need.program && need.what && need.why)
		r = is_news(c, &need);
	if (r > 0 && make_room(&c->needs) < 0)
		r = -ENOMEM;
	if (r > 0)
		c->needs.list[c->needs.n++] = need;
	else
		clear_need(&need);
	return r < 0 ? r : 0;
}

static int by_program_and_kind(const void *left, const void *right)
{
	const struct need *a = left, *b = right;
	int order = strcmp(a->program, b->program);

	if (!order)
		order = (int)a->kind - (int)b->kind;
	return order ? order : strcmp(a->what, b->what);
}

void needs_sort(struct needs *needs)
{
	if (needs->n)
		qsort(needs->list, needs->n, sizeof(*needs->list), by_program_and_kind);
}
