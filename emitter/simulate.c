/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a filter costs: it is run here as the kernel would run it. */
#include "emitter/simulate.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/choices.h"

/* ---- one run ---- */

struct machine {
	const struct filter *filter;
	struct seccomp_data data;
	size_t at;
	uint32_t a; /* the register that filters have */
};

static bool test_holds(const struct sock_filter *insn, uint32_t a)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return a == insn->k;
	case BPF_JGT:
		return a > insn->k;
	case BPF_JGE:
		return a >= insn->k;
	default:
		return (a & insn->k) != 0; /* BPF_JSET */
	}
}

/* Executes an instruction and returns it; a return stays where it is. */
static const struct sock_filter *step(struct machine *m)
{
	const struct sock_filter *insn = &m->filter->insns[m->at];

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		memcpy(&m->a, (const char *)&m->data + insn->k, sizeof(m->a));
		break;
	case BPF_ALU: /* `and` is the only one that libseccomp makes, and we make none */
		m->a &= insn->k;
		break;
	case BPF_JMP:
		if (BPF_OP(insn->code) == BPF_JA)
			m->at += insn->k;
		else
			m->at += test_holds(insn, m->a) ? insn->jt : insn->jf;
		break;
	default:
		return insn;
	}
	m->at++;
	return insn;
}

static bool is_return(const struct sock_filter *insn)
{
	return BPF_CLASS(insn->code) == BPF_RET;
}

bool filter_is_remembered(const struct filter *f, uint32_t arch, int nr)
{
	struct machine m = { .filter = f, .data = { .arch = arch, .nr = nr } };
	const struct sock_filter *insn;

	do {
		insn = step(&m);
		if (BPF_CLASS(insn->code) == BPF_LD &&
		    insn->k > offsetof(struct seccomp_data, arch))
			return false;
	} while (!is_return(insn));
	return insn->k == SECCOMP_RET_ALLOW;
}

/* ---- all calls of a profile ---- */

/* A combination's share of the call, taking its arguments as independent. */
static double share_of(const struct policy_call *call, const struct choice *choice)
{
	double share = 1;

	for (size_t i = 0; i < call->n_checks; i++) {
		const struct policy_check *check = &call->checks[i];
		double total = 0;

		if (check->kind != CHECK_VALUES)
			continue;
		for (size_t k = 0; k < check->n_values; k++)
			total += (double)check->counts[k];
		share *= total > 0 ? (double)check->counts[choice->of[i]] / total
				   : 1 / (double)check->n_values;
	}
	return share;
}

static void visit(const struct filter *f, const struct policy_call *call,
		  const struct choice *choice, double weight, double *visits)
{
	struct machine m = { .filter = f, .data = { .arch = call->arch, .nr = call->nr } };
	const struct sock_filter *insn;

	for (size_t i = 0; i < call->n_checks; i++)
		if (call->checks[i].kind == CHECK_VALUES)
			m.data.args[call->checks[i].index] = call->checks[i].values[choice->of[i]];
	do {
		insn = step(&m);
		visits[insn - f->insns] += weight;
	} while (!is_return(insn));
}

static void visit_call(const struct filter *f, const struct policy_call *call, double *visits)
{
	struct choice choice = { { 0 } };

	if (call_is_impossible(call))
		return;
	do
		visit(f, call, &choice, (double)call->count * share_of(call, &choice), visits);
	while (choice_next(call, &choice));
}

void filter_count_visits(const struct filter *f, const struct policy *policy, double *visits)
{
	for (size_t i = 0; i < policy->n_calls; i++)
		if (policy->calls[i].count && call_is_stated(policy, i))
			visit_call(f, &policy->calls[i], visits);
}

/* ---- cost ---- */

/* All jumps go forward: the longest way from each instruction is known before it is asked for. */
static size_t longest_path(const struct filter *f, size_t *longest)
{
	for (size_t i = f->n; i-- > 0;) {
		const struct sock_filter *insn = &f->insns[i];
		size_t yes = i + 1, no = i + 1;

		if (BPF_CLASS(insn->code) == BPF_JMP) {
			bool always = BPF_OP(insn->code) == BPF_JA;

			yes += always ? insn->k : insn->jt;
			no += always ? insn->k : insn->jf;
		}
		longest[i] = 1;
		if (!is_return(insn))
			longest[i] += longest[yes] > longest[no] ? longest[yes] : longest[no];
	}
	return longest[0];
}

static double sum(const double *visits, size_t n)
{
	double total = 0;

	for (size_t i = 0; i < n; i++)
		total += visits[i];
	return total;
}

/* Instructions, and calls, of those that the kernel remembers ([1]) and of the others ([0]). */
struct totals {
	double steps[2], calls[2];
};

static void measure_calls(const struct filter *f, const struct policy *policy, double *visits,
			  struct totals *ret)
{
	for (size_t i = 0; i < policy->n_calls; i++) {
		const struct policy_call *call = &policy->calls[i];
		bool remembered;

		if (!call->count || !call_is_stated(policy, i) || call_is_impossible(call))
			continue;
		memset(visits, 0, f->n * sizeof(*visits));
		visit_call(f, call, visits);
		remembered = filter_is_remembered(f, call->arch, call->nr);
		ret->steps[remembered] += sum(visits, f->n);
		ret->calls[remembered] += (double)call->count;
	}
}

int filter_measure(const struct filter *f, const struct policy *policy, double remembered,
		   struct filter_cost *ret)
{
	auto_free double *visits = calloc(f->n, sizeof(*visits));
	auto_free size_t *longest = calloc(f->n, sizeof(*longest));
	struct totals t = { { 0 }, { 0 } };
	double calls;

	if (!visits || !longest)
		return -ENOMEM;
	measure_calls(f, policy, visits, &t);
	calls = t.calls[0] + t.calls[1];
	*ret = (struct filter_cost){
		.each = calls > 0 ? (t.steps[0] + t.steps[1]) / calls : 0,
		.run = t.calls[0] > 0 ? t.steps[0] / t.calls[0] : 0,
		.both = calls > 0 ? (t.steps[0] + remembered * t.steps[1]) / calls : 0,
		.share = calls > 0 ? t.calls[1] / calls : 0,
		.longest = longest_path(f, longest),
	};
	return 0;
}
