/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided by trying, as people read it. */
#include "cli/report_decisions.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const titles[N_DECISION_VERDICTS] = {
	[VERDICT_DROPPED] = "Done without (learn refine):",
	[VERDICT_LOWERED] = "Lowered (learn refine):",
	[VERDICT_NEEDED] = "Needed (learn refine):",
};

static void print_decision(struct page *page, const struct profile_decision *d)
{
	const char *kind = decision_kind_name(d->kind);
	bool itself = d->kind == DECISION_CALL || d->kind == DECISION_ARGUMENT;
	auto_free char *text = NULL;

	if (asprintf(&text, "  %s%s%s%s%s%s%s%s: %s", itself ? "" : kind, itself ? "" : " ",
		     d->name, *d->detail ? " " : "", d->detail, *d->answer ? " (" : "", d->answer,
		     *d->answer ? ")" : "", d->why) < 0) {
		page->no_memory = true;
		return;
	}
	page_paragraph(page, 0, 6, text);
}

size_t report_decisions(struct page *page, const struct profile *p, const char *name)
{
	auto_free struct profile_decision **list = profile_sorted(&p->decisions);
	size_t n = 0;

	page->no_memory |= !list;
	for (int verdict = 0; list && verdict < N_DECISION_VERDICTS; verdict++) {
		bool first = true;

		for (size_t i = 0; i < p->decisions.n; i++) {
			if ((int)list[i]->verdict != verdict ||
			    (name && strcmp(list[i]->name, name) != 0))
				continue;
			if (first)
				page_heading(page, "\n%s", titles[verdict]);
			first = false;
			print_decision(page, list[i]);
			n++;
		}
	}
	return n;
}
