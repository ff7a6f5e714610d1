/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trials become rounds: judged, doubted where nothing explains a failure, kept. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/refine.h"

/* The best so far is tried again after so many rounds: a reliable TEST passes. */
#define CONTROL_EVERY 10

/* A failure for which nothing was denied is looked at so often more. */
#define SECOND_LOOKS 2

uint64_t refine_key(const struct refinement *f, const uint64_t *setting, unsigned nth)
{
	uint64_t hash = hash_bytes(HASH_BASIS, setting, f->units.n * sizeof(*setting));

	return hash_bytes(hash, &nth, sizeof(nth));
}

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
	return !f->test.untraced && !facts->n_denied;
}

static int refuse_flaky(unsigned round, const char *text)
{
	return diag(-ECANCELED,
		    "TEST is not reliable: in round %u nothing new was denied, but: %s; tried "
		    "again, it passed; " REFINE_ADVICE, round, text);
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

/* The same after a break as without one. */
bool refine_control_is_due(const struct refinement *f)
{
	size_t n = 0;

	while (n < f->rounds.n && strncmp(f->rounds.list[f->rounds.n - n - 1].text, control_mark,
					  strlen(control_mark)) != 0)
		n++;
	return n >= CONTROL_EVERY;
}

/* Of a setting that had passed: what stood in the way this time is the place to look at. */
static int name_denial(const struct trial_facts *facts, struct round *round)
{
	char *text;

	if (!*facts->denied || *facts->killed)
		return 0;
	if (asprintf(&text, "%s (denied: %s)", round->text, facts->denied) < 0)
		return -ENOMEM;
	free(round->text);
	round->text = text;
	return 0;
}

/* Keeps what came of a trial as a round. 0 or -errno after a message. */
static int keep_round(struct refinement *f, const struct trial_spec *spec,
		      const struct question *question, const struct trial_facts *facts)
{
	const char *mark = question->nth >= PLAN_WATCHED ? control_mark : "";
	char text[512];
	struct round round = {
		.key = question->key,
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
	if (r == 0 && round.outcome == OUTCOME_FAILED && question->nth)
		r = name_denial(facts, &round);
	if (r == 0 && asprintf(&marked, "%s%s", mark, round.text) < 0)
		r = diag(-ENOMEM, "out of memory");
	free(round.text);
	round.text = marked;
	return r < 0 ? r : rounds_add(&f->rounds, &round);
}

int refine_try(struct refinement *f, const struct question *questions, size_t n)
{
	auto_free struct trial_spec *specs = calloc(n, sizeof(*specs));
	auto_free struct trial_facts *facts = calloc(n, sizeof(*facts));
	int r = specs && facts ? 0 : diag(-ENOMEM, "out of memory");

	for (size_t i = 0; i < n && r == 0; i++)
		specs[i] = (struct trial_spec){
			.setting = questions[i].setting,
			.base = questions[i].base,
			.watched = !questions[i].nth || questions[i].nth >= PLAN_WATCHED,
		};
	if (r == 0)
		r = trials_run(&f->test, specs, n, facts);
	for (size_t i = 0; i < n && r == 0; i++)
		r = facts[i].error || facts[i].before_failed
			    ? failed_to_try(&facts[i])
			    : keep_round(f, &specs[i], &questions[i], &facts[i]);
	return r;
}

int refine_refuse(const struct refinement *f)
{
	const struct round *last = &f->rounds.list[f->rounds.n - 1];

	return diag(-ECANCELED,
		    "TEST is not reliable: under one and the same policy it passed, and then in "
		    "round %u: %s; " REFINE_ADVICE, last->number, last->text);
}

int refine_control(struct refinement *f)
{
	struct question q = {
		.setting = f->search.setting,
		.base = f->search.setting,
		.nth = PLAN_WATCHED + PLAN_WATCHED + (unsigned)f->rounds.n,
	};
	int r;

	q.key = refine_key(f, q.setting, q.nth);
	r = refine_try(f, &q, 1);
	if (r < 0)
		return r;
	if (f->rounds.list[f->rounds.n - 1].outcome == OUTCOME_FAILED)
		return refine_refuse(f);
	return 0;
}
