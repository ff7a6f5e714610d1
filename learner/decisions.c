/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided by trying, carried out on a policy. */
#include "learner/decisions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/parse.h"
#include "learner/checks.h"
#include "learner/path_rights.h"
#include "sysdb/argspecs.h"
#include "sysdb/landlock.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

struct application {
	const struct profile_decision *decision; /* in hand */
	uint64_t weight;
	struct policy *policy;
	bool past; /* there is evidence that the decision does not cover */
};

static int bad(const struct profile_decision *d)
{
	return diag(-EINVAL, "the profile's decision about the %s '%s%s%s' cannot be understood",
		    decision_kind_name(d->kind), d->name, *d->detail ? " " : "", d->detail);
}

/* Whether the decision holds for a rule that was seen COUNT times, 0: that is not counted. */
static bool holds(struct application *a, uint64_t count)
{
	if ((count ? count : a->weight) <= a->decision->covers)
		return true;
	a->past = true;
	return false;
}

/* 0 or -ENOMEM. */
static int add_reason(char **why, const char *what, const char *reason)
{
	char *longer;

	if (asprintf(&longer, "%s; %s%s", *why, what, reason) < 0)
		return -ENOMEM;
	free(*why);
	*why = longer;
	return 0;
}

static int add_need(const struct application *a, char **why)
{
	return add_reason(why, "needed: ", a->decision->why);
}

static bool is_dropped(const struct application *a)
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
			return bad(a->decision);
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
		if (!is_dropped(a))
			r = add_need(a, &call->why);
		else if (holds(a, call->count))
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
	return bad(d);
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
	    !holds(a, arg->bit ? call->count : count_of(check, arg->value)))
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

	if (!is_dropped(a)) /* a check has no reason of its own */
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
	return bad(d);
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
		if (!is_dropped(a)) {
			r = *a->decision->detail ? 0 : add_need(a, &path->why);
			continue;
		}
		if (!holds(a, path->count))
			continue;
		drop_rights(path, rights);
		if (rights == UINT32_MAX || !(path->rights | path->effects))
			policy_drop_path(a->policy, i);
	}
	return r;
}

/* ---- the network ---- */

static int apply_port(struct application *a)
{
	const struct profile_decision *d = a->decision;
	bool bind = strcmp(d->detail, "bind") == 0;
	uint64_t number;
	int r = parse_u64(d->name, UINT16_MAX, &number);

	if (r < 0 || (!bind && strcmp(d->detail, "connect") != 0))
		return bad(d);
	for (size_t i = a->policy->n_ports; i-- > 0 && r == 0;) {
		struct policy_port *port = &a->policy->ports[i];

		if (port->port != number || port->bind != bind)
			continue;
		if (!is_dropped(a))
			r = add_need(a, &port->why);
		else if (holds(a, port->count))
			policy_drop_port(a->policy, i);
	}
	return r;
}

/* The calls whose first argument is an address family. */
static bool makes_socket(const struct policy_call *call)
{
	return strcmp(call->name, "socket") == 0 || strcmp(call->name, "socketpair") == 0;
}

static int drop_family(struct policy *policy, int family)
{
	for (size_t i = policy->n_calls; i-- > 0;) {
		struct policy_call *call = &policy->calls[i];
		int r = makes_socket(call) ? check_deny_value(call, 0, (unsigned)family) : 0;

		if (r == -ENOMEM)
			return r;
		if (r > 0)
			policy_drop_call(policy, i);
	}
	return 0;
}

static int apply_family(struct application *a)
{
	int family, r = name_parse(NAME_FAMILY, a->decision->name, &family);

	if (r < 0)
		return bad(a->decision);
	for (size_t i = a->policy->n_families; i-- > 0 && r == 0;) {
		struct policy_family *entry = &a->policy->families[i];

		if (entry->family != family)
			continue;
		if (!is_dropped(a)) {
			r = add_need(a, &entry->why);
		} else if (holds(a, entry->count)) {
			policy_drop_family(a->policy, i);
			r = drop_family(a->policy, family);
		}
	}
	return r;
}

/* ---- the rest ---- */

static int apply_capability(struct application *a)
{
	cap_value_t capability;
	int r = 0;

	if (cap_from_name(a->decision->name, &capability) < 0)
		return bad(a->decision);
	for (size_t i = a->policy->n_capabilities; i-- > 0 && r == 0;) {
		struct policy_capability *entry = &a->policy->capabilities[i];

		if (entry->capability != (int)capability)
			continue;
		if (!is_dropped(a))
			r = add_need(a, &entry->why);
		else if (holds(a, 0))
			policy_drop_capability(a->policy, i);
	}
	return r;
}

static int lower_limit(struct application *a, struct policy_limit *limit)
{
	uint64_t value;

	if (parse_u64(a->decision->answer, UINT64_MAX, &value) < 0)
		return bad(a->decision);
	if (!holds(a, 0) || value >= limit->value)
		return 0;
	limit->value = value;
	return add_reason(&limit->why, "lowered: ", a->decision->why);
}

static int apply_limit(struct application *a)
{
	const struct rlimit_info *info = rlimit_by_name(a->decision->name);
	int r = 0;

	if (!info)
		return bad(a->decision);
	for (size_t i = 0; i < a->policy->n_limits && r == 0; i++) {
		struct policy_limit *limit = &a->policy->limits[i];

		if (limit->resource != info->resource)
			continue;
		r = a->decision->verdict == VERDICT_LOWERED ? lower_limit(a, limit)
							    : add_need(a, &limit->why);
	}
	return r;
}

static int (*const appliers[N_DECISION_KINDS])(struct application *a) = {
	[DECISION_CALL] = apply_call,	  [DECISION_ARGUMENT] = apply_argument,
	[DECISION_PATH] = apply_path,	  [DECISION_PORT] = apply_port,
	[DECISION_FAMILY] = apply_family, [DECISION_CAPABILITY] = apply_capability,
	[DECISION_LIMIT] = apply_limit,
};

/* ---- all of them ---- */

static int note_past(const struct application *a)
{
	const struct profile_decision *d = a->decision;

	return policy_add_note(a->policy,
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

		if (wishes && wishes_protect(wishes, list[i]))
			continue;
		r = appliers[list[i]->kind](&a);
		if (r == 0 && a.past)
			r = note_past(&a);
	}
	return r;
}
