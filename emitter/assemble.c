/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A decision graph as a BPF program, right for any length.
 *
 * All jumps of BPF go forward, so the program is built from its end: where a jump goes is known
 * when it is written. Of a test's two ways the longer one is placed first (further back) and the
 * shorter one falls through. A target more than 255 instructions away gets a stepping stone in
 * front of what stands there: a copy of a return, which costs no time, or else a far jump.
 */
#include "emitter/assemble.h"

#include <linux/filter.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* jt and jf of struct sock_filter are one byte. */
#define FARTHEST 255

/* The program so far, last instruction first. */
struct assembly {
	struct filter f;
	size_t capacity;
};

static int make_room(struct assembly *a)
{
	size_t capacity = a->capacity ? 2 * a->capacity : 128;
	struct sock_filter *insns;
	char **comments;

	if (a->f.n < a->capacity)
		return 0;
	insns = realloc(a->f.insns, capacity * sizeof(*insns));
	if (!insns)
		return -ENOMEM;
	a->f.insns = insns;
	comments = realloc(a->f.comments, capacity * sizeof(*comments));
	if (!comments)
		return -ENOMEM;
	a->f.comments = comments;
	a->capacity = capacity;
	return 0;
}

static int prepend(struct assembly *a, struct sock_filter insn, const char *comment)
{
	char *copy = NULL;

	if (make_room(a) < 0)
		return -ENOMEM;
	if (comment && !(copy = strdup(comment)))
		return -ENOMEM;
	a->f.insns[a->f.n] = insn;
	a->f.comments[a->f.n++] = copy;
	return 0;
}

/* Instructions between the one to be written next and a node that has its place. */
static size_t distance(const struct assembly *a, const struct node *to)
{
	return a->f.n - to->place;
}

static bool is_return(const struct node *node)
{
	return BPF_CLASS(node->code) == BPF_RET;
}

/* Whoever jumps to the node from here on, jumps to its stepping stone. */
static int step_towards(struct assembly *a, struct node *to)
{
	struct sock_filter insn = { .code = BPF_JMP | BPF_JA, .k = (uint32_t)distance(a, to) };

	if (is_return(to))
		insn = (struct sock_filter){ .code = to->code, .k = to->k };
	if (prepend(a, insn, is_return(to) ? to->comment : "too far for one jump") < 0)
		return -ENOMEM;
	to->place = a->f.n;
	return 0;
}

static int place(struct assembly *a, struct node *node);

static int place_load(struct assembly *a, struct node *node)
{
	if (place(a, node->yes) < 0)
		return -ENOMEM;
	if (distance(a, node->yes) > 0 && step_towards(a, node->yes) < 0)
		return -ENOMEM;
	return prepend(a, (struct sock_filter){ .code = node->code, .k = node->k }, node->comment);
}

static int place_test(struct assembly *a, struct node *node)
{
	bool yes_is_longer = node->yes->size > node->no->size;
	struct node *first = yes_is_longer ? node->yes : node->no;
	struct node *second = yes_is_longer ? node->no : node->yes;

	if (place(a, first) < 0 || place(a, second) < 0)
		return -ENOMEM;
	while (distance(a, first) > FARTHEST || distance(a, second) > FARTHEST)
		if (step_towards(a, distance(a, first) > FARTHEST ? first : second) < 0)
			return -ENOMEM;
	return prepend(a,
		       (struct sock_filter){ .code = node->code,
					     .jt = (uint8_t)distance(a, node->yes),
					     .jf = (uint8_t)distance(a, node->no),
					     .k = node->k },
		       node->comment);
}

/* Gives the node its place in front of all that it leads to; once. */
static int place(struct assembly *a, struct node *node)
{
	int err;

	if (node->place)
		return 0;
	if (is_return(node))
		err = prepend(a, (struct sock_filter){ .code = node->code, .k = node->k },
			      node->comment);
	else if (BPF_CLASS(node->code) == BPF_LD)
		err = place_load(a, node);
	else
		err = place_test(a, node);
	if (!err)
		node->place = a->f.n;
	return err;
}

static void reverse(struct filter *f)
{
	for (size_t i = 0, k = f->n - 1; i < k; i++, k--) {
		struct sock_filter insn = f->insns[i];
		char *comment = f->comments[i];

		f->insns[i] = f->insns[k];
		f->insns[k] = insn;
		f->comments[i] = f->comments[k];
		f->comments[k] = comment;
	}
}

int assemble(struct node *root, struct filter *ret)
{
	struct assembly a = { 0 };

	if (place(&a, root) < 0) {
		filter_free(&a.f);
		return -ENOMEM;
	}
	reverse(&a.f);
	*ret = a.f;
	return 0;
}
