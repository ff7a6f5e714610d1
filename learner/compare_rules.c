/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paths that a program needs and the older policy does not give. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/map.h"
#include "learner/alike.h"
#include "learner/comparison.h"
#include "sysdb/effects.h"

/* The rules of a policy, to be found by their paths and by what these are alike to. */
struct rules {
	const struct policy *policy;
	struct map by_path;  /* the rule's number plus one */
	struct map by_shape; /* the same, of the last rule of this shape */
	size_t *before;      /* by number: the rule of this shape before that, plus one; or 0 */
};

static size_t number_of(const struct map *map, const char *key, size_t length)
{
	return (size_t)(uintptr_t)map_get(map, key, length);
}

static int put_shape(struct rules *rules, size_t number)
{
	auto_free char *shape = path_shape(rules->policy->paths[number - 1].path);
	size_t length = shape ? strlen(shape) : 0;

	if (!shape)
		return -ENOMEM;
	rules->before[number - 1] = (size_t)(uintptr_t)map_remove(&rules->by_shape, shape, length);
	return map_put(&rules->by_shape, shape, length, (void *)(uintptr_t)number);
}

static int put(struct rules *rules, size_t number)
{
	const char *path = rules->policy->paths[number - 1].path;
	int r = put_shape(rules, number);

	if (r == 0 && !map_get(&rules->by_path, path, strlen(path)))
		r = map_put(&rules->by_path, path, strlen(path), (void *)(uintptr_t)number);
	return r;
}

static void rules_clear(struct rules *rules)
{
	map_clear(&rules->by_path, NULL);
	map_clear(&rules->by_shape, NULL);
	free(rules->before);
}

static int rules_init(struct rules *rules, const struct policy *policy)
{
	int r = 0;

	*rules = (struct rules){ .policy = policy };
	rules->before = calloc(policy->n_paths + 1, sizeof(*rules->before));
	if (!rules->before)
		return -ENOMEM;
	for (size_t i = 0; i < policy->n_paths && r == 0; i++)
		r = put(rules, i + 1);
	return r;
}

/* What landlock gives no right for, and so must have been seen itself. */
#define ONLY_SEEN (PATH_CONNECT | PATH_METADATA | PATH_CHDIR | PATH_ROOT | PATH_MOUNT | PATH_WATCH)

/* What rules let happen at a path. */
struct given {
	uint32_t rights, seen;
};

static void give(struct given *given, const struct policy_path *rule)
{
	given->rights |= rule->rights;
	/* Who may write all below a directory may be let do there what it did. */
	given->seen |= rule->directory && rule->rights ? ONLY_SEEN : rule->effects;
}

/* The rule for PATH itself, and those for directories that it is in. */
static void give_above(struct given *given, const struct rules *rules, const char *path)
{
	for (size_t length = strlen(path); length; length--) {
		size_t number;

		if (length > 1 && path[length] && path[length] != '/')
			continue;
		number = number_of(&rules->by_path, path, length);
		if (number && (!path[length] || rules->policy->paths[number - 1].directory))
			give(given, &rules->policy->paths[number - 1]);
	}
}

/* 0 or -ENOMEM. */
static int give_alike(struct given *given, const struct rules *rules, const char *path)
{
	auto_free char *shape = path_shape(path);
	size_t number = shape ? number_of(&rules->by_shape, shape, strlen(shape)) : 0;

	for (; number; number = rules->before[number - 1])
		if (paths_alike(rules->policy->paths[number - 1].path, path))
			give(given, &rules->policy->paths[number - 1]);
	return shape ? 0 : -ENOMEM;
}

/* Whether the rules let all happen at the path that a rule of the new policy is for; -ENOMEM. */
static int is_covered(const struct rules *rules, const struct policy_path *path)
{
	struct given given = { 0, 0 };
	int r = give_alike(&given, rules, path->path);

	give_above(&given, rules, path->path);
	return r < 0 ? r
		     : !(path->rights & ~given.rights) &&
			       !(path->effects & ONLY_SEEN & ~given.seen);
}

int compare_path_rules(struct comparison *c)
{
	struct rules cleanup(rules_clear) rules;
	int r = rules_init(&rules, c->old.policy);

	for (size_t i = 0; i < c->new.policy->n_paths && r >= 0; i++) {
		const struct policy_path *path = &c->new.policy->paths[i];

		r = is_covered(&rules, path);
		if (r == 0)
			r = compare_add(c, NEED_PATH, strdup(path->path), "%s", path->why);
	}
	return r < 0 ? r : 0;
}
