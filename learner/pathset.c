/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths seen become the paths allowed: landlock rights, and why /proc/1234 became /proc. */
#include "learner/pathset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "learner/path_names.h"
#include "learner/path_rights.h"
#include "learner/path_rules.h"
#include "sysdb/effects.h"
#include "sysdb/landlock.h"

/* ---- kinds of effects ---- */

#define CREATES                                                                                    \
	(PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK | PATH_CREATE_SOCKET |           \
	 PATH_CREATE_FIFO | PATH_CREATE_CHAR | PATH_CREATE_BLOCK)
#define REMOVES (PATH_REMOVE_FILE | PATH_REMOVE_DIR)
#define MOVES (CREATES | REMOVES | PATH_REFER)
/* What only other formats can allow or deny. */
#define UNCONFINED (PATH_CONNECT | PATH_METADATA | PATH_CHDIR | PATH_ROOT | PATH_MOUNT | PATH_WATCH)

/* ---- names that do not last ---- */

static const struct {
	const char *below; /* ends with a slash */
	const char *also;  /* a name there that is not a number and as short-lived, or NULL */
	const char *anchor;
} numbered[] = {
	{ "/proc/", "self", "/proc" },
	{ "/proc/", "thread-self", "/proc" },
	{ "/proc/", "[pid]", "/proc" }, /* as the recorder writes the number of another process */
	{ "/dev/pts/", NULL, "/dev/pts" },
};

static bool is_component(const char *path, const char *word)
{
	size_t length = strcspn(path, "/");

	return length == strlen(word) && memcmp(path, word, length) == 0;
}

static bool is_number(const char *path)
{
	size_t digits = strspn(path, "0123456789");

	return digits && (path[digits] == '/' || !path[digits]);
}

/* The directory that stands for a name that is another one in each run, or NULL. */
static const char *numbered_anchor(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbered); i++) {
		size_t length = strlen(numbered[i].below);

		if (strncmp(path, numbered[i].below, length) != 0)
			continue;
		if (is_number(path + length) ||
		    (numbered[i].also && is_component(path + length, numbered[i].also)))
			return numbered[i].anchor;
	}
	return NULL;
}

/* ---- the paths of all programs, and the rules that come of them ---- */

struct seen_path {
	const char *path;
	uint32_t effects, kinds;
	uint64_t count;
};

struct pathset {
	enum path_mode mode;
	size_t n_runs;
	struct map seen; /* struct seen_path by path */
	struct name_molds molds; /* PATHS_AUTO, of many runs */
	struct path_rules rules;
	size_t kept, made; /* paths that stay alone in a wide directory, or have no rule */
	const char *kept_example, *made_example;
};

static void clear_pathset(struct pathset *set)
{
	name_molds_clear(&set->molds);
	map_clear(&set->seen, free);
	map_clear(&set->rules.rules, free);
}

static int collect_path(struct pathset *set, const struct profile_path *path)
{
	size_t length = strlen(path->path);
	struct seen_path *seen = map_get(&set->seen, path->path, length);

	if (!seen) {
		seen = calloc(1, sizeof(*seen));
		if (!seen || map_put(&set->seen, path->path, length, seen) < 0) {
			free(seen);
			return -ENOMEM;
		}
		seen->path = path->path;
		if (set->mode == PATHS_AUTO && set->n_runs > 1 &&
		    name_molds_add(&set->molds, path->path) < 0)
			return -ENOMEM;
	}
	seen->effects |= path->effects;
	seen->kinds |= path->kinds;
	seen->count += path->count;
	return 0;
}

static int collect(struct pathset *set, const struct tally *tally)
{
	for (size_t p = 0; p < tally->n_programs; p++) {
		const struct map *paths = &tally->programs[p]->paths;

		for (size_t i = 0; i < paths->n; i++) {
			const struct profile_path *path = paths->entries[i].value;

			if (path->path[0] == '/' && tally_wants(tally, p, path->phase) &&
			    collect_path(set, path) < 0)
				return -ENOMEM;
		}
	}
	return 0;
}

/*
 * What the program changed about the entry itself. O_CREAT made nothing where a device or a pipe
 * stood each time, and the other calls fail with EEXIST on what exists, allowed or not.
 */
static uint32_t moves_of(const struct seen_path *seen)
{
	uint32_t moves = seen->effects & MOVES;

	if (!seen->kinds || (seen->kinds & KIND_MISSING) || (moves & (REMOVES | PATH_REFER)))
		return moves;
	return seen->kinds & KIND_FILE ? moves & PATH_CREATE_FILE : 0;
}

/*
 * A file that was there each time and was only opened with O_CREAT: where its directory is wide,
 * a rule for the file alone is the smaller risk.
 */
static bool stays_in_wide_directory(const struct seen_path *seen)
{
	size_t length = path_parent_length(seen->path, strlen(seen->path));
	auto_free char *parent = strndup(seen->path, length);

	return parent && seen->kinds == KIND_FILE && moves_of(seen) == PATH_CREATE_FILE &&
	       path_is_wide(parent);
}

static bool is_moved(const struct seen_path *seen)
{
	return moves_of(seen) && !stays_in_wide_directory(seen);
}

/* Of several runs each had a name of its own, or it is one that no run has twice. */
static bool changes_name(const struct pathset *set, const char *path, size_t end)
{
	size_t parent = path_parent_length(path, end), name = parent > 1 ? parent + 1 : 1;

	if (name_is_temporary(path + name, end - name))
		return true;
	return set->n_runs > 1 && name_molds_count(&set->molds, path, end) >= set->n_runs;
}

/* A name that changes, in a directory that is not too wide to stand for it. */
static bool is_fleeting(struct pathset *set, const char *path, size_t end)
{
	auto_free char *parent = NULL;

	if (set->mode != PATHS_AUTO || !changes_name(set, path, end))
		return false;
	parent = strndup(path, path_parent_length(path, end));
	if (!parent || !path_is_wide(parent))
		return true;
	set->kept++;
	set->kept_example = path;
	return false;
}

/*
 * The length of the part of PATH that stays while the program runs, and from run to run: all of
 * it, or the directory of the first entry on the way that the program makes, removes or moves, or
 * that has another name each time.
 */
static size_t lasting_length(struct pathset *set, const char *path, size_t length)
{
	for (size_t end = 2; end <= length && set->mode != PATHS_EXACT; end++) {
		const struct seen_path *entry;

		if (end < length && path[end] != '/')
			continue;
		entry = map_get(&set->seen, path, end);
		if ((entry && is_moved(entry)) || is_fleeting(set, path, end))
			return path_parent_length(path, end);
	}
	return length;
}

/* With --paths=dir a file stands for its directory, where that is not too wide. */
static size_t directory_length(struct pathset *set, const struct seen_path *seen, size_t length)
{
	size_t parent = path_parent_length(seen->path, length);
	auto_free char *name = strndup(seen->path, parent);

	if (set->mode != PATHS_DIR || length < strlen(seen->path) ||
	    (seen->kinds & KIND_DIRECTORY) || !name)
		return length;
	if (!path_is_wide(name))
		return parent;
	set->kept++;
	set->kept_example = seen->path;
	return length;
}

/* Gives RIGHTS at the part of the first LENGTH bytes of SEEN's path that lasts. */
static int give(struct pathset *set, const struct seen_path *seen, size_t length, uint32_t rights)
{
	const char *anchor = set->mode == PATHS_EXACT ? NULL : numbered_anchor(seen->path);
	const char *path = anchor ? anchor : seen->path;
	size_t lasting = anchor ? strlen(anchor) : lasting_length(set, path, length);
	struct path_rule *rule;

	if (!anchor && lasting == length)
		lasting = directory_length(set, seen, length);
	rule = path_rules_at(&set->rules, path, lasting);
	if (!rule)
		return -ENOMEM;
	rule->rights |= rights;
	rule->effects |= (seen->effects & ~(uint32_t)MOVES) | moves_of(seen);
	rule->count += seen->count;
	if (lasting == strlen(seen->path)) {
		rule->directory = rule->directory || (seen->kinds & KIND_DIRECTORY);
		return 0;
	}
	rule->directory = true;
	rule->example = rule->example && strcmp(rule->example, seen->path) < 0 ? rule->example
									      : seen->path;
	rule->n_examples++;
	return 0;
}

/*
 * --paths=exact: the directory gets what changing its entries needs, which no other path can hold,
 * and the path what was done to itself.
 */
static int give_apart(struct pathset *set, const struct seen_path *seen, uint32_t own)
{
	size_t length = strlen(seen->path);
	int r = give(set, seen, path_parent_length(seen->path, length),
		     path_rights_parent(moves_of(seen)));

	if (own && (seen->kinds & KIND_MISSING)) {
		set->made++;
		set->made_example = seen->path;
	}
	return r < 0 || !own ? r : give(set, seen, length, own);
}

/* A path that was missing each time stays missing: opening it fails as it did. */
static bool was_only_missing(const struct seen_path *seen)
{
	return seen->kinds == KIND_MISSING && !moves_of(seen);
}

static int add_rules_for(struct pathset *set, const struct seen_path *seen)
{
	size_t length = strlen(seen->path);
	uint32_t own = path_rights_own(seen->effects);

	if (was_only_missing(seen))
		return 0;
	if (seen->kinds == KIND_DIRECTORY)
		own &= ~(uint32_t)LL_FILE_RIGHTS;
	if (is_moved(seen) && set->mode == PATHS_EXACT)
		return give_apart(set, seen, own);
	if (is_moved(seen))
		return give(set, seen, path_parent_length(seen->path, length),
			    own | path_rights_parent(moves_of(seen)));
	return own || (seen->effects & UNCONFINED) ? give(set, seen, length, own) : 0;
}

/* Whether directories are among what moves from one directory to another. */
static bool directories_move(const struct pathset *set)
{
	for (size_t i = 0; i < set->seen.n; i++) {
		const struct seen_path *seen = set->seen.entries[i].value;

		if ((seen->effects & PATH_REFER) &&
		    ((seen->kinds & KIND_DIRECTORY) || (seen->effects & PATH_CREATE_DIR)))
			return true;
	}
	return false;
}

/* ---- the view of the file system ---- */

/* Calls that landlock denies to everything that it confines (security/landlock/fs.c). */
static const char *const mount_calls[] = {
	"mount", "umount", "umount2", "move_mount", "pivot_root", "fsconfig",
};

/* Whether the policy lets a call through that can succeed. */
static bool can_work(const struct tally *tally, const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->n_calls; i++)
		if (strcmp(policy->calls[i].name, name) == 0)
			return policy->calls[i].implied || tally_may_have_worked(tally, name);
	return false;
}

static int set_handled(const struct tally *tally, struct policy *policy)
{
	policy->handled_fs = landlock_known(LL_FIELD_FS, LANDLOCK_NEWEST_ABI);
	for (size_t i = 0; i < ARRAY_SIZE(mount_calls); i++) {
		if (!can_work(tally, policy, mount_calls[i]))
			continue;
		policy->handled_fs = 0;
		return policy_add_note(policy, NOTE_PATHS,
				       "files are not confined: landlock would forbid %s, which is "
				       "allowed", mount_calls[i]);
	}
	return 0;
}

/* ---- what must be said ---- */

static int note_kept(const struct pathset *set, struct policy *policy)
{
	if (!set->kept)
		return 0;
	return policy_add_note(policy, NOTE_PATHS,
			       "%s%s: a directory that is too wide does not stand for what is in "
			       "it; --allow=path:DIRECTORY/:RIGHTS gives it",
			       set->kept_example, set->kept > 1 ? " and others" : "");
}

static int note_made(const struct pathset *set, struct policy *policy)
{
	if (!set->made)
		return 0;
	return policy_add_note(policy, NOTE_READ_PATHS,
			       "--paths=exact: landlock has no rule for a file that is yet to be "
			       "made: the program may make %s%s, but not use what it makes",
			       set->made_example, set->made > 1 ? " and others" : "");
}

int pathset_add(const struct tally *tally, enum path_mode mode, struct policy *policy)
{
	cleanup(clear_pathset) struct pathset set = { .mode = mode, .n_runs = tally->n_runs };
	int r = collect(&set, tally);

	for (size_t i = 0; i < set.seen.n && r == 0; i++)
		r = add_rules_for(&set, set.seen.entries[i].value);
	if (r == 0 && mode == PATHS_AUTO)
		r = path_rules_join_siblings(&set.rules);
	if (r < 0)
		return r;
	path_rules_level_moves(&set.rules, directories_move(&set));
	r = path_rules_to_policy(&set.rules, policy);
	if (r == 0)
		r = note_kept(&set, policy);
	if (r == 0)
		r = note_made(&set, policy);
	return r < 0 ? r : set_handled(tally, policy);
}
