/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn emit --cost: what the filter costs, next to other ways to lay it out. */
#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/emit_more.h"
#include "emitter/alternatives.h"
#include "emitter/filter.h"
#include "emitter/simulate.h"

static int balanced(const struct policy *p, struct filter *ret)
{
	return filter_compile_for(p, TUNE_BALANCED, ret);
}

static int uncached(const struct policy *p, struct filter *ret)
{
	return filter_compile_for(p, TUNE_UNCACHED, ret);
}

static int cached(const struct policy *p, struct filter *ret)
{
	return filter_compile_for(p, TUNE_CACHED, ret);
}

static int observed(const struct policy *p, struct filter *ret)
{
	return filter_compile_for(p, TUNE_OBSERVED, ret);
}

static int ascending(const struct policy *p, struct filter *ret)
{
	return filter_by_libseccomp(p, LAYOUT_ASCENDING, ret);
}

static int priority(const struct policy *p, struct filter *ret)
{
	return filter_by_libseccomp(p, LAYOUT_PRIORITY, ret);
}

static int tree(const struct policy *p, struct filter *ret)
{
	return filter_by_libseccomp(p, LAYOUT_TREE, ret);
}

static const struct {
	const char *name;
	int (*make)(const struct policy *policy, struct filter *ret);
} ways[] = {
	{ "this plan", balanced },
	{ "  --tune=uncached", uncached },
	{ "  --tune=cached", cached },
	{ "  --tune=observed", observed },
	{ "list by frequency", filter_by_list },
	{ "libseccomp", ascending },
	{ "  with priorities", priority },
	{ "  with optimize=2", tree },
};

/* Calls that were seen; 0: nothing to weigh by. */
static double count_calls(const struct policy *policy)
{
	double n = 0;

	for (size_t i = 0; i < policy->n_calls; i++)
		n += (double)policy->calls[i].count;
	return n;
}

static void print_run(const struct filter_cost *cost)
{
	if (cost->share < 1)
		printf("%10.2f", cost->run);
	else
		printf("%10s", "-");
}

static int print_way(size_t i, const struct policy *policy, struct filter_cost *cost)
{
	struct filter cleanup(filter_free) filter = { 0 };
	int err = ways[i].make(policy, &filter);

	if (err == 0)
		err = filter_measure(&filter, policy, tuning_of(TUNE_BALANCED)->remembered, cost);
	if (err == -ENOMEM)
		return diag_errno(err, "cannot measure the filter");
	if (err < 0) { /* an alternative that cannot be had is no failure of ours */
		printf("%-20s%10s\n", ways[i].name, "refused");
		return 0;
	}
	printf("%-20s%10.2f", ways[i].name, cost->each);
	print_run(cost);
	printf("%10zu%10zu\n", cost->longest, filter.n);
	return 0;
}

int emit_print_cost(const struct policy *policy)
{
	struct filter_cost cost, ours = { 0 };
	int err = 0;

	if (count_calls(policy) <= 0)
		return diag(-ENODATA, "emit: no call was counted, so nothing can be weighed");
	printf("%-20s%10s%10s%10s%10s\n", "BPF instructions", "PER CALL", "PER RUN", "AT MOST",
	       "LENGTH");
	for (size_t i = 0; !err && i < ARRAY_SIZE(ways); i++) {
		err = print_way(i, policy, &cost);
		if (i == 0)
			ours = cost;
	}
	if (err < 0)
		return err;
	printf("\nThe kernel (since 5.11) remembers that %.1f%% of the calls are allowed and\n"
	       "runs no filter for them. PER RUN is the mean of the others, PER CALL that of\n"
	       "all calls, where nothing is remembered.\n",
	       100 * ours.share);
	return 0;
}
