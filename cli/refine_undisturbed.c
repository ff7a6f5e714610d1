/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What TEST does by itself, and whether it passed. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "cli/refine.h"
#include "learner/compare.h"

/* Undisturbed runs: at least so many, and until one brings nothing new. */
#define FEWEST_RUNS 2
#define MOST_RUNS   6

/* A run that takes ten times as long as undisturbed hangs. */
#define TIMEOUT_FACTOR	 10
#define TIMEOUT_LEAST_MS 5000

/* ---- passed or not ---- */

static void put_ending(const struct trial_facts *facts, char *text, size_t size)
{
	const char *name =
		facts->status > EXIT_SIGNALED ? sigabbrev_np(facts->status - EXIT_SIGNALED) : NULL;

	if (facts->timed_out)
		snprintf(text, size, "TEST did not end");
	else if (!facts->started)
		snprintf(text, size, "TEST could not be started");
	else if (name)
		snprintf(text, size, "TEST was killed by SIG%s", name);
	else
		snprintf(text, size, "TEST exited %d", facts->status);
}

/* What it had to say about it. */
static void put_line(const struct trial_facts *facts, char *text, size_t size)
{
	size_t n = strlen(text);

	if (facts->errors.line[0])
		snprintf(text + n, size - n, " (\"%s\")", facts->errors.line);
}

static bool differs(const struct refinement *f, const struct trial_facts *facts)
{
	const struct reference *ref = &f->rounds.reference;

	return ref->steady_output && ref->runs && facts->output.hash != ref->output;
}

static enum outcome judge_drift(const struct refinement *f, const struct trial_facts *facts,
				char *text, size_t size)
{
	const struct reference *ref = &f->rounds.reference;

	if (facts->n_drifts)
		snprintf(text, size, "TEST passed, but: %s%s", facts->drift,
			 facts->n_drifts > 1 ? ", and more" : "");
	else if (differs(f, facts))
		snprintf(text, size, "TEST passed, but wrote something else");
	else if (ref->runs && ref->steady_errors && facts->errors.hash != ref->errors)
		snprintf(text, size, "TEST passed, but had something else to say: \"%s\"",
			 facts->errors.line);
	else
		return OUTCOME_GOOD;
	return OUTCOME_DRIFTED;
}

enum outcome refine_judge(const struct refinement *f, const struct trial_facts *facts, char *text,
			  size_t size)
{
	if (!facts->started || facts->timed_out || facts->status != f->expect) {
		put_ending(facts, text, size);
		put_line(facts, text, size);
		return OUTCOME_FAILED;
	}
	if (facts->check_status) {
		snprintf(text, size, "the check exited %d (\"%s\")", facts->check_status,
			 facts->messages.line);
		return OUTCOME_FAILED;
	}
	if (f->same_output && differs(f, facts)) {
		snprintf(text, size, "TEST wrote something else");
		return OUTCOME_FAILED;
	}
	snprintf(text, size, "TEST passed");
	return judge_drift(f, facts, text, size);
}

/* ---- undisturbed ---- */

/* How many things SEEN has that were not seen before; -errno. */
static int count_news(const struct profile *before, const struct profile *seen)
{
	struct decide_options options = decide_defaults;
	struct needs needs = { 0 };
	int n = 0, r;

	options.no_baseline = options.no_vdso = options.no_fallback = true;
	r = compare(before, seen, &options, &needs);
	for (size_t i = 0; r == 0 && i < needs.n; i++)
		n += needs.list[i].kind != NEED_LIMIT;
	needs_clear(&needs);
	return r < 0 ? r : n;
}

static void take_reference(struct reference *ref, const struct trial_facts *facts)
{
	if (!ref->runs) {
		ref->steady_output = ref->steady_errors = true;
		ref->output = facts->output.hash;
		ref->errors = facts->errors.hash;
	}
	ref->steady_output = ref->steady_output && ref->output == facts->output.hash;
	ref->steady_errors = ref->steady_errors && ref->errors == facts->errors.hash;
	if (facts->duration_ms > ref->duration_ms)
		ref->duration_ms = facts->duration_ms;
	ref->runs++;
}

static int refuse(const struct reference *ref, const char *what)
{
	if (!ref->runs)
		return diag(-ECANCELED, "TEST must pass undisturbed, but: %s", what);
	return diag(-ECANCELED,
		    "TEST is not reliable: undisturbed it passed %u time%s, and then: "
		    "%s",
		    ref->runs, ref->runs == 1 ? "" : "s", what);
}

/* One run; the number of things that are new in it, or -errno after a message. */
static int run_once(struct refinement *f, struct reference *ref)
{
	const struct trial_spec spec = { .watched = true, .stacks = !f->profile && !ref->runs };
	struct trial_facts facts = { 0 };
	char text[256];
	int r = trials_run(&f->test, &spec, 1, &facts);

	if (r < 0)
		return r;
	if (facts.error || facts.before_failed)
		return diag(-ECANCELED, "%s failed: \"%s\"", facts.error ? "TEST" : "--before",
			    facts.messages.line);
	if (refine_judge(f, &facts, text, sizeof(text)) != OUTCOME_GOOD || !facts.seen) {
		profile_free(facts.seen);
		return refuse(ref, text);
	}
	r = ref->runs ? count_news(f->undisturbed, facts.seen) : 1;
	if (r >= 0 && profile_merge(&f->undisturbed, facts.seen) < 0)
		r = diag(-ENOMEM, "out of memory");
	profile_free(facts.seen);
	take_reference(ref, &facts);
	return r;
}

int refine_undisturbed(struct refinement *f, struct reference *ref)
{
	int news = 1;

	*ref = (struct reference){ 0 };
	while (ref->runs < MOST_RUNS && (ref->runs < FEWEST_RUNS || news > 0)) {
		news = run_once(f, ref);
		if (news < 0)
			return news;
	}
	if (news > 0 && !f->quiet)
		diag_warn("TEST does something else each time: what it falls back to may not be "
			  "told from that");
	if (f->same_output && !ref->steady_output)
		return diag(-ECANCELED, "--stdout=same: undisturbed, TEST does not write the same "
					"each time");
	return 0;
}

uint64_t refine_timeout(const struct reference *ref)
{
	uint64_t ms = TIMEOUT_FACTOR * ref->duration_ms;

	return ms > TIMEOUT_LEAST_MS ? ms : TIMEOUT_LEAST_MS;
}
