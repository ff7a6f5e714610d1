/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After which event a program does not need most of its calls any more. */
#include "learner/stages.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/baseline.h"
#include "sysdb/milestones.h"
#include "sysdb/syscalls.h"

/* A call over all phases. */
struct use {
	const struct profile_call *call; /* of the last phase that it was made in */
	uint32_t after;
	bool always; /* allowed whatever was seen */
	bool forks;
};

/* What is needed from a stage on: calls of these phases, and after one of these milestones. */
struct need {
	enum phase phase;
	uint32_t after;
};

static bool is_always_allowed(const char *name)
{
	for (const struct implied_call *row = baseline_table; row->name; row++)
		if (row->when == IMPLIED_ALWAYS && strcmp(row->name, name) == 0)
			return true;
	return false;
}

static int by_number(const void *left, const void *right)
{
	const struct use *a = left, *b = right;

	if (a->call->arch != b->call->arch)
		return a->call->arch < b->call->arch ? -1 : 1;
	if (a->call->nr != b->call->nr)
		return a->call->nr < b->call->nr ? -1 : 1;
	return (a->call->phase > b->call->phase) - (a->call->phase < b->call->phase);
}

/* Each call once; *n of them, for the caller to free. NULL without memory. */
static struct use *join_phases(const struct profile_program *program, size_t *n)
{
	struct use *uses = calloc(program->calls.n + 1, sizeof(*uses));
	size_t kept = 0;

	for (size_t i = 0; uses && i < program->calls.n; i++) {
		const struct profile_call *call = program->calls.entries[i].value;
		const struct syscall_info *info = syscall_info_by_name(call->name);

		uses[i] = (struct use){ call, call->after, is_always_allowed(call->name),
					info && info->class == CLASS_FORK };
	}
	if (uses)
		qsort(uses, program->calls.n, sizeof(*uses), by_number);
	for (size_t i = 0; uses && i < program->calls.n; i++) {
		if (kept && uses[kept - 1].call->arch == uses[i].call->arch &&
		    uses[kept - 1].call->nr == uses[i].call->nr) {
			uses[i].after |= uses[kept - 1].after;
			kept--;
		}
		uses[kept++] = uses[i];
	}
	*n = kept;
	return uses;
}

static bool is_needed(const struct use *use, const struct need *need)
{
	if (use->always)
		return true;
	return need->after ? use->after & need->after : use->call->phase >= need->phase;
}

static bool drop_the_same(const struct use *uses, size_t n, const struct need *a,
			  const struct need *b)
{
	for (size_t i = 0; i < n; i++)
		if (is_needed(&uses[i], a) != is_needed(&uses[i], b))
			return false;
	return true;
}

/* What the children do that it forks after the milestone is done after it, too. */
static uint32_t with_children(const struct use *uses, size_t n, uint32_t milestone)
{
	for (size_t i = 0; i < n; i++)
		if (uses[i].forks && uses[i].after & milestone)
			return milestone | MILESTONE_FORKED;
	return milestone;
}

struct finding {
	const struct profile_program *program;
	const struct use *uses;
	size_t n_uses;
	struct need needs[STAGES_MOST];
	struct stage stages[STAGES_MOST];
	size_t n;
};

/* How many calls the program made in all from a stage on. */
static double made(const struct finding *f, const struct need *need)
{
	double sum = 0;

	for (uint32_t rest = need->after; rest; rest &= rest - 1)
		sum += (double)f->program->after[__builtin_ctz(rest)];
	for (size_t i = 0; i < f->program->calls.n && !need->after; i++) {
		const struct profile_call *call = f->program->calls.entries[i].value;

		if (call->phase >= need->phase)
			sum += (double)call->count;
	}
	return sum;
}

/* A child that was forked off after the event may pass it, too, and is counted twice then. */
static double share_of(const struct finding *f, const struct need *need)
{
	const struct need all = { PHASE_LOAD, 0 };
	double total = made(f, &all), part = made(f, need);

	return part < total ? part / total : 1;
}

static void add_stage(struct finding *f, const struct need *need, uint32_t milestone)
{
	struct stage stage = {
		.phase = need->phase,
		.milestone = milestone,
		.total = f->n_uses,
		.share = share_of(f, need),
	};

	for (size_t i = 0; i < f->n_uses; i++)
		stage.dropped += !is_needed(&f->uses[i], need);
	if (!stage.dropped || stage.dropped == f->n_uses)
		return;
	for (size_t i = 0; i < f->n; i++)
		if (drop_the_same(f->uses, f->n_uses, need, &f->needs[i]))
			return;
	f->needs[f->n] = *need;
	f->stages[f->n++] = stage;
}

static bool happened(const struct finding *f, const struct need *need)
{
	for (size_t i = 0; i < f->n_uses; i++)
		if (need->after ? f->uses[i].after & need->after
				: f->uses[i].call->phase >= need->phase)
			return true;
	return false;
}

/* Those that do not need another recording first. */
static void add_stages(struct finding *f, bool unordered)
{
	for (enum phase phase = PHASE_MAIN; phase < N_PHASES; phase++) {
		const struct need need = { phase, 0 };

		if (happened(f, &need))
			add_stage(f, &need, 0);
	}
	for (unsigned bit = 1; bit < N_MILESTONES && !unordered; bit++) {
		struct need need = { PHASE_LOAD, 1u << bit };

		if (!happened(f, &need))
			continue;
		need.after = with_children(f->uses, f->n_uses, need.after);
		add_stage(f, &need, 1u << bit);
	}
}

double stage_worth(const struct stage *stage)
{
	return (double)stage->dropped * stage->share;
}

static int by_worth(const void *left, const void *right)
{
	const struct stage *a = left, *b = right;

	if (stage_worth(a) < stage_worth(b) || stage_worth(a) > stage_worth(b))
		return stage_worth(a) < stage_worth(b) ? 1 : -1;
	if (a->milestone != b->milestone)
		return a->milestone < b->milestone ? -1 : 1;
	return (a->phase > b->phase) - (a->phase < b->phase);
}

int stages_find(const struct profile_program *program, struct stage stages[STAGES_MOST], size_t *n)
{
	struct finding f = { .n = 0 };
	auto_free struct use *uses = join_phases(program, &f.n_uses);

	if (!uses)
		return -ENOMEM;
	f.uses = uses;
	f.program = program;
	add_stages(&f, program->unordered);
	qsort(f.stages, f.n, sizeof(f.stages[0]), by_worth);
	memcpy(stages, f.stages, f.n * sizeof(f.stages[0]));
	*n = f.n;
	return 0;
}

int stages_best_call(const struct profile_program *const *programs, size_t n, struct stage *best,
		     const struct profile_program **whose)
{
	*best = (struct stage){ .dropped = 0 };
	*whose = NULL;
	for (size_t p = 0; p < n; p++) {
		struct stage stages[STAGES_MOST];
		size_t n_stages = 0;

		if (stages_find(programs[p], stages, &n_stages) < 0)
			return -ENOMEM;
		for (size_t i = 0; i < n_stages; i++) {
			if (!stages[i].milestone || stage_worth(&stages[i]) <= stage_worth(best))
				continue;
			*best = stages[i];
			*whose = programs[p];
		}
	}
	return 0;
}
