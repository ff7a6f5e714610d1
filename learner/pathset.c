/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths seen become the paths allowed: landlock rights, and why /proc/1234 became /proc. */
#include "learner/pathset.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "sysdb/landlock.h"

/* ---- what an effect needs ---- */

struct effect_rights {
	uint32_t effect;
	uint32_t own;    /* rights on the path itself */
	uint32_t parent; /* rights on its directory */
};

static const struct effect_rights effect_table[] = {
	{ PATH_READ, LL_READ_FILE, 0 },
	{ PATH_WRITE, LL_WRITE_FILE, 0 },
	{ PATH_EXECUTE, LL_EXECUTE | LL_READ_FILE, 0 },
	{ PATH_LIST, LL_READ_DIR, 0 },
	{ PATH_TRUNCATE, LL_TRUNCATE, 0 },
	{ PATH_IOCTL, LL_IOCTL_DEV, 0 },
	{ PATH_CREATE_FILE, 0, LL_MAKE_REG },
	{ PATH_CREATE_DIR, 0, LL_MAKE_DIR },
	{ PATH_CREATE_SYMLINK, 0, LL_MAKE_SYM },
	{ PATH_CREATE_SOCKET, 0, LL_MAKE_SOCK },
	{ PATH_CREATE_FIFO, 0, LL_MAKE_FIFO },
	{ PATH_CREATE_CHAR, 0, LL_MAKE_CHAR },
	{ PATH_CREATE_BLOCK, 0, LL_MAKE_BLOCK },
	{ PATH_REMOVE_FILE, 0, LL_REMOVE_FILE },
	{ PATH_REMOVE_DIR, 0, LL_REMOVE_DIR },
	{ PATH_REFER, 0, LL_REFER },
};

#define CREATES                                                                                    \
	(PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK | PATH_CREATE_SOCKET |           \
	 PATH_CREATE_FIFO | PATH_CREATE_CHAR | PATH_CREATE_BLOCK)
#define REMOVES (PATH_REMOVE_FILE | PATH_REMOVE_DIR)
#define MOVES (CREATES | REMOVES | PATH_REFER)
/* What only other formats can allow or deny. */
#define UNCONFINED (PATH_CONNECT | PATH_METADATA | PATH_CHDIR | PATH_ROOT | PATH_MOUNT | PATH_WATCH)

static uint32_t own_rights(uint32_t effects)
{
	uint32_t rights = 0;

	for (size_t i = 0; i < ARRAY_SIZE(effect_table); i++)
		if (effects & effect_table[i].effect)
			rights |= effect_table[i].own;
	return rights;
}

static uint32_t parent_rights(uint32_t effects)
{
	uint32_t rights = 0;

	for (size_t i = 0; i < ARRAY_SIZE(effect_table); i++)
		if (effects & effect_table[i].effect)
			rights |= effect_table[i].parent;
	return rights;
}

/* ---- directories that are too wide to be given silently, and names that do not last ---- */

static const char *const wide_directories[] = {
	"/",	"/bin",	 "/boot", "/dev",  "/etc", "/home",    "/lib",	   "/lib64",   "/media",
	"/mnt", "/opt",	 "/proc", "/root", "/run", "/sbin",    "/srv",	   "/sys",     "/usr",
	"/var", "/usr/bin", "/usr/lib", "/usr/local", "/usr/share", "/var/lib", "/var/log",
};

static bool is_wide(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(wide_directories); i++)
		if (strcmp(wide_directories[i], path) == 0)
			return true;
	/* A person's home directory. */
	return strncmp(path, "/home/", 6) == 0 && !strchr(path + 6, '/');
}

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

struct path_rule {
	uint32_t rights, effects;
	uint64_t count;
	bool directory;
	const char *example; /* a path below that the rule is for, or NULL */
	size_t n_examples;   /* how many such paths */
};

struct pathset {
	struct map seen;  /* struct seen_path by path */
	struct map rules; /* struct path_rule by path with its NUL */
};

static void clear_pathset(struct pathset *set)
{
	map_clear(&set->seen, free);
	map_clear(&set->rules, free);
}

/* A name in the file system: not a pipe, a socket or a file that has lost its name. */
static bool is_named(const char *path)
{
	static const char deleted[] = " (deleted)";
	size_t length = strlen(path), suffix = strlen(deleted);

	return path[0] == '/' && (length < suffix || strcmp(path + length - suffix, deleted) != 0);
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

			if (is_named(path->path) && collect_path(set, path) < 0)
				return -ENOMEM;
		}
	}
	return 0;
}

/* The length of the directory's name: "/a/b" 2, "/a" 1. */
static size_t parent_length(const char *path, size_t length)
{
	while (length > 1 && path[length - 1] != '/')
		length--;
	return length > 1 ? length - 1 : 1;
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
	auto_free char *parent = strndup(seen->path, parent_length(seen->path, strlen(seen->path)));

	return parent && seen->kinds == KIND_FILE && moves_of(seen) == PATH_CREATE_FILE &&
	       is_wide(parent);
}

static bool is_moved(const struct seen_path *seen)
{
	return moves_of(seen) && !stays_in_wide_directory(seen);
}

/*
 * The length of the part of PATH that stays while the program runs: all of it, or the directory of
 * the first entry on the way that the program makes, removes or moves.
 */
static size_t lasting_length(const struct pathset *set, const char *path, size_t length)
{
	for (size_t end = 1; end <= length; end++) {
		const struct seen_path *entry;

		if (end < length && path[end] != '/')
			continue;
		entry = map_get(&set->seen, path, end);
		if (entry && is_moved(entry))
			return parent_length(path, end);
	}
	return length;
}

/* The rule for the first LENGTH bytes of PATH. */
static struct path_rule *rule_for(struct pathset *set, const char *path, size_t length)
{
	auto_free char *key = strndup(path, length);
	struct path_rule *rule = key ? map_get(&set->rules, key, length + 1) : NULL;

	if (rule || !key)
		return rule;
	rule = calloc(1, sizeof(*rule));
	if (rule && map_put(&set->rules, key, length + 1, rule) < 0) {
		free(rule);
		return NULL;
	}
	return rule;
}

/* Gives RIGHTS at the part of the first LENGTH bytes of SEEN's path that lasts. */
static int give(struct pathset *set, const struct seen_path *seen, size_t length, uint32_t rights)
{
	const char *anchor = numbered_anchor(seen->path), *path = anchor ? anchor : seen->path;
	size_t lasting = anchor ? strlen(anchor) : lasting_length(set, path, length);
	struct path_rule *rule = rule_for(set, path, lasting);

	if (!rule)
		return -ENOMEM;
	rule->rights |= rights;
	rule->effects |= seen->effects;
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

/* A path that was missing each time stays missing: opening it fails as it did. */
static bool was_only_missing(const struct seen_path *seen)
{
	return seen->kinds == KIND_MISSING && !moves_of(seen);
}

static int add_rules_for(struct pathset *set, const struct seen_path *seen)
{
	size_t length = strlen(seen->path);
	uint32_t own = own_rights(seen->effects);

	if (was_only_missing(seen))
		return 0;
	if (seen->kinds == KIND_DIRECTORY)
		own &= ~(uint32_t)LL_FILE_RIGHTS;
	if (is_moved(seen))
		return give(set, seen, parent_length(seen->path, length),
			    own | parent_rights(moves_of(seen)));
	return own || (seen->effects & UNCONFINED) ? give(set, seen, length, own) : 0;
}

/* ---- moves between directories ---- */

/* The rights at PATH: its own rule's and those of all directories above. */
static uint32_t rights_at(const struct pathset *set, const char *path, size_t length)
{
	uint32_t rights = 0;

	for (;;) {
		auto_free char *key = strndup(path, length);
		const struct path_rule *rule = key ? map_get(&set->rules, key, length + 1) : NULL;

		rights |= rule ? rule->rights : 0;
		if (length == 1)
			return rights;
		length = parent_length(path, length);
	}
}

/*
 * Landlock lets a file move only to where it has no more rights than it had (landlock(7),
 * LANDLOCK_ACCESS_FS_REFER). Which moved where is not in the evidence: all directories that take
 * part get the same rights, those for directories too where directories move.
 */
static void level_moves(struct pathset *set)
{
	uint32_t moved_kinds = 0, common = 0;

	for (size_t i = 0; i < set->seen.n; i++) {
		const struct seen_path *seen = set->seen.entries[i].value;

		if (seen->effects & PATH_REFER)
			moved_kinds |= seen->kinds | (seen->effects & PATH_CREATE_DIR ? KIND_DIRECTORY : 0);
	}
	for (size_t i = 0; i < set->rules.n; i++) {
		const struct path_rule *rule = set->rules.entries[i].value;
		const char *path = set->rules.entries[i].key;

		if (rule->rights & LL_REFER)
			common |= rights_at(set, path, strlen(path));
	}
	if (!(moved_kinds & KIND_DIRECTORY))
		common &= LL_FILE_RIGHTS;
	for (size_t i = 0; i < set->rules.n; i++) {
		struct path_rule *rule = set->rules.entries[i].value;

		if (rule->rights & LL_REFER)
			rule->rights |= common;
	}
}

/* ---- into the policy ---- */

static bool is_redundant(const struct pathset *set, const char *path, const struct path_rule *rule)
{
	size_t length = strlen(path);

	return length > 1 && rule->rights &&
	       (rule->rights & ~rights_at(set, path, parent_length(path, length))) == 0;
}

/* What a directory's rule stands for is seen there, too. */
static void hand_up(struct pathset *set, const char *path, const struct path_rule *rule)
{
	for (size_t length = strlen(path); length > 1;) {
		auto_free char *key = NULL;
		struct path_rule *above;

		length = parent_length(path, length);
		key = strndup(path, length);
		above = key ? map_get(&set->rules, key, length + 1) : NULL;
		if (above && above->rights) {
			above->effects |= rule->effects;
			above->count += rule->count;
			return;
		}
	}
}

static char *describe_effects(uint32_t effects)
{
	char *text = NULL;
	size_t length;
	const char *separator = "";
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	for (unsigned bit = 0; bit < N_PATH_EFFECTS; bit++) {
		if (effects & (1u << bit)) {
			fprintf(out, "%s%s", separator, path_effect_name(bit));
			separator = ", ";
		}
	}
	if (fclose(out) < 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* "seen 3 times: create_file, write (for /srv/a and others)", for the caller to free. */
static char *describe_rule(const struct path_rule *rule)
{
	auto_free char *effects = describe_effects(rule->effects), *times = NULL;
	const char *others = rule->n_examples > 1 ? " and others" : "";
	char *text;
	int r;

	if (!effects || asprintf(&times, "%" PRIu64 " times", rule->count) < 0)
		return NULL;
	if (rule->example)
		r = asprintf(&text, "seen %s: %s (for %s%s)", rule->count == 1 ? "once" : times, effects,
			     rule->example, others);
	else
		r = asprintf(&text, "seen %s: %s", rule->count == 1 ? "once" : times, effects);
	return r < 0 ? NULL : text;
}

static int note_wide(struct policy *policy, const char *path, const struct path_rule *rule,
		     const char *why)
{
	if (!rule->directory || !rule->rights)
		return 0;
	if (strcmp(path, "/proc") == 0 && rule->example)
		return policy_add_note(policy,
				       "/proc: the rule covers all processes, because the numbers of "
				       "those that are seen change (%s)", why);
	return is_wide(path) ? policy_add_note(policy, "%s: the rule covers everything below (%s)",
					       path, why)
			     : 0;
}

static int add_to_policy(struct policy *policy, const char *path, const struct path_rule *rule)
{
	auto_free char *why = describe_rule(rule);
	struct policy_path *entry = why ? policy_add_path(policy, path, why) : NULL;

	if (!entry)
		return -ENOMEM;
	entry->directory = rule->directory;
	entry->rights = rule->rights;
	entry->effects = rule->effects;
	entry->count = rule->count;
	return note_wide(policy, path, rule, why);
}

/* In two rounds: a rule is left out for rights, and says what it stands for, before any is told. */
static int add_all_to_policy(struct pathset *set, struct policy *policy)
{
	for (size_t i = 0; i < set->rules.n; i++) {
		const char *path = set->rules.entries[i].key;

		if (is_redundant(set, path, set->rules.entries[i].value))
			hand_up(set, path, set->rules.entries[i].value);
	}
	for (size_t i = 0; i < set->rules.n; i++) {
		const char *path = set->rules.entries[i].key;
		const struct path_rule *rule = set->rules.entries[i].value;
		int r = is_redundant(set, path, rule) ? 0 : add_to_policy(policy, path, rule);

		if (r < 0)
			return r;
	}
	return 0;
}

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
		return policy_add_note(policy,
				       "files are not confined: landlock would forbid %s, which is "
				       "allowed", mount_calls[i]);
	}
	return 0;
}

int pathset_add(const struct tally *tally, struct policy *policy)
{
	cleanup(clear_pathset) struct pathset set = { 0 };
	int r = collect(&set, tally);

	for (size_t i = 0; i < set.seen.n && r == 0; i++)
		r = add_rules_for(&set, set.seen.entries[i].value);
	if (r < 0)
		return r;
	level_moves(&set);
	r = add_all_to_policy(&set, policy);
	return r < 0 ? r : set_handled(tally, policy);
}
