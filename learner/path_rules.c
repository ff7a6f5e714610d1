/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Path rules in the making: what makes a rule needless, and what must be said of one. */
#include "learner/path_rules.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "sysdb/landlock.h"

/* ---- paths ---- */

static const char *const wide_directories[] = {
	"/",	"/bin",	 "/boot", "/dev",  "/etc", "/home",    "/lib",	   "/lib64",   "/media",
	"/mnt", "/opt",	 "/proc", "/root", "/run", "/sbin",    "/srv",	   "/sys",     "/usr",
	"/var", "/usr/bin", "/usr/lib", "/usr/local", "/usr/share", "/var/lib", "/var/log",
};

bool path_is_wide(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(wide_directories); i++)
		if (strcmp(wide_directories[i], path) == 0)
			return true;
	/* Devices, and what they are in /sys; memory and terminals that programs make are none. */
	if (strncmp(path, "/sys/", 5) == 0 || strncmp(path, "/proc/sys", 9) == 0)
		return true;
	if (strncmp(path, "/dev/", 5) == 0)
		return strncmp(path, "/dev/shm", 8) != 0 && strcmp(path, "/dev/pts") != 0;
	/* A person's home directory. */
	return strncmp(path, "/home/", 6) == 0 && !strchr(path + 6, '/');
}

size_t path_parent_length(const char *path, size_t length)
{
	while (length > 1 && path[length - 1] != '/')
		length--;
	return length > 1 ? length - 1 : 1;
}

/* ---- rules ---- */

struct path_rule *path_rules_at(struct path_rules *rules, const char *path, size_t length)
{
	auto_free char *key = strndup(path, length);
	struct path_rule *rule = key ? map_get(&rules->rules, key, length + 1) : NULL;

	if (rule || !key)
		return rule;
	rule = calloc(1, sizeof(*rule) + length + 1);
	if (rule)
		memcpy(rule->path, key, length);
	if (rule && map_put(&rules->rules, key, length + 1, rule) < 0) {
		free(rule);
		return NULL;
	}
	return rule;
}

/* The rights at PATH: its own rule's and those of all directories above. */
static uint32_t rights_at(const struct path_rules *rules, const char *path, size_t length)
{
	uint32_t rights = 0;

	for (;;) {
		auto_free char *key = strndup(path, length);
		const struct path_rule *rule = key ? map_get(&rules->rules, key, length + 1) : NULL;

		rights |= rule ? rule->rights : 0;
		if (length == 1)
			return rights;
		length = path_parent_length(path, length);
	}
}

void path_rules_level_moves(struct path_rules *rules, bool directories)
{
	uint32_t common = 0;

	for (size_t i = 0; i < rules->rules.n; i++) {
		const struct path_rule *rule = rules->rules.entries[i].value;

		if (rule->rights & LL_REFER)
			common |= rights_at(rules, rule->path, strlen(rule->path));
	}
	if (!directories)
		common &= LL_FILE_RIGHTS;
	for (size_t i = 0; i < rules->rules.n; i++) {
		struct path_rule *rule = rules->rules.entries[i].value;

		if (rule->rights & LL_REFER)
			rule->rights |= common;
	}
}

/* ---- many files of one directory ---- */

struct siblings {
	size_t n[32]; /* files, by the right that they have */
	const char *example;
};

static int count_siblings(const struct path_rules *rules, struct map *directories)
{
	for (size_t i = 0; i < rules->rules.n; i++) {
		const struct path_rule *rule = rules->rules.entries[i].value;
		const char *path = rule->path;
		size_t length = path_parent_length(path, strlen(path));
		struct siblings *siblings = map_get(directories, path, length);

		if (rule->directory || !rule->rights)
			continue;
		if (!siblings) {
			siblings = calloc(1, sizeof(*siblings));
			if (!siblings || map_put(directories, path, length, siblings) < 0) {
				free(siblings);
				return -ENOMEM;
			}
			siblings->example = path;
		}
		if (strcmp(path, siblings->example) < 0)
			siblings->example = path;
		for (unsigned bit = 0; bit < 32; bit++)
			siblings->n[bit] += (rule->rights >> bit) & 1;
	}
	return 0;
}

static int join(struct path_rules *rules, const struct map_entry *entry)
{
	const struct siblings *siblings = entry->value;
	auto_free char *path = strndup(map_key(entry), entry->key_len);
	struct path_rule *rule;
	uint32_t rights = 0;
	size_t most = 0;

	for (unsigned bit = 0; bit < 32; bit++) {
		if (siblings->n[bit] <= MOST_FILES)
			continue;
		rights |= 1u << bit;
		most = siblings->n[bit] > most ? siblings->n[bit] : most;
	}
	if (!path)
		return -ENOMEM;
	if (!rights || path_is_wide(path))
		return 0;
	rule = path_rules_at(rules, path, entry->key_len);
	if (!rule)
		return -ENOMEM;
	rule->rights |= rights;
	rule->directory = true;
	rule->example = rule->example ? rule->example : siblings->example;
	rule->n_examples += most;
	return 0;
}

static void clear_directories(struct map *directories)
{
	map_clear(directories, free);
}

int path_rules_join_siblings(struct path_rules *rules)
{
	cleanup(clear_directories) struct map directories = { 0 };
	int r = count_siblings(rules, &directories);

	for (size_t i = 0; i < directories.n && r == 0; i++)
		r = join(rules, &directories.entries[i]);
	return r;
}

/* ---- into the policy ---- */

static bool is_redundant(const struct path_rules *rules, const char *path,
			 const struct path_rule *rule)
{
	size_t length = strlen(path);

	return length > 1 && rule->rights &&
	       (rule->rights & ~rights_at(rules, path, path_parent_length(path, length))) == 0;
}

/* What a needless rule was for is told by the nearest rule above that stays. */
static void hand_up(struct path_rules *rules, const char *path, const struct path_rule *rule)
{
	for (size_t length = strlen(path); length > 1;) {
		auto_free char *key = NULL;
		struct path_rule *above;

		length = path_parent_length(path, length);
		key = strndup(path, length);
		above = key ? map_get(&rules->rules, key, length + 1) : NULL;
		if (!above || !above->rights || is_redundant(rules, key, above))
			continue;
		above->effects |= rule->effects;
		above->count += rule->count;
		return;
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
	auto_free char *others = NULL;
	char *text;
	int r;

	r = rule->count == 1 ? asprintf(&times, "once")
			     : asprintf(&times, "%" PRIu64 " times", rule->count);
	if (!effects || r < 0)
		return NULL;
	if (rule->n_examples > MOST_FILES)
		r = asprintf(&others, " and %zu others", rule->n_examples - 1);
	else
		r = (others = strdup(rule->n_examples > 1 ? " and others" : "")) ? 0 : -1;
	if (r < 0)
		return NULL;
	if (rule->example)
		r = asprintf(&text, "seen %s: %s (for %s%s)", times, effects, rule->example,
			     others);
	else
		r = asprintf(&text, "seen %s: %s", times, effects);
	return r < 0 ? NULL : text;
}

static int note_wide(struct policy *policy, const char *path, const struct path_rule *rule,
		     const char *why)
{
	enum note_subject about = rule->effects & PATH_WRITES ? NOTE_PATHS : NOTE_READ_PATHS;

	if (!rule->directory || !rule->rights)
		return 0;
	if (strcmp(path, "/proc") == 0 && rule->example)
		return policy_add_path_note(policy, about, path,
					    "/proc: the rule covers all processes, because their "
					    "numbers change (%s)", why);
	if (!path_is_wide(path))
		return 0;
	return policy_add_path_note(policy, about, path,
				    "%s: the rule covers everything below (%s)", path, why);
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

/* In two rounds: needless rules hand up what they were for before any rule is told. */
int path_rules_to_policy(struct path_rules *rules, struct policy *policy)
{
	for (size_t i = 0; i < rules->rules.n; i++) {
		const struct path_rule *rule = rules->rules.entries[i].value;

		if (is_redundant(rules, rule->path, rule))
			hand_up(rules, rule->path, rule);
	}
	for (size_t i = 0; i < rules->rules.n; i++) {
		const struct path_rule *rule = rules->rules.entries[i].value;
		int r = is_redundant(rules, rule->path, rule)
				? 0
				: add_to_policy(policy, rule->path, rule);

		if (r < 0)
			return r;
	}
	return 0;
}
