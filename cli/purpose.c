/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is denied on purpose: by a rule with its own answer, or because refining dropped it. */
#include "cli/purpose.h"

#include <string.h>

static const char *why_by_rule(const struct policy *policy, const struct denial *d)
{
	for (size_t i = 0; i < policy->n_denials; i++)
		if (policy->denials[i].arch == d->call.arch && policy->denials[i].nr == d->call.nr)
			return policy->denials[i].why;
	return "newer than all calls that are known";
}

static bool reaches(const struct policy_path *rule, const char *path)
{
	const size_t n = strlen(rule->path);

	return strncmp(rule->path, path, n) == 0 &&
	       (!path[n] || path[n] == '/' || rule->path[n - 1] == '/');
}

static bool gives_rights(const struct policy *policy, const struct denial *d)
{
	uint32_t rights = 0;

	for (size_t i = 0; i < policy->n_paths; i++)
		if (reaches(&policy->paths[i], d->path))
			rights |= policy->paths[i].rights;
	return !(d->rights & ~rights);
}

static bool gives_port(const struct policy *policy, const struct denial *d)
{
	for (size_t i = 0; i < policy->n_ports; i++)
		if (policy->ports[i].port == d->port && policy->ports[i].bind == d->bind)
			return true;
	return false;
}

static const struct policy_limit *find_limit(const struct policy *policy, int resource)
{
	for (size_t i = 0; i < policy->n_limits; i++)
		if (policy->limits[i].resource == resource)
			return &policy->limits[i];
	return NULL;
}

/* A limit that is lower than it would be, and as low as the one in force. */
static bool is_lowered(const struct purpose *purpose, const struct denial *d)
{
	const struct policy_limit *now = find_limit(purpose->policy, d->resource);
	const struct policy_limit *before = find_limit(purpose->undecided, d->resource);

	return now && now->value <= d->limit && (!before || before->value > now->value);
}

bool purpose_is_refined(const struct purpose *purpose, const struct denial *d)
{
	const struct policy *undecided = purpose->undecided;

	if (!undecided)
		return false;
	switch (d->kind) {
	case DENIAL_CALL:
	case DENIAL_ARGUMENT:
		return policy_decide(undecided, d->call.arch, d->call.nr, d->call.args).kind ==
		       ACTION_ALLOW;
	case DENIAL_PATH:
		return gives_rights(undecided, d);
	case DENIAL_PORT:
		return gives_port(undecided, d);
	case DENIAL_LIMIT:
		return is_lowered(purpose, d);
	case DENIAL_SCOPE: /* no decision is about these */
		return false;
	}
	return false;
}

const char *purpose_of(const struct purpose *purpose, const struct denial *d)
{
	const struct profile_decision *decision;

	if (purpose_is_refined(purpose, d)) {
		decision = profile_decision(purpose->profile, DECISION_CALL, d->name, "");
		return decision && decision->verdict == VERDICT_DROPPED
			       ? decision->why
			       : "the test passed without";
	}
	return d->by_rule ? why_by_rule(purpose->policy, d) : NULL;
}
