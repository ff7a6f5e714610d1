/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done that formats forbid as a whole, found in the paths of all programs together. */
#include "learner/uses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"

/* One path, over all programs: what one makes another may remove. */
struct used_path {
	uint32_t effects, kinds;
};

struct uses {
	struct map paths; /* struct used_path */
	struct policy *policy;
	bool stays_root;
	bool found[N_POLICY_USES]; /* of the kinds of which one is enough */
};

static void clear_uses(struct uses *uses)
{
	map_clear(&uses->paths, free);
}

static int collect_path(struct uses *uses, const struct profile_path *path)
{
	size_t length = strlen(path->path) + 1;
	struct used_path *used = map_get(&uses->paths, path->path, length);

	if (!used) {
		used = calloc(1, sizeof(*used));
		if (!used || map_put(&uses->paths, path->path, length, used) < 0) {
			free(used);
			return -ENOMEM;
		}
	}
	used->effects |= path->effects;
	used->kinds |= path->kinds;
	return 0;
}

static int collect(struct uses *uses, const struct tally *tally)
{
	int r = 0;

	for (size_t p = 0; p < tally->n_programs; p++) {
		const struct map *paths = &tally->programs[p]->paths;

		for (size_t i = 0; i < paths->n && r == 0; i++) {
			const struct profile_path *path = paths->entries[i].value;

			if (path->path[0] == '/' && tally_wants(tally, p, path->phase))
				r = collect_path(uses, path);
		}
	}
	return r;
}

static int add_once(struct uses *uses, enum policy_use_kind kind, const char *path)
{
	if (uses->found[kind])
		return 0;
	uses->found[kind] = true;
	return policy_add_use(uses->policy, kind, path);
}

/* ---- code ---- */

/* Whether exec gives what root, if that is who executes it, had not before. */
static bool gains_rights(const struct uses *uses, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	if ((st.st_mode & S_ISUID) && !(uses->stays_root && st.st_uid == 0))
		return true;
	/* Without the group's right to execute, the bit once meant mandatory locks. */
	if ((st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		return true;
	return !uses->stays_root && getxattr(path, "security.capability", NULL, 0) > 0;
}

static int find_code(struct uses *uses, const char *path, const struct used_path *used)
{
	int r;

	if (!(used->effects & PATH_EXECUTE) || used->kinds == KIND_MISSING)
		return 0;
	r = policy_add_use(uses->policy, USE_CODE, path);
	return r < 0 || !gains_rights(uses, path) ? r : add_once(uses, USE_RIGHTS, path);
}

static int find_libraries(struct uses *uses, const struct tally *tally)
{
	int r = 0;

	for (size_t p = 0; p < tally->n_programs && r == 0; p++) {
		const struct profile_program *program = tally->programs[p];

		if (program->path[0] == '/')
			r = policy_add_use(uses->policy, USE_CODE, program->path);
		for (size_t i = 0; i < program->libraries.n && r == 0; i++) {
			const struct profile_library *library = program->libraries.entries[i].value;

			r = policy_add_use(uses->policy, USE_CODE, library->path);
		}
	}
	return r;
}

/* ---- /proc ---- */

static int find_proc(struct uses *uses, const char *path, const struct used_path *used)
{
	const char *rest = path + strlen("/proc/");
	size_t length;

	if (strcmp(path, "/proc") == 0)
		return used->effects & PATH_LIST ? add_once(uses, USE_PROCESSES, path) : 0;
	if (strncmp(path, "/proc/", strlen("/proc/")) != 0 || used->kinds == KIND_MISSING)
		return 0;
	length = strcspn(rest, "/");
	if (strncmp(rest, "[pid]", length) == 0 || strspn(rest, "0123456789") == length)
		return add_once(uses, USE_PROCESSES, path);
	if ((length == strlen("self") && strncmp(rest, "self", length) == 0) ||
	    (length == strlen("thread-self") && strncmp(rest, "thread-self", length) == 0))
		return 0;
	return add_once(uses, USE_PROC_FILES, path);
}

/* What tells of the network in /proc and /sys: another one in a network of one's own. */
static int find_network(struct uses *uses, const char *path, const struct used_path *used)
{
	const char *after = strncmp(path, "/proc/", strlen("/proc/")) == 0
				    ? strchr(path + strlen("/proc/"), '/')
				    : NULL;
	bool of_process = after && strncmp(after, "/net/", strlen("/net/")) == 0;

	if (used->kinds == KIND_MISSING)
		return 0;
	if (!of_process && strncmp(path, "/proc/sys/net/", strlen("/proc/sys/net/")) != 0 &&
	    strncmp(path, "/sys/class/net", strlen("/sys/class/net")) != 0 &&
	    !(strncmp(path, "/sys/devices/", strlen("/sys/devices/")) == 0 &&
	      strstr(path, "/net/")))
		return 0;
	return add_once(uses, USE_NETWORK_FILES, path);
}

/* ---- temporary files ---- */

#define MEETS_OTHERS (PATH_CREATE_SOCKET | PATH_CREATE_FIFO | PATH_CONNECT | PATH_REFER)
#define MADE (PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK)
#define REMOVED (PATH_REMOVE_FILE | PATH_REMOVE_DIR)

/* The length of "/tmp" and "/var/tmp" in PATH with what follows the slash, or 0. */
static size_t temporary_length(const char *path)
{
	static const char *const directories[] = { "/tmp", "/var/tmp" };

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		size_t length = strlen(directories[i]);

		if (strncmp(path, directories[i], length) == 0 &&
		    (!path[length] || path[length] == '/'))
			return length;
	}
	return 0;
}

static bool was_only_looked_for(const struct used_path *used)
{
	return used->kinds == KIND_MISSING && !(used->effects & (MADE | MEETS_OTHERS));
}

/* Of what stands in a temporary directory itself: made by the programs, and taken away again. */
static bool is_made_and_removed(const struct used_path *used)
{
	return used && (used->kinds & KIND_MISSING) && (used->effects & MADE) &&
	       (used->effects & REMOVED);
}

static int find_temporary(struct uses *uses, const char *path, const struct used_path *used)
{
	size_t directory = temporary_length(path), top;
	auto_free char *name = NULL;

	if (!directory || was_only_looked_for(used))
		return 0;
	if (!path[directory]) /* to be in it, or to find out about it, is to share nothing */
		return used->effects & ~(uint32_t)(PATH_CHDIR | PATH_STAT | PATH_HANDLE)
			       ? add_once(uses, USE_SHARED_TMP, path)
			       : 0;
	top = directory + 1 + strcspn(path + directory + 1, "/");
	name = strndup(path, top);
	if (!name)
		return -ENOMEM;
	if (!(used->effects & MEETS_OTHERS) &&
	    is_made_and_removed(map_get(&uses->paths, name, top + 1)))
		return 0;
	return add_once(uses, USE_SHARED_TMP, path);
}

/* ---- directories of directories ---- */

/* Where each service has a directory of its own (file-hierarchy(7)). */
static const struct {
	const char *path;
	bool lasts; /* what is there now is there at the next start */
} bases[] = {
	{ "/run/", false },
	{ "/var/lib/", true },
	{ "/var/cache/", true },
	{ "/var/log/", true },
};

static enum policy_use_kind use_of_entry(const char *entry, bool lasts,
					 const struct used_path *used)
{
	uint32_t changes = used->effects & PATH_RENAMES;

	if (changes && used->kinds == KIND_FILE && changes == PATH_CREATE_FILE)
		return USE_WRITTEN_ENTRY; /* opened with O_CREAT, and there each time */
	/* Not where it is chowned: systemd takes it back for the unit's user at each command. */
	if (changes == PATH_CREATE_DIR && (used->kinds & KIND_MISSING) &&
	    !(used->effects & PATH_METADATA))
		return lasts && access(entry, F_OK) == 0 ? USE_WRITTEN_ENTRY : USE_MADE_DIRECTORY;
	/* mkdir(2) said that it exists. Who made it, and whether they do so again, is not known. */
	if (changes == PATH_CREATE_DIR && used->kinds == KIND_DIRECTORY)
		return lasts ? USE_WRITTEN_ENTRY : USE_CHANGED_ENTRY;
	return changes ? USE_CHANGED_ENTRY : USE_WRITTEN_ENTRY;
}

static int find_entry(struct uses *uses, const char *path, const struct used_path *used)
{
	for (size_t i = 0; i < ARRAY_SIZE(bases); i++) {
		size_t base = strlen(bases[i].path), length;
		auto_free char *entry = NULL;

		if (strncmp(path, bases[i].path, base) != 0 || !path[base] ||
		    !(used->effects & PATH_WRITES))
			continue;
		length = base + strcspn(path + base, "/");
		entry = strndup(path, length);
		if (!entry)
			return -ENOMEM;
		return policy_add_use(uses->policy,
				      path[length] ? USE_WRITTEN_ENTRY
						   : use_of_entry(entry, bases[i].lasts, used),
				      entry);
	}
	return 0;
}

/* ---- all of them ---- */

static int find(struct uses *uses, const char *path, const struct used_path *used)
{
	int r = policy_add_seen_path(uses->policy, path, used->effects, used->kinds);
	int (*const finders[])(struct uses *, const char *, const struct used_path *) = {
		find_code, find_proc, find_network, find_temporary, find_entry,
	};

	for (size_t i = 0; i < ARRAY_SIZE(finders) && r == 0; i++)
		r = finders[i](uses, path, used);
	return r;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(map_key(*(const struct map_entry *const *)a),
		      map_key(*(const struct map_entry *const *)b));
}

/* In byte order, so that the examples are the same whatever the order of recording. */
static int find_all(struct uses *uses)
{
	auto_free const struct map_entry **sorted = calloc(uses->paths.n + 1, sizeof(*sorted));
	int r = sorted ? 0 : -ENOMEM;

	for (size_t i = 0; i < uses->paths.n && r == 0; i++)
		sorted[i] = &uses->paths.entries[i];
	if (r == 0 && uses->paths.n)
		qsort(sorted, uses->paths.n, sizeof(*sorted), by_path);
	for (size_t i = 0; i < uses->paths.n && r == 0; i++)
		r = find(uses, map_key(sorted[i]), sorted[i]->value);
	return r;
}

static bool changes_user(const struct tally *tally)
{
	static const char *const calls[] = { "setuid", "setreuid", "setresuid" };

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (tally_may_have_worked(tally, calls[i]))
			return true;
	return false;
}

int uses_add(const struct tally *tally, struct policy *policy)
{
	cleanup(clear_uses) struct uses uses = {
		.policy = policy,
		.stays_root = policy->as_root && !changes_user(tally),
	};
	int r = collect(&uses, tally);

	if (r == 0)
		r = find_all(&uses);
	return r < 0 ? r : find_libraries(&uses, tally);
}
