/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy as classic BPF: plan, assemble, and what the kernel would refuse. */
#include "emitter/filter.h"

#include <linux/filter.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "emitter/assemble.h"
#include "emitter/plan.h"

int filter_compile(const struct policy *policy, struct filter *ret)
{
	return filter_compile_for(policy, TUNE_BALANCED, ret);
}

int filter_compile_for(const struct policy *policy, enum tune tune, struct filter *ret)
{
	struct graph cleanup(graph_clear) graph = { 0 };
	struct node *root = plan_policy(&graph, policy, tuning_of(tune));
	struct filter filter;

	if (!root || assemble(root, &filter) < 0)
		return -ENOMEM;
	if (filter.n > BPF_MAXINSNS) {
		size_t n = filter.n;

		filter_free(&filter);
		return diag(-E2BIG, "the filter has %zu instructions, the kernel takes %d: "
			    "try --args=none", n, BPF_MAXINSNS);
	}
	*ret = filter;
	return 0;
}

void filter_free(struct filter *filter)
{
	for (size_t i = 0; i < filter->n; i++)
		free(filter->comments[i]);
	free(filter->comments);
	free(filter->insns);
	*filter = (struct filter){ 0 };
}
