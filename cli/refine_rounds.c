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

/* The best so far is tried again after so many rounds: a reliable TEST passes. */
#define CONTROL_EVERY 10
#define PLAN_WATCHED  1000

/* A failure for which nothing was denied is looked at so often more. */
#define SECOND_LOOKS 2

#define MOST_JOBS 64

/* What is to be tried next. */
struct wanted {
	uint64_t *settings[MOST_JOBS];
	uint64_t *bases[MOST_JOBS]; /* the best when it was asked */
	uint64_t keys[MOST_JOBS];
	unsigned nths[MOST_JOBS];
	size_t n, most;
};

struct asking {
	struct refinement *f;
	struct wanted wanted;
	bool over;     /* the budget is used up: nothing more is asked */
	bool counting; /* nothing is asked, but how much would be is counted */
	unsigned questions;
};

static uint64_t key_of(const struct refinement *f, const uint64_t *setting, unsigned nth)
{
	uint64_t hash = hash_bytes(HASH_BASIS, setting, f->units.n * sizeof(*setting));

	return hash_bytes(hash, &nth, sizeof(nth));
}

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
		if (w->keys[i] == key)
			return true;
	return false;
}

static int want(struct asking *a, const uint64_t *setting, unsigned nth, uint64_t key)
{
	struct wanted *w = &a->wanted;
	const size_t size = a->f->units.n * sizeof(*setting);

	if (w->n == w->most)
		return -EAGAIN;
	w->settings[w->n] = malloc(2 * size + 1);
	if (!w->settings[w->n])
		return -ENOMEM;
	w->bases[w->n] = w->settings[w->n] + a->f->units.n;
	memcpy(w->settings[w->n], setting, size);
	memcpy(w->bases[w->n], a->f->search.setting, size);
	w->keys[w->n] = key;
	w->nths[w->n++] = nth;
	return w->n == w->most ? -EAGAIN : 0;
}

/* What the search asks, as if it had failed; a guess at who is to blame keeps counts realistic. */
static void assume(const struct asking *a, const uint64_t *setting, struct trial *ret)
{
	*ret = (struct trial){ .suspect = SEARCH_NOBODY };
	for (size_t i = 0; a->counting && i < a->f->units.n; i++)
		if (setting[i] && !a->f->search.setting[i]) {
			ret->suspect = i;
			return;
		}
}

static int ask(void *state, const uint64_t *setting, unsigned nth, struct trial *ret)
{
	struct asking *a = state;
	uint64_t key = key_of(a->f, setting, nth);
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
		free(w->settings[i]);
	w->n = 0;
}

/* ---- trials ---- */

static int failed_to_try(const struct trial_facts *facts)
{
	return diag(-ECANCELED, "%s failed: \"%s\"", facts->before_failed ? "--before" : "a trial",
		    facts->messages.line);
}

/*
 * Whether a failure cannot come from what was taken away: nothing was denied, and no limit lowered
 * nor capability dropped, which nobody reports.
 */
static bool is_blameless(const struct refinement *f, const uint64_t *setting,
			 const struct trial_facts *facts)
{
	for (size_t i = 0; i < f->units.n; i++)
		if (setting[i] && (f->units.list[i].kind == DECISION_LIMIT ||
				   f->units.list[i].kind == DECISION_CAPABILITY))
			return false;
	return !f->test.untraced && !facts->n_denied && !facts->killed;
}

static int refuse_flaky(unsigned round, const char *text)
{
	return diag(-ECANCELED,
		    "TEST is not reliable: in round %u nothing new was denied, but: %s; tried "
		    "again, it passed; make it reliable, or let --retries=N try each failure "
		    "again",
		    round, text);
}

/* One trial more of the same. 0 with *ret, or -errno after a message. */
static int try_again(struct refinement *f, const struct trial_spec *spec, struct round *round)
{
	struct trial_facts facts = { 0 };
	char text[512];
	int r = trials_run(&f->test, spec, 1, &facts);

	if (r < 0)
		return r;
	if (facts.error || facts.before_failed)
		return failed_to_try(&facts);
	round->outcome = refine_judge(f, &facts, text, sizeof(text));
	round->suspect = facts.suspect;
	free(round->text);
	round->text = strdup(text);
	return round->text ? 0 : diag(-ENOMEM, "out of memory");
}

/*
 * A failure is believed, unless nothing explains it, or --retries asks for more: then it is tried
 * again. A TEST that is found out to be unreliable that way ends all.
 */
static int doubt(struct refinement *f, const struct trial_spec *spec,
		 const struct trial_facts *facts, struct round *round)
{
	bool blameless = is_blameless(f, spec->setting, facts);
	unsigned looks = f->retries ? f->retries : blameless ? SECOND_LOOKS : 0;
	auto_free char *first = strdup(round->text);

	for (unsigned i = 0; first && i < looks && round->outcome == OUTCOME_FAILED; i++) {
		int r = try_again(f, spec, round);

		if (r < 0)
			return r;
		if (!f->retries && round->outcome != OUTCOME_FAILED)
			return refuse_flaky((unsigned)f->rounds.n + 1, first);
	}
	return first ? 0 : diag(-ENOMEM, "out of memory");
}

static const char control_mark[] = "once more: ";

/* How many rounds there were since the last control: after a break the same as without. */
static size_t since_control(const struct refinement *f)
{
	size_t n = 0;

	while (n < f->rounds.n && strncmp(f->rounds.list[f->rounds.n - n - 1].text, control_mark,
					  strlen(control_mark)) != 0)
		n++;
	return n;
}

/* Keeps what came of a trial as a round. 0 or -errno after a message. */
static int keep_round(struct refinement *f, const struct trial_spec *spec, uint64_t key,
		      const struct trial_facts *facts, const char *mark)
{
	char text[512];
	struct round round = {
		.key = key,
		.outcome = refine_judge(f, facts, text, sizeof(text)),
		.suspect = facts->suspect,
		.duration_ms = facts->duration_ms,
		.text = strdup(text),
	};
	auto_free char *marked = NULL;
	int r = round.text ? 0 : diag(-ENOMEM, "out of memory");

	if (round.outcome == OUTCOME_DRIFTED) /* the last denial need not be what it came from */
		round.suspect = SEARCH_NOBODY;
	if (r == 0 && round.outcome == OUTCOME_FAILED)
		r = doubt(f, spec, facts, &round);
	if (r == 0 && asprintf(&marked, "%s%s", mark, round.text) < 0)
		r = diag(-ENOMEM, "out of memory");
	free(round.text);
	round.text = marked;
	return r < 0 ? r : rounds_add(&f->rounds, &round);
}

static int try_wanted(struct refinement *f, const struct wanted *w)
{
	struct trial_spec specs[MOST_JOBS];
	auto_free struct trial_facts *facts = calloc(w->n, sizeof(*facts));
	int r = facts ? 0 : diag(-ENOMEM, "out of memory");

	for (size_t i = 0; i < w->n; i++)
		specs[i] =
			(struct trial_spec){ .setting = w->settings[i],
					     .base = w->bases[i],
					     .watched = !w->nths[i] || w->nths[i] >= PLAN_WATCHED };
	if (r == 0)
		r = trials_run(&f->test, specs, w->n, facts);
	for (size_t i = 0; i < w->n && r == 0; i++)
		r = facts[i].error || facts[i].before_failed
			    ? failed_to_try(&facts[i])
			    : keep_round(f, &specs[i], w->keys[i], &facts[i],
					 w->nths[i] >= PLAN_WATCHED ? control_mark : "");
	return r;
}

/* The best so far once more. */
static int control(struct refinement *f)
{
	struct wanted w = {
		.n = 1, .most = 1, .settings = { f->search.setting }, .bases = { f->search.setting }
	};
	const struct round *round;
	int r;

	w.nths[0] = PLAN_WATCHED + PLAN_WATCHED + (unsigned)f->rounds.n;
	w.keys[0] = key_of(f, f->search.setting, w.nths[0]);
	r = try_wanted(f, &w);
	if (r < 0)
		return r;
	round = &f->rounds.list[f->rounds.n - 1];
	if (round->outcome == OUTCOME_FAILED)
		return refuse_flaky(round->number, round->text);
	return 0;
}

/* ---- progress ---- */

static uint64_t elapsed_ms(const struct refinement *f)
{
	return (uint64_t)(runs_now_ms() - f->start_ms);
}

static bool is_over(const struct refinement *f)
{
	if (f->budget_runs && f->rounds.n - f->start_rounds >= f->budget_runs)
		return true;
	return f->budget_ms && elapsed_ms(f) >= f->budget_ms;
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
	left_s = made ? elapsed_ms(f) / 1000 * questions / made : 0;
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

static int unreliable(const struct refinement *f)
{
	const struct round *last = &f->rounds.list[f->rounds.n - 1];

	return diag(
		-ECANCELED,
		"TEST is not reliable: under one and the same policy it passed, and then in round "
		"%u: %s; make it reliable, or let --retries=N try each failure again",
		last->number, last->text);
}

static int refuse_policy(const struct refinement *f)
{
	const struct round *first = &f->rounds.list[0];

	return diag(-ECANCELED,
		    "TEST fails under the policy as it is: %s; record it into the profile first "
		    "(learn -a -o PROFILE -- TEST)",
		    first->text);
}

/* As far as is known: asks for what comes next. 0 when all is known. */
static int ask_on(struct asking *a, const struct oracle *oracle)
{
	int r;

	a->wanted.most = a->f->jobs;
	a->over = is_over(a->f);
	r = search_anew(a, oracle);
	if (r == 0 || r == -ETIME) {
		int confirmed;

		a->over = false; /* what was found is confirmed in any case */
		confirmed = plan_confirm(&a->f->search, CONFIRMATIONS);
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
		if (since_control(f) >= CONTROL_EVERY) {
			/* The search went on as if what is wanted had failed: the best is the same.
			 */
			r = control(f);
		} else {
			r = try_wanted(f, &a.wanted);
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
