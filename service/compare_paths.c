/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings that name paths, and those that are exceptions from others, against what was needed. */
#include "service/comparison.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "service/sandbox.h"
#include "sysdb/effects.h"

/* ---- lists of paths ---- */

/* What a setting does to the paths that it names. */
enum path_use {
	MAKES_WRITABLE = 1 << 0,
	MAKES_READ_ONLY = 1 << 1,
	SHOWS = 1 << 2,
	EMPTIES = 1 << 3, /* all but what is shown there is out of sight */
	HIDES = 1 << 4,
};

/* What relative names mean, with DynamicUser= too: systemd.exec(5). */
static const struct path_row {
	const char *setting, *directory;
	unsigned uses;
} path_rows[] = {
	{ "StateDirectory", "/var/lib", MAKES_WRITABLE },
	{ "StateDirectory", "/var/lib/private", MAKES_WRITABLE },
	{ "CacheDirectory", "/var/cache", MAKES_WRITABLE },
	{ "CacheDirectory", "/var/cache/private", MAKES_WRITABLE },
	{ "LogsDirectory", "/var/log", MAKES_WRITABLE },
	{ "LogsDirectory", "/var/log/private", MAKES_WRITABLE },
	{ "RuntimeDirectory", "/run", MAKES_WRITABLE },
	{ "ReadWritePaths", "", MAKES_WRITABLE },
	{ "BindPaths", "", MAKES_WRITABLE | SHOWS },
	{ "BindReadOnlyPaths", "", SHOWS },
	{ "ReadOnlyPaths", "", MAKES_READ_ONLY },
	{ "TemporaryFileSystem", "", EMPTIES },
	{ "InaccessiblePaths", "", HIDES },
};

/*
 * A word of such a list as a path, to be freed: without quotes and marks; of words with colons,
 * where a path is bound to another, that other.
 */
static char *path_of_word(const char *word, size_t n, const struct path_row *row)
{
	auto_free char *plain = calloc(1, n + 1);
	char *start = plain, *path;
	size_t len = 0;

	for (size_t i = 0; plain && i < n; i++) {
		if (word[i] == '\\' && i + 1 < n)
			plain[len++] = word[++i];
		else if (word[i] != '"' && word[i] != '\'')
			plain[len++] = word[i];
	}
	if (!plain)
		return NULL;
	start += strspn(start, "-+");
	if (row->uses & SHOWS && strchr(start, ':'))
		start = strchr(start, ':') + 1;
	start[strcspn(start, ":")] = '\0';
	if (asprintf(&path, "%s%s%s", row->directory, *row->directory ? "/" : "", start) < 0)
		return NULL;
	return path;
}

/* Calls SEE for each path that settings of one of the USES give, until it returns true: true. */
static bool each_path(const struct settings *s, unsigned uses,
		      bool (*see)(void *state, const char *path), void *state)
{
	for (size_t k = 0; k < ARRAY_SIZE(path_rows); k++) {
		const struct path_row *row = &path_rows[k];

		for (size_t i = settings_first(s, row->setting); i < s->n; i++) {
			const char *c = s->v[i].value;

			if (!(row->uses & uses) || strcmp(s->v[i].name, row->setting) != 0)
				continue;
			for (; *(c += strspn(c, " \t")); c += strcspn(c, " \t")) {
				auto_free char *path = path_of_word(c, strcspn(c, " \t"), row);

				if (path && see(state, path))
					return true;
			}
		}
	}
	return false;
}

struct nearest {
	const char *path;
	char *found; /* the longest name that PATH is within */
};

static bool is_nearer(void *state, const char *path)
{
	struct nearest *nearest = state;

	if (!path_is_within(nearest->path, path) ||
	    (nearest->found && strlen(nearest->found) >= strlen(path)))
		return false;
	free(nearest->found);
	nearest->found = strdup(path);
	return false;
}

/* Of the paths that settings of one of the USES give the nearest to PATH; to be freed, or NULL. */
static char *nearest_above(const struct settings *s, unsigned uses, const char *path)
{
	struct nearest nearest = { path, NULL };

	each_path(s, uses, is_nearer, &nearest);
	return nearest.found;
}

/* Whether what ONE says of a path counts, and not what OTHER says; either may be NULL. */
static bool overrules(const char *one, const char *other)
{
	return one && (!other || strlen(one) > strlen(other));
}

static void tell_path(struct comparison *c, const char *setting, const char *path,
		      const char *is_used, const char *by)
{
	auto_free char *why = NULL, *mend = NULL;

	if (asprintf(&why, "%s is %s%s", path, is_used, by) < 0)
		why = NULL;
	if (asprintf(&mend, "\"-%s\"", path) < 0)
		mend = NULL;
	comparison_tell(c, setting, why ? why : path, mend ? mend : path);
}

/* ---- what is written ---- */

/* The setting that makes PATH read-only unless it is excepted, with its value; to be freed. */
static char *protector(const struct settings *s, const char *path)
{
	static const char *const always[] = { "/usr", "/boot", "/efi", "/etc" };
	const char *value = settings_last(s, "ProtectSystem");
	const char *private = settings_last(s, "PrivateTmp");
	int level = sandbox_level(sandbox_row("ProtectSystem"), value);
	bool is_protected = level == 3;
	char *text;

	if (private && sandbox_level(sandbox_row("PrivateTmp"), private) &&
	    (path_is_within(path, "/tmp") || path_is_within(path, "/var/tmp")))
		return NULL;
	for (size_t i = 0; level && i < ARRAY_SIZE(always) - (level == 1); i++)
		is_protected = is_protected || path_is_within(path, always[i]);
	if (!is_protected || asprintf(&text, "ProtectSystem=%s", value) < 0)
		return NULL;
	return text;
}

static bool compare_written(void *state, const char *path)
{
	struct comparison *c = state;
	const struct settings *s = &c->in_force->settings;
	auto_free char *protected = protector(s, path);
	auto_free char *writable = nearest_above(s, MAKES_WRITABLE, path);

	if (protected && !writable)
		tell_path(c, "ReadWritePaths", path, "written, and read-only by ", protected);
	return false;
}

/* The directory for a name that is new in it, else the path itself; to be freed. */
static char *written_at(const struct policy_seen_path *seen)
{
	const char *slash = strrchr(seen->path, '/');
	size_t n = slash ? (size_t)(slash - seen->path) : 0;

	return seen->effects & PATH_RENAMES && n ? strndup(seen->path, n) : strdup(seen->path);
}

/* The first of the paths seen that was written and is within one that is to be read only. */
static bool compare_read_only(void *state, const char *read_only)
{
	struct comparison *c = state;
	const struct settings *s = &c->in_force->settings;

	for (size_t i = 0; i < c->policy->n_seen_paths; i++) {
		const struct policy_seen_path *seen = &c->policy->seen_paths[i];
		auto_free char *writable = NULL, *path = NULL;

		if (!(seen->effects & PATH_WRITES) || !path_is_within(seen->path, read_only))
			continue;
		writable = nearest_above(s, MAKES_WRITABLE, seen->path);
		path = written_at(seen);
		if (!path || overrules(writable, read_only)) /* of one path read-only is stronger */
			continue;
		tell_path(c, "ReadWritePaths", path, "written, and read-only by ReadOnlyPaths=",
			  read_only);
		return false;
	}
	return false;
}

/* ---- what is in sight ---- */

static void compare_sight(struct comparison *c, const char *path, const char *mend)
{
	const struct settings *s = &c->in_force->settings;
	auto_free char *shown = nearest_above(s, SHOWS, path);
	auto_free char *emptied = nearest_above(s, EMPTIES, path);

	if (overrules(emptied, shown))
		tell_path(c, mend, path, "used, and not in TemporaryFileSystem=", emptied);
}

static bool compare_read(void *state, const char *path)
{
	struct comparison *c = state;
	auto_free char *written = nearest_above(&c->needs, MAKES_WRITABLE, path);

	compare_sight(c, path, written ? "BindPaths" : "BindReadOnlyPaths");
	return false;
}

/* The first of the paths seen that was there and is within the hidden one. */
static bool compare_hidden(void *state, const char *hidden)
{
	struct comparison *c = state;
	const struct settings *s = &c->in_force->settings;

	for (size_t i = 0; i < c->policy->n_seen_paths; i++) {
		const struct policy_seen_path *seen = &c->policy->seen_paths[i];
		auto_free char *why = NULL, *shown = NULL;

		if (seen->kinds == KIND_MISSING || !path_is_within(seen->path, hidden))
			continue;
		shown = nearest_above(s, SHOWS, seen->path);
		if (!overrules(hidden, shown))
			continue;
		if (asprintf(&why, "%s is used, and hidden with %s", seen->path, hidden) < 0)
			why = NULL;
		comparison_tell(c, "InaccessiblePaths", why ? why : hidden, "");
		return false;
	}
	return false;
}

void compare_paths(struct comparison *c)
{
	each_path(&c->needs, MAKES_WRITABLE, compare_written, c);
	each_path(&c->in_force->settings, MAKES_READ_ONLY, compare_read_only, c);
	each_path(&c->needs, SHOWS, compare_read, c);
	each_path(&c->in_force->settings, HIDES, compare_hidden, c);
}

/* ---- exceptions ---- */

/* All that is needed has to be there, word by word. */
static void compare_grant(struct comparison *c, const struct sandbox_row *row)
{
	for (size_t i = settings_first(&c->needs, row->name); i < c->needs.n; i++) {
		bool has = false;

		if (strcmp(c->needs.v[i].name, row->name) != 0)
			continue;
		for (size_t k = 0; k < c->in_force->settings.n; k++) {
			const struct setting *s = &c->in_force->settings.v[k];

			has |= strcmp(s->name, row->name) == 0 &&
			       strcmp(s->value, c->needs.v[i].value) == 0;
		}
		if (!has)
			comparison_tell(c, row->name, "it is needed", c->needs.v[i].value);
	}
}

/* What a setting that grants is the exception of; of no use where that is not given. */
static const struct {
	const char *grant, *of;
} exceptions[] = {
	{ "DeviceAllow", "DevicePolicy" },     { "ExecPaths", "NoExecPaths" },
	{ "IPAddressAllow", "IPAddressDeny" }, { "SocketBindAllow", "SocketBindDeny" },
	{ "AmbientCapabilities", "User" },
};

void compare_grants(struct comparison *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(exceptions); i++)
		if (settings_has(&c->in_force->settings, exceptions[i].of))
			compare_grant(c, sandbox_row(exceptions[i].grant));
}
