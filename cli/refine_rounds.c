/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rounds: the search asks, trials answer.
 *
 * The search is begun anew for each round, and what it asks first is answered from the rounds that
 * were made. So there is no other state than these, and to be broken off and to go on is the usual
 * case. What it would ask if a trial failed is asked too, when several trials may run at a time.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/refine.h"
#include "cli/runs.h"

/* The result is tried so often more, unwatched, under the very filter. */
#define CONFIRMATIONS 3

/* What is to be tried next. */
struct wanted {
	struct question list[REFINE_MOST_JOBS];
	size_t n, most;
};

struct asking {
	struct refinement *f;
	struct wanted wanted;
	bool over;     /* the budget is used up: nothing more is asked */
	bool counting; /* nothing is asked, but how much would be is counted */
	unsigned questions;
};

/* ---- answers ---- */

static bool is_good(const struct refinement *f, enum outcome outcome)
{
	return outcome == OUTCOME_GOOD || (outcome == OUTCOME_DRIFTED && f->plan.allow_drift);
}

static void answer(const struct refinement *f, const struct round *round, struct trial *ret)
{
	*ret = (struct trial){
		.good = is_good(f, round->outcome),
		.suspect = round->suspect,
		.round = round->number,
	};
}

static bool is_wanted(const struct wanted *w, uint64_t key)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->list[i].key == key)
			return true;
	return false;
}

static int want(struct asking *a, const uint64_t *setting, unsigned nth, uint64_t key)
{
	struct wanted *w = &a->wanted;
	const size_t size = a->f->units.n * sizeof(*setting);
	struct question *q = &w->list[w->n];

	if (w->n == w->most)
		return -EAGAIN;
	*q = (struct question){ .setting = malloc(2 * size + 1), .key = key, .nth = nth };
	if (!q->setting)
		return -ENOMEM;
	q->base = q->setting + a->f->units.n;
	memcpy(q->setting, setting, size);
	memcpy(q->base, a->f->search.setting, size);
	w->n++;
	return w->n == w->most ? -EAGAIN : 0;
}

/*
 * What the search asks, as if it had failed; to count, the policy as it is passes, and a guess at
 * who is to blame keeps the count realistic.
 */
static void assume(const struct asking *a, const uint64_t *setting, struct trial *ret)
{
	bool as_it_is = true;

	*ret = (struct trial){ .suspect = SEARCH_NOBODY };
	for (size_t i = 0; a->counting && i < a->f->units.n; i++) {
		if (setting[i] && !a->f->search.setting[i]) {
			ret->suspect = i;
			return;
		}
		as_it_is = as_it_is && !setting[i];
	}
	ret->good = a->counting && as_it_is;
}

static int ask(void *state, const uint64_t *setting, unsigned nth, struct trial *ret)
{
	struct asking *a = state;
	uint64_t key = refine_key(a->f, setting, nth);
	const struct round *round = rounds_find(&a->f->rounds, key);
	int r = 0;

	if (round) {
		answer(a->f, round, ret);
		return 0;
	}
	if (a->over)
		return -ETIME;
	a->questions++;
	if (!a->counting && !is_wanted(&a->wanted, key))
		r = want(a, setting, nth, key);
	assume(a, setting, ret);
	return r;
}

static void forget_wanted(struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->list[i].setting);
	w->n = 0;
}

/* ---- progress ---- */

static uint64_t elapsed_ms(const struct refinement *f)
{
	return (uint64_t)(runs_now_ms() - f->start_ms);
}

/* How many rounds the budget leaves for the search: the result is confirmed in any case. */
static size_t rounds_left(const struct refinement *f)
{
	size_t made = f->rounds.n - f->start_rounds + CONFIRMATIONS;

	if (!f->budget_runs)
		return SIZE_MAX;
	return made < f->budget_runs ? f->budget_runs - made : 0;
}

static bool is_over(const struct refinement *f)
{
	return !rounds_left(f) || (f->budget_ms && elapsed_ms(f) >= f->budget_ms);
}

static void write_line(const char *line)
{
	ssize_t ignored = write(STDERR_FILENO, line, strlen(line));

	(void)ignored;
}

static int search_anew(struct asking *a, const struct oracle *oracle)
{
	struct refinement *f = a->f;
	int r;

	search_clear(&f->search);
	r = search_begin(&f->search, oracle, f->units.n);
	return r < 0 ? r : plan_run(&f->plan, &f->search, f->findings);
}

static size_t count_dropped(const struct refinement *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->units.n; i++)
		n += unit_is_set(&f->units, f->search.setting, i);
	return n;
}

/* How many trials there would be if each failed from here on: an honest guess from above. */
static unsigned count_questions(struct refinement *f)
{
	struct asking a = { .f = f, .counting = true };
	const struct oracle oracle = { &a, ask };

	if (search_anew(&a, &oracle) == -ENOMEM)
		return 0;
	return a.questions + CONFIRMATIONS;
}

static void show_progress(struct refinement *f)
{
	char line[128];
	size_t dropped = count_dropped(f);
	unsigned questions, made = (unsigned)f->rounds.n - f->start_rounds;
	uint64_t left_s;

	if (f->quiet || !isatty(STDERR_FILENO))
		return;
	questions = count_questions(f);
	left_s = made ? elapsed_ms(f) * questions / made / 1000 : 0;
	snprintf(line, sizeof(line),
		 "\r\033[Klearn: round %zu: %zu of %zu rules dropped; at most about %u rounds, "
		 "%" PRIu64 ":%02" PRIu64 " to go\r",
		 f->rounds.n, dropped, f->units.n, questions, left_s / 60, left_s % 60);
	write_line(line);
	f->progress_shown = true;
}

static void hide_progress(struct refinement *f)
{
	if (f->progress_shown)
		write_line("\r\033[K");
	f->progress_shown = false;
}

/* ---- the whole ---- */

static int refuse_policy(const struct refinement *f)
{
	const struct round *first = &f->rounds.list[0];

	if (first->outcome == OUTCOME_DRIFTED)
		return diag(-ECANCELED,
			    "nothing is taken away yet, and %s; let it do the same each time "
			    "(names of files as well), or give --allow-drift",
			    first->text);
	return diag(-ECANCELED,
		    "TEST fails under the policy as it is: %s; %s", first->text,
		    f->profile ? "record it into the profile first (learn -a -o PROFILE -- TEST)"
			       : "'learn run' says what it is denied, and --allow allows it");
}

static bool ever_passed(const struct refinement *f)
{
	for (size_t i = 0; i < f->rounds.n; i++)
		if (is_good(f, f->rounds.list[i].outcome))
			return true;
	return false;
}

static int unreliable(const struct refinement *f)
{
	if (!ever_passed(f))
		return refuse_policy(f);
	return refine_refuse(f);
}

/* As far as is known: asks for what comes next. 0 when all is known. */
static int ask_on(struct asking *a, const struct oracle *oracle)
{
	int r;

	const size_t left = rounds_left(a->f);

	a->over = is_over(a->f);
	a->wanted.most = !a->over && left < a->f->jobs ? left : a->f->jobs;
	r = search_anew(a, oracle);
	if (r == 0 || r == -ETIME) {
		int confirmed;

		a->over = false; /* what was found is confirmed in any case */
		confirmed = plan_confirm(&a->f->search, CONFIRMATIONS);
		a->over = r == -ETIME;
		r = confirmed < 0 ? confirmed : r;
	}
	return r;
}

int refine_rounds(struct refinement *f)
{
	struct asking a = { .f = f };
	const struct oracle oracle = { &a, ask };
	int r;

	f->start_ms = runs_now_ms();
	f->start_rounds = (unsigned)f->rounds.n;
	for (;;) {
		r = ask_on(&a, &oracle);
		if (!a.wanted.n)
			break;
		/* The search went on as if what is wanted had failed: the best is the same. */
		if (!a.over && refine_control_is_due(f)) {
			r = refine_control(f);
		} else {
			r = refine_try(f, a.wanted.list, a.wanted.n);
			show_progress(f);
		}
		forget_wanted(&a.wanted);
		if (r < 0)
			break;
	}
	hide_progress(f);
	if (r == -ENOENT)
		return refuse_policy(f);
	if (r == -EUCLEAN)
		return unreliable(f);
	return r == -ENOMEM ? diag(r, "out of memory") : r;
}
