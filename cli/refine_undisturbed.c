/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What TEST does by itself, and whether it passed. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/refine.h"
#include "learner/compare.h"

/* Undisturbed batches of runs: at least so many, and until one brings nothing new. */
#define FEWEST_BATCHES 2
#define MOST_BATCHES   6

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
		snprintf(text, size, "TEST was killed by SIG%s%s%s", name,
			 *facts->killed ? " for " : "", facts->killed);
	else
		snprintf(text, size, "TEST exited %d", facts->status);
}

/* What it had to say about it. */
static void put_line(const struct trial_facts *facts, char *text, size_t size)
{
	const char *line = facts->started ? facts->errors.line : facts->messages.line;
	size_t n = strlen(text);

	if (*line)
		snprintf(text + n, size - n, " (\"%s\")", line);
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

/* BESIDE: so many runs were made at a time. */
static int refuse(const struct reference *ref, const struct trial_facts *facts, const char *what,
		  unsigned beside)
{
	if (!ref->runs)
		return diag(-ECANCELED, "TEST must pass undisturbed, but: %s%s", what,
			    facts->started ? " (it has no terminal, and for input what is in a "
					     "file or nothing)"
					   : "");
	if (beside > 1)
		return diag(-ECANCELED,
			    "TEST does not pass beside itself (--jobs, $LEARN_JOB): alone it "
			    "passed, and then: %s", what);
	return diag(-ECANCELED,
		    "TEST is not reliable: undisturbed it passed %u time%s, and then: %s; make it "
		    "reliable, or put back what it leaves behind (--before)",
		    ref->runs, ref->runs == 1 ? "" : "s", what);
}

/*
 * What came of one run, as job JOB; the number of things that are new in it, or -errno after a
 * message.
 */
static int take_run(struct refinement *f, const struct trial_facts *facts, unsigned job,
		    unsigned beside, struct reference *ref)
{
	char text[256];
	int r;

	if (facts->error || facts->before_failed)
		return diag(-ECANCELED, "%s failed: \"%s\"", facts->error ? "TEST" : "--before",
			    facts->messages.line);
	if (refine_judge(f, facts, text, sizeof(text)) != OUTCOME_GOOD || !facts->seen)
		return refuse(ref, facts, text, beside);
	r = ref->runs ? count_news(f->undisturbed, facts->seen) : 1;
	if (r >= 0 && (profile_merge(&f->undisturbed, facts->seen) < 0 ||
		       profile_merge(&f->alone[job], facts->seen) < 0))
		r = diag(-ENOMEM, "out of memory");
	take_reference(ref, facts);
	return r;
}

/* N runs side by side, each as another job; returned is as above. */
static int run_batch(struct refinement *f, unsigned n, struct reference *ref)
{
	auto_free struct trial_spec *specs = calloc(n, sizeof(*specs));
	auto_free struct trial_facts *facts = calloc(n, sizeof(*facts));
	int news = 0, r = specs && facts ? 0 : diag(-ENOMEM, "out of memory");

	for (unsigned i = 0; r == 0 && i < n; i++)
		specs[i] = (struct trial_spec){ .watched = true,
						.stacks = !f->profile && !ref->runs };
	if (r == 0)
		r = trials_run(&f->test, specs, n, facts);
	for (unsigned i = 0; facts && i < n; i++) {
		if (r >= 0)
			r = take_run(f, &facts[i], i, n, ref);
		news += r > 0 ? r : 0;
		profile_free(facts[i].seen);
	}
	return r < 0 ? r : news;
}

static int make_profiles(struct refinement *f)
{
	f->undisturbed = profile_new();
	f->alone = calloc(f->jobs, sizeof(*f->alone));
	for (unsigned i = 0; f->alone && i < f->jobs; i++)
		if (!(f->alone[i] = profile_new()))
			return -ENOMEM;
	return f->undisturbed && f->alone ? 0 : -ENOMEM;
}

int refine_undisturbed(struct refinement *f, struct reference *ref)
{
	int news = 1;

	*ref = (struct reference){ .jobs = f->jobs };
	if (make_profiles(f) < 0)
		return diag(-ENOMEM, "out of memory");
	for (unsigned i = 0; i < MOST_BATCHES && (i < FEWEST_BATCHES || news > 0); i++) {
		news = run_batch(f, i ? f->jobs : 1, ref); /* it should pass alone at first */
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
