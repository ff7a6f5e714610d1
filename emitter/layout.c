/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An optimal classification tree by dynamic programming.
 *
 * A state is an interval of segments from which some single values have already been picked out by
 * an equality test: the heaviest `h` of those that lead to the common leaf and the heaviest `q` of
 * the others. Picking values in order of weight loses nothing, and a state is then told by four
 * small numbers. What can be done in a state: end it (all that remains leads to one leaf), pick
 * the next heaviest value of either kind, or cut the interval in two. Against an unrestricted
 * search over all trees of such tests no difference was found; picking more than 8 values of a
 * kind from one interval gained nothing on any measured program.
 */
#include "emitter/layout.h"

#include <linux/filter.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Values picked from an interval, of each kind. */
#define MOST_PICKED TUNING_MOST_PICKED
/* The same where there are so many segments that the time would be felt. */
#define FEW_PICKED 4
#define MANY_SEGMENTS 180

#define NOT_PICKABLE UINT8_MAX

/* The heaviest single values of one kind in an interval, heaviest first. */
struct heaviest {
	size_t n;
	size_t at[MOST_PICKED];
};

struct layout {
	struct graph *graph;
	const struct node *common;
	struct segments segments;
	unsigned most;  /* tuning.picked or FEW_PICKED */
	double *before; /* before[i]: the weight of the segments before I */
	double *cost;   /* of a state: see cost_of() */
	/* Of the interval being looked at: the place among the heaviest of its kind. */
	uint8_t *common_rank, *other_rank;
};

struct state {
	size_t from, to; /* the interval: FROM included, TO not */
	unsigned h, q;
};

static int sum_weights(struct layout *l)
{
	l->before = calloc(l->segments.n + 1, sizeof(*l->before));
	if (!l->before)
		return -ENOMEM;
	for (size_t i = 0; i < l->segments.n; i++)
		l->before[i + 1] = l->before[i] + l->segments.v[i].weight;
	return 0;
}

/* ---- the heaviest values of an interval ---- */

static bool heavier(const struct layout *l, size_t a, size_t b)
{
	double x = l->segments.v[a].weight, y = l->segments.v[b].weight;

	return x > y || (x == y && a < b); /* a total order: an interval's part keeps it */
}

static void heaviest_add(const struct layout *l, struct heaviest *top, size_t at)
{
	size_t place = top->n;

	while (place && heavier(l, at, top->at[place - 1]))
		place--;
	if (place >= l->most)
		return;
	if (top->n < l->most)
		top->n++;
	memmove(&top->at[place + 1], &top->at[place],
		(top->n - place - 1) * sizeof(top->at[0]));
	top->at[place] = at;
}

static void extend(const struct layout *l, size_t at, struct heaviest *common,
		   struct heaviest *other)
{
	const struct segment *s = &l->segments.v[at];

	if (s->low == s->high)
		heaviest_add(l, s->leaf == l->common ? common : other, at);
}

static void find_heaviest(const struct layout *l, size_t from, size_t to, struct heaviest *common,
			  struct heaviest *other)
{
	common->n = other->n = 0;
	for (size_t i = from; i < to; i++)
		extend(l, i, common, other);
}

static void rank(struct layout *l, size_t from, size_t to, const struct heaviest *common,
		 const struct heaviest *other)
{
	memset(l->common_rank + from, NOT_PICKABLE, to - from);
	memset(l->other_rank + from, NOT_PICKABLE, to - from);
	for (size_t i = 0; i < common->n; i++)
		l->common_rank[common->at[i]] = (uint8_t)i;
	for (size_t i = 0; i < other->n; i++)
		l->other_rank[other->at[i]] = (uint8_t)i;
}

/* ---- the programme ---- */

static double *cost_of(const struct layout *l, size_t from, size_t to, unsigned h, unsigned q)
{
	size_t side = l->most + 1;

	return &l->cost[((from * (l->segments.n + 1) + to) * side + h) * side + q];
}

static bool picked(const struct layout *l, const struct state *s, size_t i)
{
	return l->common_rank[i] < s->h || l->other_rank[i] < s->q;
}

/* The leaf that all that remains in the state leads to, or NULL when there are several. */
static struct node *only_leaf(const struct layout *l, const struct state *s)
{
	struct node *leaf = NULL;

	for (size_t i = s->from; i < s->to; i++) {
		if (picked(l, s, i))
			continue;
		if (leaf && l->segments.v[i].leaf != leaf)
			return NULL;
		leaf = l->segments.v[i].leaf;
	}
	return leaf;
}

/* The cheapest place to cut and, in *COST, what both parts then cost; 0: there is none. */
static size_t best_cut(const struct layout *l, const struct state *s, double *cost)
{
	unsigned h = 0, q = 0;
	size_t best = 0, left = 0, remain = s->to - s->from - s->h - s->q;

	for (size_t cut = s->from + 1; cut < s->to; cut++) {
		bool common = l->common_rank[cut - 1] < s->h, other = l->other_rank[cut - 1] < s->q;
		double both;

		h += common;
		q += other;
		left += !common && !other;
		if (left == 0 || left == remain)
			continue; /* one side would be empty */
		both = *cost_of(l, s->from, cut, h, q) +
		       *cost_of(l, cut, s->to, s->h - h, s->q - q);
		if (!best || both < *cost) {
			best = cut;
			*cost = both;
		}
	}
	return best;
}

enum choice { CHOOSE_END, CHOOSE_COMMON, CHOOSE_OTHER, CHOOSE_CUT };

struct decision {
	enum choice choice;
	double cost; /* without the weight that passes the test itself */
	size_t cut;
	struct node *leaf;
};

static struct decision decide(const struct layout *l, const struct state *s,
			      const struct heaviest *common, const struct heaviest *other)
{
	struct decision d = { .choice = CHOOSE_CUT };
	double cost;

	d.leaf = only_leaf(l, s);
	if (d.leaf || s->to - s->from == s->h + s->q) {
		d.choice = CHOOSE_END;
		return d;
	}
	d.cut = best_cut(l, s, &d.cost);
	if (!d.cut)
		d.cost = INFINITY;
	if (s->h < common->n && (cost = *cost_of(l, s->from, s->to, s->h + 1, s->q)) <= d.cost) {
		d.choice = CHOOSE_COMMON;
		d.cost = cost;
	}
	if (s->q < other->n && (cost = *cost_of(l, s->from, s->to, s->h, s->q + 1)) < d.cost) {
		d.choice = CHOOSE_OTHER;
		d.cost = cost;
	}
	return d;
}

/* The weight of what remains: what every further test costs. */
static double remaining(const struct layout *l, const struct state *s,
			const struct heaviest *common, const struct heaviest *other)
{
	double weight = l->before[s->to] - l->before[s->from];

	for (unsigned i = 0; i < s->h; i++)
		weight -= l->segments.v[common->at[i]].weight;
	for (unsigned i = 0; i < s->q; i++)
		weight -= l->segments.v[other->at[i]].weight;
	return weight;
}

static void solve_interval(struct layout *l, size_t from, size_t to,
			   const struct heaviest *common, const struct heaviest *other)
{
	rank(l, from, to, common, other);
	for (size_t h = common->n + 1; h-- > 0;) {
		for (size_t q = other->n + 1; q-- > 0;) {
			struct state s = { from, to, (unsigned)h, (unsigned)q };
			struct decision d = decide(l, &s, common, other);

			if (d.choice != CHOOSE_END)
				d.cost += remaining(l, &s, common, other);
			*cost_of(l, from, to, s.h, s.q) = d.cost;
		}
	}
}

static int solve(struct layout *l)
{
	size_t side = l->most + 1;

	l->cost = calloc(l->segments.n * (l->segments.n + 1) * side * side, sizeof(*l->cost));
	l->common_rank = calloc(l->segments.n, 1);
	l->other_rank = calloc(l->segments.n, 1);
	if (!l->cost || !l->common_rank || !l->other_rank)
		return -ENOMEM;
	for (size_t from = l->segments.n; from-- > 0;) {
		struct heaviest common = { 0 }, other = { 0 };

		for (size_t to = from + 1; to <= l->segments.n; to++) {
			extend(l, to - 1, &common, &other);
			solve_interval(l, from, to, &common, &other);
		}
	}
	return 0;
}

/* ---- the tree ---- */

static struct node *build(struct layout *l, struct state s);

static struct node *build_pick(struct layout *l, struct state s, size_t at)
{
	const struct segment *segment = &l->segments.v[at];

	return graph_test(l->graph, BPF_JEQ, segment->low, segment->leaf, build(l, s),
			  segment->label);
}

static struct node *build_cut(struct layout *l, struct state s, size_t cut)
{
	struct state left = { s.from, cut, 0, 0 }, right;
	const struct segment *segment = &l->segments.v[cut];
	auto_free char *comment = NULL;
	struct node *no;

	for (size_t i = s.from; i < cut; i++) {
		left.h += l->common_rank[i] < s.h;
		left.q += l->other_rank[i] < s.q;
	}
	right = (struct state){ cut, s.to, s.h - left.h, s.q - left.q };
	if (segment->label && asprintf(&comment, "%s and above", segment->label) < 0) {
		comment = NULL;
		return NULL;
	}
	no = build(l, left);
	return graph_test(l->graph, BPF_JGE, segment->low, build(l, right), no, comment);
}

static struct node *build(struct layout *l, struct state s)
{
	struct heaviest common, other;
	struct decision d;

	find_heaviest(l, s.from, s.to, &common, &other);
	rank(l, s.from, s.to, &common, &other);
	d = decide(l, &s, &common, &other);
	switch (d.choice) {
	case CHOOSE_COMMON:
		return build_pick(l, (struct state){ s.from, s.to, s.h + 1, s.q },
				  common.at[s.h]);
	case CHOOSE_OTHER:
		return build_pick(l, (struct state){ s.from, s.to, s.h, s.q + 1 }, other.at[s.q]);
	case CHOOSE_CUT:
		return build_cut(l, s, d.cut);
	case CHOOSE_END:
		break;
	}
	return d.leaf;
}

static void layout_clear(struct layout *l)
{
	segments_clear(&l->segments);
	free(l->before);
	free(l->cost);
	free(l->common_rank);
	free(l->other_rank);
}

struct node *layout_tree(struct graph *graph, const struct segment *keys, size_t n_keys,
			 const struct background *background, const struct node *common,
			 const struct tuning *tuning)
{
	struct layout cleanup(layout_clear) l = { .graph = graph, .common = common };

	if (segments_cover(&l.segments, keys, n_keys, background) < 0)
		return NULL;
	l.most = tuning->picked;
	if (l.segments.n > MANY_SEGMENTS) {
		l.most = l.most < FEW_PICKED ? l.most : FEW_PICKED;
		if (segments_join_light(&l.segments, common, MOST_PICKED) < 0)
			return NULL;
	}
	segments_weigh_unseen(&l.segments, tuning->unseen);
	if (sum_weights(&l) < 0 || solve(&l) < 0)
		return NULL;
	return build(&l, (struct state){ 0, l.segments.n, 0, 0 });
}
