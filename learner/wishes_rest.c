/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's own words carried out for all but calls: paths, ports, scopes, limits ... */
#include "learner/wishes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/decision.h"
#include "learner/path_rights.h"
#include "sysdb/landlock.h"

static const char by_hand[] = "allowed by hand (--allow)";

/* Says in WHY, of a rule that was there, that a person widened it. 0 or -ENOMEM. */
static int add_reason(char **why)
{
	char *longer;

	if (strstr(*why, by_hand))
		return 0;
	if (asprintf(&longer, "%s; more %s", *why, by_hand) < 0)
		return -ENOMEM;
	free(*why);
	*why = longer;
	return 0;
}

/* ---- paths ---- */

static uint32_t rights_of(const struct wish *wish, bool directory)
{
	uint32_t rights = path_rights_own(wish->effects) | path_rights_parent(wish->effects);

	/* What is no directory loses the right to list it again (enforcer/confine_files.c). */
	return directory ? rights : rights & (LL_FILE_RIGHTS | LL_READ_DIR);
}

/* Whether PATH is DIRECTORY or below it. */
static bool is_within(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	if (strcmp(directory, "/") == 0)
		return true;
	return strncmp(path, directory, length) == 0 && (!path[length] || path[length] == '/');
}

static struct policy_path *find_path(struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->n_paths; i++)
		if (strcmp(policy->paths[i].path, name) == 0)
			return &policy->paths[i];
	return NULL;
}

static int allow_path(struct policy *policy, const struct wish *wish)
{
	struct policy_path *path = find_path(policy, wish->name);
	int r = path ? add_reason(&path->why) : 0;

	if (!path)
		path = policy_add_path(policy, wish->name, by_hand);
	if (!path || r < 0)
		return -ENOMEM;
	path->directory = path->directory || wish->directory;
	path->rights |= rights_of(wish, path->directory);
	path->effects |= wish->effects;
	return 0;
}

/* Landlock has no rule that takes away: what a directory above gives is given. */
static int note_above(struct policy *policy, const struct wish *wish,
		      const struct policy_path *above)
{
	return policy_add_note(policy, NOTE_READ_PATHS,
			       "--deny=path:%s: landlock cannot take away what the rule for %s "
			       "gives to everything below",
			       wish->name, above->path);
}

static int deny_path(struct policy *policy, const struct wish *wish)
{
	uint32_t rights = rights_of(wish, true);
	int r = 0;

	for (size_t i = policy->n_paths; i-- > 0 && r == 0;) {
		struct policy_path *path = &policy->paths[i];

		if (is_within(path->path, wish->name)) {
			path->effects &= ~wish->effects;
			path->rights &= ~rights;
			if (!path->effects)
				policy_drop_path(policy, i);
		} else if (path->directory && (path->rights & rights) &&
			   is_within(wish->name, path->path)) {
			r = note_above(policy, wish, path);
		}
	}
	return r;
}

/* ---- ports and families ---- */

static int change_port(struct policy *policy, const struct wish *wish)
{
	for (size_t i = 0; i < policy->n_ports; i++) {
		if (policy->ports[i].port != wish->port || policy->ports[i].bind != wish->bind)
			continue;
		if (wish->deny)
			policy_drop_port(policy, i);
		return 0;
	}
	if (wish->deny)
		return 0;
	return policy_add_port(policy, wish->port, wish->bind, by_hand) ? 0 : -ENOMEM;
}

static int change_family(struct policy *policy, const struct wish *wish)
{
	for (size_t i = 0; i < policy->n_families; i++) {
		if (policy->families[i].family != wish->family)
			continue;
		if (wish->deny)
			policy_drop_family(policy, i);
		return 0;
	}
	if (wish->deny)
		return 0;
	return policy_add_family(policy, wish->family, by_hand) ? 0 : -ENOMEM;
}

/* ---- scopes, capabilities, limits ---- */

static int change_scope(struct policy *policy, const struct wish *wish)
{
	policy->scopes = wish->deny ? policy->scopes | wish->scope : policy->scopes & ~wish->scope;
	return 0;
}

static int change_capability(struct policy *policy, const struct wish *wish)
{
	if (!wish->deny)
		return policy_add_capability(policy, wish->capability, false, by_hand);
	for (size_t i = policy->n_capabilities; i-- > 0;)
		if (policy->capabilities[i].capability == wish->capability)
			policy_drop_capability(policy, i);
	return 0;
}

static struct policy_limit *find_limit(struct policy *policy, int resource)
{
	for (size_t i = 0; i < policy->n_limits; i++)
		if (policy->limits[i].resource == resource)
			return &policy->limits[i];
	return NULL;
}

/* What is allowed raises a limit and makes none. */
static int allow_limit(struct policy *policy, const struct wish *wish)
{
	struct policy_limit *limit = find_limit(policy, wish->resource);

	if (!limit || limit->value >= wish->limit)
		return 0;
	if (wish->limit == UINT64_MAX) {
		policy_drop_limit(policy, (size_t)(limit - policy->limits));
		return 0;
	}
	limit->value = wish->limit;
	return add_reason(&limit->why);
}

static int deny_limit(struct policy *policy, const struct wish *wish)
{
	struct policy_limit *limit = find_limit(policy, wish->resource);

	if (limit && limit->value <= wish->limit)
		return 0;
	if (!limit)
		limit = policy_add_limit(policy, wish->resource, "limited by hand (--deny)");
	if (!limit)
		return -ENOMEM;
	limit->value = wish->limit;
	return 0;
}

static int change_limit(struct policy *policy, const struct wish *wish)
{
	return wish->deny ? deny_limit(policy, wish) : allow_limit(policy, wish);
}

static int change(struct policy *policy, const struct wish *wish)
{
	switch (wish->kind) {
	case WISH_PATH:
		return wish->deny ? deny_path(policy, wish) : allow_path(policy, wish);
	case WISH_PORT:
		return change_port(policy, wish);
	case WISH_FAMILY:
		return change_family(policy, wish);
	case WISH_SCOPE:
		return change_scope(policy, wish);
	case WISH_CAPABILITY:
		return change_capability(policy, wish);
	case WISH_LIMIT:
		return change_limit(policy, wish);
	case WISH_CALL:
	case WISH_ARGUMENT:
		return 0;
	}
	return 0;
}

int wishes_change_rest(struct decision *d)
{
	int r = 0;

	for (size_t i = 0; i < d->wishes.n && r == 0; i++)
		r = change(d->policy, &d->wishes.list[i]);
	return r;
}
