/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy as a list of equality tests, most frequent call first: what people write by hand. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "emitter/alternatives.h"
#include "emitter/assemble.h"
#include "emitter/choices.h"
#include "emitter/plan.h"
#include "sysdb/syscalls.h"

static const struct action kill_process = { .kind = ACTION_KILL };
static const struct action no_such_call = { .kind = ACTION_ERRNO, .error = ENOSYS };

/* What ends the list: x32, numbers above the newest, everything else. */
static struct node *end_of_list(struct graph *graph, const struct policy *p, uint32_t arch)
{
	struct node *end = graph_return(graph, p->action);

	if (p->newest)
		end = graph_test(graph, BPF_JGE, (uint32_t)p->newest + 1,
				 graph_return(graph, no_such_call), end, NULL);
	if (arch == AUDIT_ARCH_X86_64) {
		end = graph_test(graph, BPF_JGE, X32_SYSCALL_BIT, graph_return(graph, kill_process),
				 end, NULL);
		end = graph_test(graph, BPF_JEQ, UINT32_MAX, graph_return(graph, p->action), end,
				 NULL);
	}
	return end;
}

static struct node *list(struct graph *graph, const struct policy *p, uint32_t arch)
{
	const struct tuning *tuning = tuning_of(TUNE_BALANCED);
	struct node *next = end_of_list(graph, p, arch);

	for (size_t i = p->n_denials; i-- > 0;)
		if (p->denials[i].arch == arch && denial_is_stated(p, i))
			next = graph_test(graph, BPF_JEQ, (uint32_t)p->denials[i].nr,
					  graph_return(graph, p->denials[i].action), next, NULL);
	for (size_t i = p->n_calls; i-- > 0;)
		if (p->calls[i].arch == arch && call_is_stated(p, i))
			next = graph_test(graph, BPF_JEQ, (uint32_t)p->calls[i].nr,
					  plan_call(graph, p, &p->calls[i], tuning), next, NULL);
	return graph_load(graph, offsetof(struct seccomp_data, nr), next, NULL);
}

int filter_by_list(const struct policy *policy, struct filter *ret)
{
	struct graph cleanup(graph_clear) graph = { 0 };
	uint32_t arches[4];
	size_t n = policy_arches(policy, arches);
	struct node *root = graph_return(&graph, kill_process);

	while (n-- > 0)
		root = graph_test(&graph, BPF_JEQ, arches[n], list(&graph, policy, arches[n]), root,
				  NULL);
	root = graph_load(&graph, offsetof(struct seccomp_data, arch), root, NULL);
	return root ? assemble(root, ret) : -ENOMEM;
}
