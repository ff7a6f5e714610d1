/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Denials of a run, collected: each kind once, told when all is known of it. */
#include "cli/collector.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/decode.h"
#include "sysdb/syscalls.h"

/* By the thread: the leader of a process that dies may have gone before it. */
static char *program_of(const struct denial *d)
{
	char name[64], exe[PATH_MAX];
	ssize_t n;

	if (d->launching)
		return strdup("");
	snprintf(name, sizeof(name), "/proc/%d/exe", (int)d->tid);
	n = readlink(name, exe, sizeof(exe));
	return strndup(exe, n > 0 ? (size_t)n : 0);
}

static void drop_last(struct collector *c)
{
	denial_free(c->drafts[--c->n_drafts]);
}

void collector_drop(struct collector *c)
{
	while (c->n_drafts)
		drop_last(c);
}

void collector_clear(struct collector *c)
{
	collector_drop(c);
	map_clear(&c->seen, NULL);
}

struct denial *collector_last(const struct collector *c)
{
	return c->n_drafts ? c->drafts[c->n_drafts - 1] : NULL;
}

int collector_draft(struct collector *c, const struct event_origin *origin,
		    const struct event_call *call, const struct denial *like)
{
	struct denial *d;

	if (c->n_drafts == COLLECTOR_MOST_DRAFTS)
		return 0;
	d = malloc(sizeof(*d));
	if (!d)
		return -ENOMEM;
	*d = *like;
	d->pid = origin->pid;
	d->tid = origin->tid;
	d->launching = origin->launching;
	d->count = 1;
	d->has_call = call;
	if (call)
		d->call = *call;
	d->program = program_of(d);
	d->name = call ? syscall_name(call->arch, call->nr) : strdup("");
	d->path = like->path ? strdup(like->path) : NULL;
	c->drafts[c->n_drafts++] = d;
	if (!d->program || !d->name || (like->path && !d->path))
		return -ENOMEM;
	return decode_descriptors(d);
}

/* Whether its kind is known or cannot be kept; then it is counted. -ENOMEM. */
static int is_counted(struct collector *c, const struct denial *draft, char **key)
{
	struct denial *known;

	*key = denial_key(draft);
	if (!*key)
		return -ENOMEM;
	known = map_get(&c->seen, *key, strlen(*key));
	if (known)
		known->count++;
	else if (c->denials.n < DENIALS_MOST)
		return 0;
	else
		c->denials.left_out++;
	c->denials.total++;
	return 1;
}

int collector_is_new(struct collector *c)
{
	auto_free char *key = NULL;
	int r = is_counted(c, collector_last(c), &key);

	if (r > 0)
		drop_last(c);
	return r < 0 ? r : !r;
}

static int add_frames(struct denial *d, const struct event *stack)
{
	d->frames = calloc(stack->stack.n + 1, sizeof(*d->frames));
	for (size_t i = 0; d->frames && i < stack->stack.n; i++) {
		d->frames[i] = strdup(stack->stack.frames[i]);
		if (!d->frames[i])
			return -ENOMEM;
		d->n_frames = i + 1;
	}
	return d->frames ? 0 : -ENOMEM;
}

static int keep(struct collector *c, const char *key, struct denial *d)
{
	struct denials *all = &c->denials;
	struct denial **list = reallocarray(all->list, all->n + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	all->list = list;
	if (map_put(&c->seen, key, strlen(key), d) < 0)
		return -ENOMEM;
	list[all->n++] = d;
	all->total++;
	if (c->tell)
		c->tell(c->state, d);
	return 0;
}

static int finish_one(struct collector *c, size_t i, const struct event *stack)
{
	auto_free char *key = NULL;
	int r = is_counted(c, c->drafts[i], &key);

	if (r == 0)
		r = add_frames(c->drafts[i], stack);
	else
		return r < 0 ? r : 0;
	if (r == 0)
		r = keep(c, key, c->drafts[i]);
	if (r == 0)
		c->drafts[i] = NULL;
	return r;
}

int collector_finish(struct collector *c, const struct event *stack)
{
	int r = 0;

	for (size_t i = 0; i < c->n_drafts && r == 0; i++)
		r = finish_one(c, i, stack);
	collector_drop(c);
	return r;
}
