/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided by trying, beside the evidence: joining, asking, and the words for it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "profile/profile.h"

/* ---- words ---- */

static const char *const kind_names[N_DECISION_KINDS] = {
	[DECISION_CALL] = "call",     [DECISION_ARGUMENT] = "argument",
	[DECISION_PATH] = "path",     [DECISION_PORT] = "port",
	[DECISION_FAMILY] = "family", [DECISION_SCOPE] = "scope",
	[DECISION_CAPABILITY] = "capability", [DECISION_LIMIT] = "limit",
};

static const char *const verdict_names[N_DECISION_VERDICTS] = {
	[VERDICT_DROPPED] = "dropped",
	[VERDICT_LOWERED] = "lowered",
	[VERDICT_NEEDED] = "needed",
};

/* The index of WORD among N words, or -EINVAL. */
static int find_word(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -EINVAL;
}

const char *decision_kind_name(enum decision_kind kind)
{
	return kind_names[kind];
}

int decision_kind_parse(const char *word, enum decision_kind *ret)
{
	int i = find_word(kind_names, N_DECISION_KINDS, word);

	if (i < 0)
		return i;
	*ret = (enum decision_kind)i;
	return 0;
}

const char *decision_verdict_name(enum decision_verdict verdict)
{
	return verdict_names[verdict];
}

int decision_verdict_parse(const char *word, enum decision_verdict *ret)
{
	int i = find_word(verdict_names, N_DECISION_VERDICTS, word);

	if (i < 0)
		return i;
	*ret = (enum decision_verdict)i;
	return 0;
}

/* ---- life ---- */

static void free_decision(void *value)
{
	struct profile_decision *d = value;

	free(d->name);
	free(d->detail);
	free(d->answer);
	free(d->why);
	free(d);
}

void profile_undecide(struct profile *p)
{
	map_clear(&p->decisions, free_decision);
}

/* An entry without answer and why: they come with what is joined into it. */
static struct profile_decision *new_decision(const struct profile_decision *like)
{
	struct profile_decision *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->kind = like->kind;
	d->verdict = VERDICT_DROPPED;
	d->name = strdup(like->name);
	d->detail = strdup(like->detail);
	if (d->name && d->detail)
		return d;
	free_decision(d);
	return NULL;
}

/* ---- joining ---- */

/* In decimal: the longer one is larger. */
static int compare_numbers(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b);

	return m != n ? (m > n) - (m < n) : strcmp(a, b);
}

/* A dropped call is answered mildly (an errno) rather than as any other; else byte order. */
static int compare_answers(const struct profile_decision *a, const struct profile_decision *b)
{
	if (a->verdict == VERDICT_LOWERED)
		return compare_numbers(a->answer, b->answer);
	if (!*a->answer != !*b->answer)
		return *a->answer ? 1 : -1;
	return strcmp(b->answer, a->answer);
}

/* Above 0 when A is the one to keep: an order over everything, so that joining has none. */
static int outranks(const struct profile_decision *a, const struct profile_decision *b)
{
	int order = (int)a->verdict - (int)b->verdict;

	if (!order)
		order = compare_answers(a, b);
	return order ? order : strcmp(b->why, a->why);
}

static int take_words(struct profile_decision *d, const struct profile_decision *from)
{
	auto_free char *answer = strdup(from->answer), *why = strdup(from->why);

	if (!answer || !why)
		return -ENOMEM;
	free(d->answer);
	free(d->why);
	d->answer = take_ptr(answer);
	d->why = take_ptr(why);
	d->verdict = from->verdict;
	return 0;
}

/* The key whose byte order is the order of the file; its length, or -ENOMEM. */
static int key_of(enum decision_kind kind, const char *name, const char *detail, char **ret)
{
	int length = asprintf(ret, "%u%s%c%s", (unsigned)kind, name, '\0', detail);

	return length < 0 ? -ENOMEM : length;
}

static int add_new(struct profile *p, const char *key, size_t length,
		   const struct profile_decision *decision)
{
	struct profile_decision *d = new_decision(decision);

	if (d && take_words(d, decision) == 0 && map_put(&p->decisions, key, length, d) == 0) {
		d->covers = profile_sum(decision->covers, 0);
		return 0;
	}
	if (d)
		free_decision(d);
	return -ENOMEM;
}

int profile_decide(struct profile *p, const struct profile_decision *decision)
{
	auto_free char *key = NULL;
	int length = key_of(decision->kind, decision->name, decision->detail, &key);
	struct profile_decision *d;

	if (length < 0)
		return length;
	d = map_get(&p->decisions, key, (size_t)length);
	if (!d)
		return add_new(p, key, (size_t)length, decision);
	if (outranks(decision, d) > 0 && take_words(d, decision) < 0)
		return -ENOMEM;
	d->covers = profile_sum(d->covers, decision->covers);
	return 0;
}

/* ---- asking ---- */

const struct profile_decision *profile_decision(const struct profile *p, enum decision_kind kind,
						const char *name, const char *detail)
{
	auto_free char *key = NULL;
	int length = key_of(kind, name, detail, &key);

	return length < 0 ? NULL : map_get(&p->decisions, key, (size_t)length);
}

uint64_t profile_weight(const struct profile *p)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < p->programs.n; i++) {
		const struct profile_program *program = p->programs.entries[i].value;

		for (size_t c = 0; c < program->calls.n; c++)
			sum = profile_sum(
				sum,
				((struct profile_call *)program->calls.entries[c].value)->count);
	}
	return sum;
}
