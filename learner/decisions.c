/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided by trying, carried out on a policy. */
#include "learner/decisions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "learner/application.h"
#include "learner/checks.h"
#include "learner/path_rights.h"
#include "sysdb/argspecs.h"
#include "sysdb/landlock.h"

int decision_bad(const struct profile_decision *d)
{
	return diag(-EINVAL, "the profile's decision about the %s '%s%s%s' cannot be understood",
		    decision_kind_name(d->kind), d->name, *d->detail ? " " : "", d->detail);
}

bool decision_holds(struct application *a, uint64_t count)
{
	if ((count ? count : a->weight) <= a->decision->covers)
		return true;
	a->past = true;
	return false;
}

int decision_add_reason(char **why, const char *what, const char *reason)
{
	char *longer;

	if (asprintf(&longer, "%s; %s%s", *why, what, reason) < 0)
		return -ENOMEM;
	free(*why);
	*why = longer;
	return 0;
}

int decision_add_need(const struct application *a, char **why)
{
	return decision_add_reason(why, "needed: ", a->decision->why);
}

bool decision_drops(const struct application *a)
{
	return a->decision->verdict == VERDICT_DROPPED;
}

/* ---- calls ---- */

/* Takes out call I and, where it has an answer of its own, says which. */
static int drop_call(struct application *a, size_t i)
{
	struct policy_call *call = &a->policy->calls[i];
	struct action action;

	if (*a->decision->answer) {
		if (action_parse(a->decision->answer, &action) < 0)
			return decision_bad(a->decision);
		if (!policy_add_denial(a->policy, call->arch, call->nr, call->name, action,
				       a->decision->why))
			return -ENOMEM;
	}
	policy_drop_call(a->policy, i);
	return 0;
}

static int apply_call(struct application *a)
{
	int r = 0;

	for (size_t i = a->policy->n_calls; i-- > 0 && r == 0;) {
		struct policy_call *call = &a->policy->calls[i];

		if (strcmp(call->name, a->decision->name) != 0)
			continue;
		if (!decision_drops(a))
			r = decision_add_need(a, &call->why);
		else if (decision_holds(a, call->count))
			r = drop_call(a, i);
	}
	return r;
}

/* ---- arguments ---- */

/* "cmd=F_SETLK", "prot&PROT_EXEC": one value, or one bit of a mask. */
struct argument {
	unsigned index;
	bool bit;
	uint64_t value;
};

static int parse_argument(const struct profile_decision *d, struct argument *ret)
{
	size_t length = strcspn(d->detail, "=&"), n;
	const struct argspec *specs = argspecs_of(d->name, &n);

	for (size_t i = 0; d->detail[length] && i < n; i++) {
		if (strlen(specs[i].arg) != length || strncmp(specs[i].arg, d->detail, length) != 0)
			continue;
		*ret = (struct argument){ .index = specs[i].index,
					  .bit = d->detail[length] == '&' };
		if (argspec_parse(&specs[i], d->detail + length + 1, &ret->value) == 0)
			return 0;
	}
	return decision_bad(d);
}

static struct policy_check *find_check(struct policy_call *call, unsigned index)
{
	for (size_t i = 0; i < call->n_checks; i++)
		if (call->checks[i].index == index)
			return &call->checks[i];
	return NULL;
}

static uint64_t count_of(const struct policy_check *check, uint64_t value)
{
	for (size_t i = 0; i < check->n_values; i++)
		if (check->values[i] == value)
			return check->counts[i];
	return 0;
}

/* 1 when nothing is left of the check, else 0; -ENOMEM. */
static int drop_argument(struct application *a, const struct policy_call *call,
			 struct policy_check *check, const struct argument *arg)
{
	if (arg->bit != (check->kind == CHECK_MASK) || !policy_check_holds(check, arg->value) ||
	    !decision_holds(a, arg->bit ? call->count : count_of(check, arg->value)))
		return 0;
	if (!arg->bit)
		return check_deny_value((struct policy_call *)call, arg->index, arg->value);
	check->mask &= ~arg->value;
	return 0;
}

static int apply_argument(struct application *a)
{
	struct argument arg = { 0 };
	int r = parse_argument(a->decision, &arg);

	if (!decision_drops(a)) /* a check has no reason of its own */
		return r;
	for (size_t i = a->policy->n_calls; i-- > 0 && r == 0;) {
		struct policy_call *call = &a->policy->calls[i];
		struct policy_check *check = find_check(call, arg.index);

		if (!check || strcmp(call->name, a->decision->name) != 0)
			continue;
		r = drop_argument(a, call, check, &arg);
		if (r > 0) {
			policy_drop_call(a->policy, i);
			r = 0;
		}
	}
	return r;
}

/* ---- paths ---- */

static const char right_prefix[] = "LANDLOCK_ACCESS_FS_";

static int parse_right(const struct profile_decision *d, uint32_t *ret)
{
	if (!*d->detail) {
		*ret = UINT32_MAX;
		return 0;
	}
	for (const struct landlock_right *r = landlock_table; r->name; r++)
		if (r->field == LL_FIELD_FS &&
		    strcmp(r->name + strlen(right_prefix), d->detail) == 0) {
			*ret = r->bit;
			return 0;
		}
	return decision_bad(d);
}

/* What needs a right that is not there any more cannot be done. */
static void drop_rights(struct policy_path *path, uint32_t rights)
{
	uint32_t effects = path->effects;

	path->rights &= ~rights;
	for (uint32_t rest = effects; rest; rest &= rest - 1) {
		uint32_t effect = rest & -rest;

		if (path_rights_own(effect) & ~path->rights)
			path->effects &= ~effect;
	}
}

static int apply_path(struct application *a)
{
	uint32_t rights = 0;
	int r = parse_right(a->decision, &rights);

	for (size_t i = a->policy->n_paths; i-- > 0 && r == 0;) {
		struct policy_path *path = &a->policy->paths[i];

		if (strcmp(path->path, a->decision->name) != 0)
			continue;
		if (!decision_drops(a)) {
			r = *a->decision->detail ? 0 : decision_add_need(a, &path->why);
			continue;
		}
		if (!decision_holds(a, path->count))
			continue;
		drop_rights(path, rights);
		if (rights == UINT32_MAX || !(path->rights | path->effects))
			policy_drop_path(a->policy, i);
	}
	return r;
}

static int (*const appliers[N_DECISION_KINDS])(struct application *a) = {
	[DECISION_CALL] = apply_call,
	[DECISION_ARGUMENT] = apply_argument,
	[DECISION_PATH] = apply_path,
	[DECISION_PORT] = decision_apply_port,
	[DECISION_FAMILY] = decision_apply_family,
	[DECISION_SCOPE] = decision_apply_scope,
	[DECISION_CAPABILITY] = decision_apply_capability,
	[DECISION_LIMIT] = decision_apply_limit,
};

/* ---- all of them ---- */

static int note_past(const struct application *a)
{
	const struct profile_decision *d = a->decision;

	return policy_add_note(a->policy, NOTE_EVIDENCE,
			       "the %s '%s%s%s' is allowed again: there is evidence that the "
			       "decision to do without it does not cover; refine again",
			       decision_kind_name(d->kind), d->name, *d->detail ? " " : "",
			       d->detail);
}

int decisions_apply(const struct profile *decided, uint64_t weight, const struct wishes *wishes,
		    struct policy *policy)
{
	auto_free struct profile_decision **list = profile_sorted(&decided->decisions);
	int r = list ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < decided->decisions.n; i++) {
		struct application a = { list[i], weight, policy, false };

		if (wishes &&
		    (wishes_protect(wishes, list[i]) || wishes_forbid(wishes, list[i])))
			continue;
		r = appliers[list[i]->kind](&a);
		if (r == 0 && a.past)
			r = note_past(&a);
	}
	return r;
}
