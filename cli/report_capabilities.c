/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The capabilities that what was seen needs. */
#include "cli/report_capabilities.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "learner/capabilities.h"
#include "learner/tally.h"
#include "policy/policy.h"
#include "sysdb/capabilities.h"

#define NAME_WIDTH 22

/* All that there is in a policy of this kind, and nothing else. */
static int infer(const struct profile *p, const char *glob, struct policy *policy)
{
	const struct selection selection = { .program = glob, .from = PHASE_LOAD };
	struct tally tally;
	int r = tally_make(p, &selection, &tally);

	if (r < 0)
		return r;
	r = capabilities_add(p, &tally, policy);
	tally_clear(&tally);
	policy_sort(policy);
	return r;
}

void report_capabilities(struct page *page, const struct profile *p, const char *glob)
{
	struct policy *policy = policy_new();

	if (!policy || infer(p, glob, policy) < 0) {
		page->no_memory = true;
		policy_free(policy);
		return;
	}
	if (policy->n_capabilities)
		fputc('\n', page->out);
	for (size_t i = 0; i < policy->n_capabilities; i++) {
		const struct policy_capability *entry = &policy->capabilities[i];
		auto_free char *name = capability_format(entry->capability);
		int column;

		if (!i)
			page_heading(page, "Capabilities that it needed, as far as can be told");
		page->no_memory |= !name;
		column = fprintf(page->out, "  %-*s  ", NAME_WIDTH, name ? name : "");
		page_paragraph(page, column, 4 + NAME_WIDTH, entry->why);
	}
	policy_free(policy);
}
