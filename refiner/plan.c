/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is tried, in which order and how. */
#include "refiner/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* ---- words ---- */

static const struct {
	const char *word;
	unsigned part;
} part_words[] = {
	{ "calls", REFINE_CALLS }, { "args", REFINE_ARGS },	{ "paths", REFINE_PATHS },
	{ "net", REFINE_NET },	   { "limits", REFINE_LIMITS }, { "caps", REFINE_CAPS },
	{ "all", REFINE_ALL },
};

static unsigned part_of(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(part_words); i++)
		if (strlen(part_words[i].word) == length &&
		    strncmp(part_words[i].word, word, length) == 0)
			return part_words[i].part;
	return 0;
}

int refine_parts_parse(const char *words, unsigned *ret)
{
	unsigned parts = 0;

	for (;;) {
		size_t length = strcspn(words, ",");
		unsigned part = part_of(words, length);

		if (!part)
			return -EINVAL;
		parts |= part;
		if (!words[length])
			break;
		words += length + 1;
	}
	*ret = parts;
	return 0;
}

/* ---- ways to do without a unit ---- */

bool plan_asks(const struct plan *plan, const struct unit *unit)
{
	static const unsigned parts[N_DECISION_KINDS] = {
		[DECISION_CALL] = REFINE_CALLS,	     [DECISION_ARGUMENT] = REFINE_ARGS,
		[DECISION_PATH] = REFINE_PATHS,	     [DECISION_PORT] = REFINE_NET,
		[DECISION_FAMILY] = REFINE_NET,	     [DECISION_SCOPE] = REFINE_NET,
		[DECISION_CAPABILITY] = REFINE_CAPS, [DECISION_LIMIT] = REFINE_LIMITS,
	};

	return plan->parts & parts[unit->kind];
}

/* What TEST does not touch goes unnoticed; a process that is killed for what it does is not. */
static bool goes_unnoticed(const struct plan *plan, const struct unit *unit)
{
	if (!unit->touched)
		return !plan->keep_implied && (!unit->guard || plan->kills || plan->unsafe);
	return (plan->allow_drift || !plan->kills) && (!unit->guard || plan->unsafe);
}

static bool may_fail(const struct plan *plan, const struct unit *unit)
{
	return unit->touched && (!unit->guard || plan->unsafe);
}

static bool is_whole(const struct plan *plan, const struct unit *unit)
{
	return unit->whole == UNIT_NONE && (!unit->guard || plan->unsafe);
}

static bool is_part(const struct plan *plan, const struct unit *unit)
{
	return unit->whole != UNIT_NONE && (!unit->guard || plan->unsafe);
}

bool plan_sees_drift(const struct plan *plan)
{
	return !plan->allow_drift && !plan->blind;
}

/* A call that fails for want of a capability is drift, and so a failure where that is seen. */
static bool is_missed(const struct plan *plan, const struct unit *unit)
{
	return !unit->guard || plan_sees_drift(plan) || plan->unsafe;
}

/* In the order in which they are tried: large units first, and errors before death. */
static const struct way {
	enum decision_kind kind;
	enum setting setting;
	bool (*fits)(const struct plan *plan, const struct unit *unit);
	bool alone; /* not in groups: hardly ever good where another way was not */
} ways[] = {
	{ DECISION_CALL, SET_ENOSYS, may_fail, false },
	{ DECISION_CALL, SET_EPERM, may_fail, true },
	{ DECISION_CALL, SET_GONE, goes_unnoticed, false },
	{ DECISION_FAMILY, SET_GONE, is_whole, false },
	{ DECISION_PORT, SET_GONE, is_whole, false },
	{ DECISION_SCOPE, SET_GONE, is_whole, false },
	{ DECISION_ARGUMENT, SET_GONE, goes_unnoticed, false },
	{ DECISION_PATH, SET_GONE, is_whole, false },
	{ DECISION_PATH, SET_GONE, is_part, false },
	{ DECISION_CAPABILITY, SET_GONE, is_missed, false },
};

static bool is_open(const struct plan *plan, const struct search *s, size_t unit,
		    const struct way *way)
{
	const struct unit *u = &plan->units->list[unit];

	return plan_asks(plan, u) && !u->own && u->kind == way->kind && !s->setting[unit] &&
	       (u->whole == UNIT_NONE || !s->setting[u->whole]) && way->fits(plan, u);
}

/* ---- the search ---- */

static int try_together(const struct plan *plan, struct search *s, const struct way *way)
{
	auto_free size_t *open = calloc(s->n + 1, sizeof(*open));
	size_t n = 0;

	if (!open)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++)
		if (is_open(plan, s, i, way))
			open[n++] = i;
	return search_drop(s, open, n, way->setting);
}

static uint64_t round_up(uint64_t value, uint64_t step)
{
	return value % step ? value - value % step + step : value;
}

static int lower_limits(const struct plan *plan, struct search *s, struct finding *findings)
{
	int r = 0;

	for (size_t i = 0; i < s->n && r == 0; i++) {
		const struct unit *u = &plan->units->list[i];

		if (u->kind == DECISION_LIMIT && plan_asks(plan, u))
			r = search_lower(s, i, u->most, round_up(u->peak, u->step), u->step,
					 &findings[i].lowest);
	}
	return r;
}

/*
 * Each way for each unit that is left, alone. What was tried with the same rest is remembered by
 * the oracle, so this is what proves every rule needed, and costs nothing where that is known.
 */
static int prove(const struct plan *plan, struct search *s, struct finding *findings, bool *changed)
{
	for (size_t w = 0; w < ARRAY_SIZE(ways); w++)
		for (size_t i = 0; i < s->n; i++) {
			struct trial trial;
			int r;

			if (!is_open(plan, s, i, &ways[w]))
				continue;
			r = search_alone(s, i, ways[w].setting, &trial);
			if (r < 0)
				return r;
			*changed = *changed || trial.good;
			findings[i].fate = FATE_NEEDED;
			findings[i].round = trial.round;
		}
	return 0;
}

static int prove_all(const struct plan *plan, struct search *s, struct finding *findings)
{
	bool changed;
	int r;

	do {
		changed = false;
		for (size_t i = 0; i < s->n; i++) {
			findings[i].was_needed |= findings[i].fate == FATE_NEEDED;
			findings[i].fate = FATE_UNTRIED;
		}
		r = prove(plan, s, findings, &changed);
	} while (r == 0 && changed);
	/* What was needed beside more is needed still, as far as it was not tried again. */
	for (size_t i = 0; i < s->n; i++)
		if (findings[i].was_needed && findings[i].fate == FATE_UNTRIED)
			findings[i].fate = FATE_NEEDED;
	return r;
}

/* The policy as it is, so often: who fails by chance should do so before all else. */
#define BEGINNINGS 3

static int try_as_it_is(const struct search *s)
{
	int r = 0;

	for (unsigned i = 0; i < BEGINNINGS && r == 0; i++) {
		struct trial trial;

		r = s->oracle->try(s->oracle->state, s->setting, i ? PLAN_WATCHED + i : 0, &trial);
		if (r == 0 && !trial.good)
			r = i ? -EUCLEAN : -ENOENT;
	}
	return r;
}

static int run(const struct plan *plan, struct search *s, struct finding *findings)
{
	int r = try_as_it_is(s);

	for (size_t w = 0; w < ARRAY_SIZE(ways) && r == 0; w++)
		if (!ways[w].alone && !plan->one_by_one)
			r = try_together(plan, s, &ways[w]);
	if (r == 0)
		r = lower_limits(plan, s, findings);
	return r < 0 ? r : prove_all(plan, s, findings);
}

/* ---- findings ---- */

/* Whether nothing but death was left to try. */
static bool is_certain(const struct plan *plan, const struct unit *unit)
{
	return plan_asks(plan, unit) && plan->kills && unit->touched &&
	       (unit->kind == DECISION_CALL || unit->kind == DECISION_ARGUMENT);
}

/* Whether it was left alone because no test can judge. */
static bool is_guarded(const struct plan *plan, const struct unit *unit)
{
	if (!unit->guard || plan->unsafe || !plan_asks(plan, unit))
		return false;
	return unit->kind == DECISION_CALL || unit->kind == DECISION_PATH ||
	       (unit->kind == DECISION_CAPABILITY && !plan_sees_drift(plan));
}

static void conclude(const struct plan *plan, const struct search *s, struct finding *findings)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct unit *unit = &plan->units->list[i];
		struct finding *f = &findings[i];

		if (s->setting[i]) {
			f->fate = unit->kind == DECISION_LIMIT ? FATE_LOWERED : FATE_DROPPED;
			f->round = s->rounds[i];
		} else if (f->fate == FATE_UNTRIED && is_guarded(plan, unit)) {
			f->fate = FATE_GUARDED;
		} else if (f->fate == FATE_UNTRIED && unit->own && plan_asks(plan, unit)) {
			f->fate = FATE_OWN;
		} else if (f->fate == FATE_UNTRIED && is_certain(plan, unit)) {
			f->fate = FATE_CERTAIN;
		}
	}
}

int plan_run(const struct plan *plan, struct search *s, struct finding *findings)
{
	int r;

	memset(findings, 0, s->n * sizeof(*findings));
	r = run(plan, s, findings);
	conclude(plan, s, findings);
	return r;
}

int plan_confirm(const struct search *s, unsigned times)
{
	int r = 0;

	for (unsigned i = 1; i <= times && r == 0; i++) {
		struct trial trial;

		r = s->oracle->try(s->oracle->state, s->setting, i, &trial);
		if (r == 0 && !trial.good)
			r = -EUCLEAN;
	}
	return r;
}
