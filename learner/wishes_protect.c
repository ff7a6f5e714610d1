/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's own words outrank what was decided by trying. */
#include "learner/wishes.h"

#include <string.h>
#include <sys/capability.h>

#include "base/parse.h"
#include "sysdb/landlock.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

static bool is_about_port(const struct wish *wish, const struct profile_decision *d)
{
	uint64_t port;

	return parse_u64(d->name, UINT16_MAX, &port) == 0 && port == wish->port &&
	       (strcmp(d->detail, "bind") == 0) == wish->bind;
}

static bool is_about_family(const struct wish *wish, const struct profile_decision *d)
{
	int family;

	return name_parse(NAME_FAMILY, d->name, &family) == 0 && family == wish->family;
}

static bool is_about_capability(const struct wish *wish, const struct profile_decision *d)
{
	cap_value_t capability;

	return cap_from_name(d->name, &capability) == 0 && (int)capability == wish->capability;
}

/* A call that is allowed is allowed whole, and for a value of it the call is needed. */
static bool is_about(const struct wish *wish, const struct profile_decision *d)
{
	switch (wish->kind) {
	case WISH_CALL:
	case WISH_ARGUMENT:
		return (d->kind == DECISION_CALL || d->kind == DECISION_ARGUMENT) &&
		       strcmp(d->name, wish->name) == 0;
	case WISH_PATH:
		return d->kind == DECISION_PATH && strcmp(d->name, wish->name) == 0;
	case WISH_PORT:
		return d->kind == DECISION_PORT && is_about_port(wish, d);
	case WISH_FAMILY:
		return d->kind == DECISION_FAMILY && is_about_family(wish, d);
	case WISH_CAPABILITY:
		return d->kind == DECISION_CAPABILITY && is_about_capability(wish, d);
	case WISH_LIMIT:
		return d->kind == DECISION_LIMIT &&
		       strcmp(d->name, rlimit_by_number(wish->resource)->name) == 0;
	case WISH_SCOPE:
		return d->kind == DECISION_SCOPE && landlock_scope_parse(d->name) == wish->scope;
	}
	return false;
}

static bool have(const struct wishes *wishes, bool deny, const struct profile_decision *decision)
{
	for (size_t i = 0; i < wishes->n; i++)
		if (wishes->list[i].deny == deny && is_about(&wishes->list[i], decision))
			return true;
	return false;
}

bool wishes_protect(const struct wishes *wishes, const struct profile_decision *decision)
{
	return have(wishes, false, decision);
}

bool wishes_forbid(const struct wishes *wishes, const struct profile_decision *decision)
{
	return decision->kind == DECISION_CAPABILITY && have(wishes, true, decision);
}
