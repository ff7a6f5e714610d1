/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calls and denials of a policy as one decision graph over struct seccomp_data.
 *
 * An allowed call without checks must reach its return through nothing but tests of `arch` and
 * `nr`: then the kernel (since 5.11) remembers the verdict and does not run the filter for it
 * (seccomp_cache_prepare() in kernel/seccomp.c).
 */
#include "emitter/plan.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/keys.h"
#include "emitter/layout.h"
#include "emitter/word.h"
#include "sysdb/syscalls.h"

static const struct action allow = { .kind = ACTION_ALLOW };
static const struct action kill_process = { .kind = ACTION_KILL };
static const struct action no_such_call = { .kind = ACTION_ERRNO, .error = ENOSYS };

struct plan {
	struct graph *graph;
	const struct policy *policy;
	uint32_t arch;
	struct node *allow, *deny;
	double total; /* calls seen under this architecture */
	const struct tuning *tuning;
};

static bool is_x32_or_none(uint32_t arch, int nr)
{
	return nr == -1 || (arch == AUDIT_ARCH_X86_64 && (uint32_t)nr >= X32_SYSCALL_BIT);
}

static bool is_denied(const struct policy *policy, uint32_t arch, int nr)
{
	for (size_t i = 0; i < policy->n_denials; i++)
		if (policy->denials[i].arch == arch && policy->denials[i].nr == nr)
			return true;
	return false;
}

struct node *plan_call(struct graph *graph, const struct policy *policy,
		       const struct policy_call *call, const struct tuning *tuning)
{
	struct node *leaf = graph_return(graph, allow), *deny = graph_return(graph, policy->action);

	for (size_t i = call->n_checks; i-- > 0;)
		leaf = word_check(graph, call, &call->checks[i], tuning, leaf, deny);
	return leaf;
}

static double weigh(const struct plan *plan, const struct policy_call *call,
		    const struct node *leaf)
{
	double weight = (double)call->count + plan->tuning->smoothing * plan->total;

	return leaf == plan->allow ? plan->tuning->remembered * weight : weight;
}

static int add_calls(const struct plan *plan, struct keys *keys)
{
	const struct policy *p = plan->policy;

	for (size_t i = 0; i < p->n_calls; i++) {
		const struct policy_call *call = &p->calls[i];
		struct node *leaf;

		if (call->arch != plan->arch || is_x32_or_none(call->arch, call->nr) ||
		    is_denied(p, call->arch, call->nr))
			continue;
		leaf = plan_call(plan->graph, p, call, plan->tuning);
		if (!leaf || keys_add(keys, (uint32_t)call->nr, weigh(plan, call, leaf), leaf,
				      strdup(call->name)) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_denials(const struct plan *plan, struct keys *keys)
{
	const struct policy *p = plan->policy;

	for (size_t i = 0; i < p->n_denials; i++) {
		const struct policy_denial *denial = &p->denials[i];

		if (denial->arch != plan->arch || is_x32_or_none(denial->arch, denial->nr))
			continue;
		if (keys_add(keys, (uint32_t)denial->nr, 0,
			     graph_return(plan->graph, denial->action), strdup(denial->name)) < 0)
			return -ENOMEM;
	}
	return 0;
}

static struct node *number_tree(const struct plan *plan, const struct keys *keys)
{
	const uint32_t none = UINT32_MAX; /* a tracer skips a call by this number */
	const uint32_t end = plan->arch == AUDIT_ARCH_X86_64 ? X32_SYSCALL_BIT : none;
	const uint32_t newest = (uint32_t)plan->policy->newest;
	const bool has_newest = newest && newest < end - 1;
	struct background background[4];
	size_t n = 0;

	if (has_newest)
		background[n++] = (struct background){ newest, plan->deny };
	background[n++] = (struct background){
		end - 1, has_newest ? graph_return(plan->graph, no_such_call) : plan->deny
	};
	if (end != none)
		background[n++] = (struct background){ none - 1,
						       graph_return(plan->graph, kill_process) };
	background[n++] = (struct background){ none, plan->deny };
	return layout_tree(plan->graph, keys->v, keys->n, background, plan->allow,
			   plan->tuning);
}

static struct node *plan_arch(struct graph *graph, const struct policy *policy, uint32_t arch,
			      const struct tuning *tuning)
{
	struct keys cleanup(keys_clear) keys = { 0 };
	struct plan plan = {
		.graph = graph,
		.policy = policy,
		.arch = arch,
		.allow = graph_return(graph, allow),
		.deny = graph_return(graph, policy->action),
		.total = 1,
		.tuning = tuning,
	};

	for (size_t i = 0; i < policy->n_calls; i++)
		if (policy->calls[i].arch == arch)
			plan.total += (double)policy->calls[i].count;
	if (!plan.allow || !plan.deny || add_calls(&plan, &keys) < 0 ||
	    add_denials(&plan, &keys) < 0)
		return NULL;
	keys_sort(&keys);
	return graph_load(graph, offsetof(struct seccomp_data, nr), number_tree(&plan, &keys),
			  "system call number");
}

struct node *plan_policy(struct graph *graph, const struct policy *policy,
			 const struct tuning *tuning)
{
	uint32_t arches[4];
	size_t n = policy_arches(policy, arches);
	struct node *root = graph_return(graph, kill_process);

	while (n-- > 0)
		root = graph_test(graph, BPF_JEQ, arches[n],
				  plan_arch(graph, policy, arches[n], tuning), root,
				  arch_name(arches[n]));
	return graph_load(graph, offsetof(struct seccomp_data, arch), root, "architecture");
}
