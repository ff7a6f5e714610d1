/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a call is allowed, or answered in a way of its own. */
#include "cli/explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/report_calls.h"
#include "learner/baseline.h"
#include "sysdb/argspecs.h"
#include "sysdb/names.h"

#define FEW_STACKS 2 /* shown of each call when all are explained */
#define FEW_FRAMES 4

static bool is_asked_for(const struct explanation *x, const char *call)
{
	return !x->what || strcmp(x->what, call) == 0;
}

static void print_name(struct explanation *x, uint32_t arch, const char *name)
{
	auto_free char *text = arch_format(arch);

	x->page.no_memory |= !text;
	page_heading(&x->page, "%s on %s", name, text ? text : "");
}

static void print_why(struct explanation *x, const char *verdict, const char *why)
{
	int column = fprintf(x->page.out, "  %s: ", verdict);

	page_paragraph(&x->page, column, 4, why);
}

/* ---- what is checked ---- */

static void print_check(struct explanation *x, const struct policy_call *call,
			const struct policy_check *check)
{
	const struct argspec *spec = argspec_of(call->name, check->index);
	struct wrap w = wrap_from(&x->page, 2, 4);

	if (!spec)
		return;
	fprintf(x->page.out, "  ");
	wrap_item(&w, "", "checked:");
	wrap_item(&w, "", spec->arg);
	wrap_item(&w, "", check->kind == CHECK_MASK ? "has only bits of" : "is");
	for (size_t i = 0; i < (check->kind == CHECK_MASK ? 1 : check->n_values); i++) {
		uint64_t value = check->kind == CHECK_MASK ? check->mask : check->values[i];
		auto_free char *text = argspec_format(spec, value);

		x->page.no_memory |= !text;
		if (text)
			wrap_item(&w, i ? " or" : "", text);
	}
	fputc('\n', x->page.out);
	page_paragraph(&x->page, fprintf(x->page.out, "    which keeps it from "), 6, spec->why);
}

static bool lets_choose(const struct policy_check *check)
{
	return check->kind == CHECK_MASK || check->n_values > 1;
}

/* The evidence is kept for each argument alone, and so are the checks. */
static void print_combinations(struct explanation *x, const struct policy_call *call)
{
	size_t n = 0;

	for (size_t i = 0; i < call->n_checks; i++)
		n += lets_choose(&call->checks[i]);
	if (n > 1)
		page_paragraph(&x->page, fprintf(x->page.out, "    "), 4,
			       "each argument is checked for itself: values that were never seen "
			       "together pass, too");
}

/* ---- the evidence ---- */

static bool names_function(const char *frame, size_t length)
{
	return memchr(frame, '!', length) != NULL;
}

/* A stack, cut after MOST frames but not before one that names a function. */
static void print_stack(struct explanation *x, const char *site, size_t most)
{
	bool named = false;
	const char *label = "first from";

	for (size_t n = 0; *site && (n < most || !named); n++) {
		size_t length = strcspn(site, "\n");
		auto_free char *frame = strndup(site, length);

		fprintf(x->page.out, "      %-10s  ", label);
		page_print(&x->page, frame ? frame : "");
		fputc('\n', x->page.out);
		named = named || names_function(site, length);
		site += length + (site[length] == '\n');
		label = "";
	}
}

static void print_evidence(struct explanation *x, const struct profile_program *program,
			   const struct profile_call *call)
{
	size_t stacks = x->what ? PROFILE_MOST_SITES : FEW_STACKS;
	char times[32];

	explain_times(call->count, times);
	fputs("  ", x->page.out);
	page_print(&x->page, program->path);
	fprintf(x->page.out, " in %s, %s\n", phase_name(call->phase), times);
	report_call_details(&x->page, call, 6);
	for (size_t i = 0; i < call->n_sites && i < stacks; i++)
		print_stack(x, call->sites[i], x->what ? PROFILE_MOST_FRAMES : FEW_FRAMES);
	if (call->n_sites > stacks)
		fprintf(x->page.out, "      and %zu other places\n", call->n_sites - stacks);
}

/* Returns whether a function is named that made the call. */
static bool print_all_evidence(struct explanation *x, uint32_t arch, int nr)
{
	auto_free struct profile_program **programs = profile_sorted(&x->profile->programs);
	bool named = false;

	x->page.no_memory |= !programs;
	for (size_t p = 0; programs && p < x->profile->programs.n; p++) {
		auto_free struct profile_call **calls = profile_sorted(&programs[p]->calls);

		x->page.no_memory |= !calls;
		if (!calls || !explain_is_selected(x, programs[p]))
			continue;
		for (size_t i = 0; i < programs[p]->calls.n; i++) {
			if (calls[i]->arch != arch || calls[i]->nr != nr)
				continue;
			print_evidence(x, programs[p], calls[i]);
			for (size_t s = 0; s < calls[i]->n_sites; s++)
				named |= names_function(calls[i]->sites[s],
							strlen(calls[i]->sites[s]));
		}
	}
	return named;
}

/* Who calls rt_sigreturn, or the first execve, is no function of the program. */
static void print_rule_behind(struct explanation *x, const char *call)
{
	for (const struct implied_call *row = baseline_table; row->name; row++)
		if (strcmp(row->name, call) == 0)
			print_why(x, "allowed in any case", row->why);
}

/* ---- calls and denials ---- */

static void explain_call(struct explanation *x, const struct policy_call *call)
{
	print_name(x, call->arch, call->name);
	print_why(x, "allowed", call->why);
	for (size_t i = 0; i < call->n_checks; i++)
		print_check(x, call, &call->checks[i]);
	print_combinations(x, call);
	if (!call->implied && !print_all_evidence(x, call->arch, call->nr))
		print_rule_behind(x, call->name);
}

size_t explain_calls(struct explanation *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->policy->n_calls; i++) {
		if (!is_asked_for(x, x->policy->calls[i].name))
			continue;
		explain_call(x, &x->policy->calls[i]);
		n++;
	}
	return n;
}

size_t explain_denials(struct explanation *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->policy->n_denials; i++) {
		const struct policy_denial *denial = &x->policy->denials[i];
		auto_free char *answer = NULL;

		if (!is_asked_for(x, denial->name))
			continue;
		answer = action_format(denial->action);
		x->page.no_memory |= !answer;
		print_name(x, denial->arch, denial->name);
		print_why(x, answer ? answer : "", denial->why);
		print_all_evidence(x, denial->arch, denial->nr);
		n++;
	}
	return n;
}
