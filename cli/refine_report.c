/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a refinement found: as decisions, and in words. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "cli/refine.h"

static const char *text_of_round(const struct refinement *f, unsigned number)
{
	const struct round *round = rounds_by_number(&f->rounds, number);

	return round ? round->text : "?";
}

/* ---- reasons ---- */

/* Whether nothing but --unsafe allowed to drop it. */
static bool is_unsafe(const struct refinement *f, const struct unit *unit)
{
	return f->plan.unsafe && unit->guard && unit->touched &&
	       (unit->kind != DECISION_CAPABILITY || !plan_sees_drift(&f->plan));
}

static char *reason_dropped(const struct refinement *f, const struct unit *unit,
			    const struct finding *finding)
{
	const bool unsafe = is_unsafe(f, unit);
	char *text;
	int n = asprintf(&text, "round %u without it: %s%s%s", finding->round,
			 text_of_round(f, finding->round), unsafe ? "; --unsafe, though " : "",
			 unsafe ? unit->guard : "");

	return n < 0 ? NULL : text;
}

static char *reason_lowered(const struct refinement *f, const struct finding *finding)
{
	const struct lowest *lowest = &finding->lowest;
	char *text;
	int n;

	if (lowest->failed_round)
		n = asprintf(&text, "round %u with it: %s; round %u with %" PRIu64 ": %s",
			     finding->round, text_of_round(f, finding->round), lowest->failed_round,
			     lowest->failed_at, text_of_round(f, lowest->failed_round));
	else
		n = asprintf(&text, "round %u with it: %s", finding->round,
			     text_of_round(f, finding->round));
	return n < 0 ? NULL : text;
}

static char *reason_needed(const struct refinement *f, const struct finding *finding)
{
	char *text;

	return asprintf(&text, "denied in round %u: %s", finding->round,
			text_of_round(f, finding->round)) < 0
		       ? NULL
		       : text;
}

/* Why the unit's fate is what it is, for the caller to free; NULL without memory. */
static char *reason(const struct refinement *f, size_t i)
{
	const struct unit *unit = &f->units.list[i];
	const struct finding *finding = &f->findings[i];
	char *text;

	switch (finding->fate) {
	case FATE_DROPPED:
		return reason_dropped(f, unit, finding);
	case FATE_LOWERED:
		return reason_lowered(f, finding);
	case FATE_NEEDED:
		return reason_needed(f, finding);
	case FATE_GUARDED:
		return asprintf(&text, "not tried without --unsafe: %s", unit->guard) < 0 ? NULL
											  : text;
	case FATE_OWN:
		return strdup("not tried: only some of the jobs side by side use it");
	case FATE_CERTAIN:
		return strdup("TEST makes use of it each time and would be killed for it");
	case FATE_UNTRIED:
		return strdup("not tried");
	}
	return NULL;
}

/* ---- decisions ---- */

int refine_decide(const struct refinement *f, struct profile *decided)
{
	int r = 0;

	for (size_t i = 0; i < f->units.n && r == 0; i++) {
		const struct unit *unit = &f->units.list[i];
		bool set = unit_is_set(&f->units, f->search.setting, i);
		auto_free char *why = NULL;

		/* What was not tried stays as the evidence has it. */
		if (f->findings[i].fate == FATE_UNTRIED ||
		    (unit->unseen && f->search.setting[i]))
			continue;
		if (unit->whole != UNIT_NONE && f->search.setting[unit->whole])
			continue;
		why = reason(f, i);
		r = why ? unit_decide(unit, set ? f->search.setting[i] : 0, why, decided) : -ENOMEM;
	}
	return r;
}

/* ---- the report ---- */

static const struct {
	enum fate fate;
	const char *title;
} sections[] = {
	{ FATE_DROPPED, "Dropped, and what TEST did without" },
	{ FATE_LOWERED, "Lowered" },
	{ FATE_NEEDED, "Needed, and what happened without" },
	{ FATE_CERTAIN, "Needed: TEST makes use of them each time and would be killed for it" },
	{ FATE_GUARDED, "Kept: no test can judge" },
	{ FATE_OWN, "Kept: only some of the jobs side by side use them" },
	{ FATE_UNTRIED, "Not tried" },
};

static bool is_left_out_untried(const struct refinement *f, size_t i)
{
	return f->units.list[i].unseen && f->findings[i].fate == FATE_UNTRIED;
}

/* Part of what is dropped, or what nothing spoke for in the first place. */
static bool is_moot(const struct refinement *f, size_t i)
{
	size_t whole = f->units.list[i].whole;

	if (is_left_out_untried(f, i) || (f->units.list[i].unseen && f->search.setting[i]))
		return true;
	return whole != UNIT_NONE && f->search.setting[whole];
}

static void print_unit(const struct refinement *f, size_t i, FILE *out)
{
	static const char *const answers[] = { "", "", " (ENOSYS)", " (EPERM)" };
	const struct unit *unit = &f->units.list[i];
	uint64_t setting = f->search.setting[i];
	auto_free char *label = unit_label(unit), *why = reason(f, i);
	auto_free char *line = label ? bytes_to_line(label, strlen(label)) : NULL;

	if (unit->kind == DECISION_LIMIT && setting)
		fprintf(out, "  %s %" PRIu64 " instead of %" PRIu64, line ? line : "?", setting - 1,
			unit->most);
	else
		fprintf(out, "  %s%s", line ? line : "?",
			setting < ARRAY_SIZE(answers) ? answers[setting] : "");
	if (f->findings[i].fate == FATE_CERTAIN || f->findings[i].fate == FATE_OWN ||
	    f->findings[i].fate == FATE_UNTRIED)
		fputc('\n', out);
	else
		fprintf(out, ": %s\n", why ? why : "?");
}

static void print_section(const struct refinement *f, enum fate fate, const char *title, FILE *out)
{
	bool first = true;

	for (size_t i = 0; i < f->units.n; i++) {
		if (f->findings[i].fate != fate || is_moot(f, i) ||
		    !plan_asks(&f->plan, &f->units.list[i]))
			continue;
		if (first)
			fprintf(out, "%s:\n", title);
		first = false;
		print_unit(f, i, out);
	}
	if (!first)
		fputc('\n', out);
}

/* "calls 31 -> 19" */
static void print_kind(const struct refinement *f, enum decision_kind kind, const char *name,
		       const char **separator, FILE *out)
{
	size_t all = 0, left = 0;

	for (size_t i = 0; i < f->units.n; i++) {
		if (f->units.list[i].kind != kind)
			continue;
		all += !f->units.list[i].unseen;
		left += !f->search.setting[i] && !is_moot(f, i);
	}
	if (!all && !left)
		return;
	fprintf(out, "%s%s %zu -> %zu", *separator, name, all, left);
	*separator = ", ";
}

static void print_sums(const struct refinement *f, FILE *out)
{
	static const struct {
		enum decision_kind kind;
		const char *name;
	} kinds[] = {
		{ DECISION_CALL, "calls" },
		{ DECISION_ARGUMENT, "argument values" },
		{ DECISION_PATH, "path rules and rights" },
		{ DECISION_PORT, "ports" },
		{ DECISION_FAMILY, "address families" },
		{ DECISION_SCOPE, "scopes" },
		{ DECISION_CAPABILITY, "capabilities" },
	};
	const char *separator = "Rules: ";

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		print_kind(f, kinds[i].kind, kinds[i].name, &separator, out);
	fputc('\n', out);
}

/* What TEST had all the time, but the policy has not. */
static void print_left_out(const struct refinement *f, FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->units.n; i++)
		n += is_left_out_untried(f, i) && plan_asks(&f->plan, &f->units.list[i]);
	if (n)
		fprintf(out,
			"%zu %s not tried: left out, because nothing that was seen needs %s.\n", n,
			n == 1 ? "capability was" : "capabilities were", n == 1 ? "it" : "them");
}

void refine_report(const struct refinement *f, bool complete, FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		print_section(f, sections[i].fate, sections[i].title, out);
	print_sums(f, out);
	fprintf(out, "Runs: %u undisturbed, %zu rounds\n", f->rounds.reference.runs, f->rounds.n);
	print_left_out(f, out);
	if (!complete)
		fputs("The budget was used up before all was tried: the same command goes on.\n",
		      out);
}
