/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Path rules in the making: one a path, with the landlock rights that it gives. */
#ifndef LEARN_LEARNER_PATH_RULES_H
#define LEARN_LEARNER_PATH_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "policy/policy.h"

struct path_rule {
	uint32_t rights, effects; /* LL_*, PATH_* */
	uint64_t count;
	bool directory;
	const char *example; /* a path below that the rule is for, or NULL; borrowed */
	size_t n_examples;   /* how many such paths */
	char path[];
};

/* By path, with its NUL. Free with map_clear(rules, free). */
struct path_rules {
	struct map rules;
};

/* The rule for the first LENGTH bytes of PATH, made when it is not there; NULL without memory. */
struct path_rule *path_rules_at(struct path_rules *rules, const char *path, size_t length);

/*
 * Landlock lets a file move only to where it has no more rights than it had (landlock(7),
 * LANDLOCK_ACCESS_FS_REFER). Which moved where is not in the evidence: all directories that take
 * part get the same rights on files, and on directories too where DIRECTORIES move.
 */
void path_rules_level_moves(struct path_rules *rules, bool directories);

/* So many files of a directory have rules of their own; of more, the directory stands for all. */
#define MOST_FILES 24

/*
 * Gives a directory the rights that more than MOST_FILES files right in it have, unless it is too
 * wide. 0 or -ENOMEM.
 */
int path_rules_join_siblings(struct path_rules *rules);

/*
 * Adds the rules to POLICY, but for those that a directory above makes needless, with a note for
 * each that covers more than a person may expect. 0 or -ENOMEM.
 */
int path_rules_to_policy(struct path_rules *rules, struct policy *policy);

/* A directory too wide to be given silently: /, /etc, a home directory. */
bool path_is_wide(const char *path);
/* The length of the directory's name: "/a/b" 2, "/a" 1. */
size_t path_parent_length(const char *path, size_t length);

#endif
