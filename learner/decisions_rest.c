/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided about other things than calls and paths, carried out on a policy. */
#include "learner/application.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "learner/checks.h"
#include "sysdb/landlock.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

/* ---- the network ---- */

int decision_apply_port(struct application *a)
{
	const struct profile_decision *d = a->decision;
	bool bind = strcmp(d->detail, "bind") == 0;
	uint64_t number;
	int r = parse_u64(d->name, UINT16_MAX, &number);

	if (r < 0 || (!bind && strcmp(d->detail, "connect") != 0))
		return decision_bad(d);
	for (size_t i = a->policy->n_ports; i-- > 0 && r == 0;) {
		struct policy_port *port = &a->policy->ports[i];

		if (port->port != number || port->bind != bind)
			continue;
		if (!decision_drops(a))
			r = decision_add_need(a, &port->why);
		else if (decision_holds(a, port->count))
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

int decision_apply_family(struct application *a)
{
	int family, r = name_parse(NAME_FAMILY, a->decision->name, &family);

	if (r < 0)
		return decision_bad(a->decision);
	for (size_t i = a->policy->n_families; i-- > 0 && r == 0;) {
		struct policy_family *entry = &a->policy->families[i];

		if (entry->family != family)
			continue;
		if (!decision_drops(a)) {
			r = decision_add_need(a, &entry->why);
		} else if (decision_holds(a, entry->count)) {
			policy_drop_family(a->policy, i);
			r = drop_family(a->policy, family);
		}
	}
	return r;
}

/* ---- scopes ---- */

/* To do without a reach is to confine it. */
int decision_apply_scope(struct application *a)
{
	uint32_t scope = landlock_scope_parse(a->decision->name);

	if (!scope)
		return decision_bad(a->decision);
	if (decision_drops(a) && !(a->policy->scopes & scope) && decision_holds(a, 0))
		a->policy->scopes |= scope;
	return 0;
}

/* ---- the rest ---- */

/* What is needed need not have been seen: few calls tell which capability they make use of. */
static int add_capability(const struct application *a, int capability)
{
	auto_free char *why = NULL;

	if (asprintf(&why, "needed: %s", a->decision->why) < 0)
		return -ENOMEM;
	return policy_add_capability(a->policy, capability, false, why);
}

int decision_apply_capability(struct application *a)
{
	cap_value_t capability;

	if (cap_from_name(a->decision->name, &capability) < 0)
		return decision_bad(a->decision);
	for (size_t i = 0; i < a->policy->n_capabilities; i++) {
		struct policy_capability *entry = &a->policy->capabilities[i];

		if (entry->capability != (int)capability)
			continue;
		if (!decision_drops(a))
			return decision_add_need(a, &entry->why);
		if (decision_holds(a, 0))
			policy_drop_capability(a->policy, i);
		return 0;
	}
	return decision_drops(a) ? 0 : add_capability(a, (int)capability);
}

static int lower_limit(struct application *a, struct policy_limit *limit)
{
	uint64_t value;

	if (parse_u64(a->decision->answer, UINT64_MAX, &value) < 0)
		return decision_bad(a->decision);
	if (!decision_holds(a, 0) || value >= limit->value)
		return 0;
	limit->value = value;
	return decision_add_reason(&limit->why, "lowered: ", a->decision->why);
}

int decision_apply_limit(struct application *a)
{
	const struct rlimit_info *info = rlimit_by_name(a->decision->name);
	int r = 0;

	if (!info)
		return decision_bad(a->decision);
	for (size_t i = 0; i < a->policy->n_limits && r == 0; i++) {
		struct policy_limit *limit = &a->policy->limits[i];

		if (limit->resource != info->resource)
			continue;
		r = a->decision->verdict == VERDICT_LOWERED ? lower_limit(a, limit)
							    : decision_add_need(a, &limit->why);
	}
	return r;
}
