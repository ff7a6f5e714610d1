/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to be in sight of programs for them to find what they used. */
#include "learner/view.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/map.h"
#include "base/path.h"
#include "learner/path_rules.h"
#include "sysdb/effects.h"

/* By path, with its NUL; `ways` are the directories above those in `shown`. Values mean nothing. */
struct view {
	struct map shown, ways;
	struct map written; /* of shown: links to what is written */
	enum path_mode mode;
	struct policy *policy;
};

static void view_clear(struct view *view)
{
	map_clear(&view->shown, NULL);
	map_clear(&view->ways, NULL);
	map_clear(&view->written, NULL);
}

static void close_directory(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static bool has(const struct map *paths, const char *path)
{
	return map_get(paths, path, strlen(path) + 1);
}

static int add(struct map *paths, const char *path)
{
	return has(paths, path) ? 0 : map_put(paths, path, strlen(path) + 1, paths);
}

/* Whether PATH or a directory above it is shown. */
static bool is_shown(const struct view *v, const char *path)
{
	auto_free char *above = strdup(path);
	size_t length = strlen(path);

	while (above && length > 1) {
		above[length] = '\0';
		if (has(&v->shown, above))
			return true;
		length = path_parent_length(above, length);
	}
	return false;
}

/* ---- what was used ---- */

/* Mounted by themselves, and shown or hidden by other means. */
static bool is_kernels(const char *path)
{
	return path_is_within(path, "/dev") || path_is_within(path, "/proc") ||
	       path_is_within(path, "/sys");
}

static bool is_library(const char *path)
{
	return strstr(strrchr(path, '/'), ".so") != NULL;
}

static int show(struct view *v, const char *path, size_t length)
{
	auto_free char *shown = strndup(path, length);
	int r = shown ? 0 : -ENOMEM;

	if (r == 0 && (length <= 1 || is_kernels(shown)))
		return 0;
	if (r == 0)
		r = add(&v->shown, shown);
	while (r == 0 && (length = path_parent_length(shown, length)) > 1) {
		shown[length] = '\0';
		r = add(&v->ways, shown);
	}
	return r;
}

/* A file, or the directory that it is in: an update may give it another name, or another inode. */
static int show_file(struct view *v, const char *path, bool program)
{
	size_t length = strlen(path), parent = path_parent_length(path, length);
	auto_free char *directory = strndup(path, parent);

	if (!directory)
		return -ENOMEM;
	if (v->mode == PATHS_EXACT || (program && v->mode == PATHS_AUTO) || path_is_wide(directory))
		parent = length;
	return show(v, path, parent);
}

static int show_rule(struct view *v, const struct policy_path *path)
{
	const uint32_t looks = PATH_STAT | PATH_HANDLE;

	if (path->directory) /* of one that is wide it is said below whether it was listed */
		return path->count && path_is_wide(path->path)
			       ? 0
			       : show(v, path->path, strlen(path->path));
	if (!(path->effects & ~looks))
		return show(v, path->path, strlen(path->path));
	return show_file(v, path->path, path->effects & PATH_EXECUTE && !is_library(path->path));
}

/* A path that was there: to find it there may have been all that was wanted, as of mkdir(2). */
static int show_seen(struct view *v, const struct policy_seen_path *seen)
{
	if (!(seen->kinds & ~(uint32_t)KIND_MISSING))
		return 0;
	if (seen->effects & (PATH_LIST | PATH_WATCH))
		return show(v, seen->path, strlen(seen->path));
	if (is_shown(v, seen->path) || path_is_wide(seen->path))
		return 0;
	if (seen->kinds & KIND_DIRECTORY)
		return show(v, seen->path, strlen(seen->path));
	return show_file(v, seen->path, seen->effects & PATH_EXECUTE && !is_library(seen->path));
}

static int show_used(struct view *v)
{
	const struct policy *p = v->policy;
	int r = 0;

	for (size_t i = 0; i < p->n_paths && r == 0; i++)
		r = show_rule(v, &p->paths[i]);
	for (size_t i = 0; i < p->n_uses && r == 0; i++)
		if (p->uses[i].kind == USE_CODE)
			r = show_file(v, p->uses[i].path, !is_library(p->uses[i].path));
	for (size_t i = 0; i < p->n_seen_paths && r == 0; i++)
		r = show_seen(v, &p->seen_paths[i]);
	return r;
}

/* ---- links, which paths do not tell of ---- */

/* Where the links are that lead to interpreters, whether or not something else is used there. */
static const char *const link_directories[] = {
	"/lib", "/lib64", "/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32",
};

/* The links that lead to what is in sight. */
struct links {
	struct map read, written;
};

static void links_clear(struct links *links)
{
	map_clear(&links->read, NULL);
	map_clear(&links->written, NULL);
}

/* Whether something at, below or, by a rule for it, above PATH is written. */
static bool is_written(const struct view *v, const char *path)
{
	for (size_t i = 0; i < v->policy->n_paths; i++) {
		const struct policy_path *rule = &v->policy->paths[i];

		if (rule->effects & PATH_WRITES &&
		    (path_is_within(rule->path, path) ||
		     (rule->directory && path_is_within(path, rule->path))))
			return true;
	}
	return false;
}

/* Whether something at or below PATH was used, and not only something beside it. */
static bool is_used(const struct view *v, const char *path)
{
	const struct policy *p = v->policy;

	for (size_t i = 0; i < p->n_seen_paths; i++)
		if (path_is_within(p->seen_paths[i].path, path))
			return true;
	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].kind == USE_CODE && path_is_within(p->uses[i].path, path))
			return true;
	return false;
}

static int add_link(const struct view *v, const char *link, const char *path, struct links *links)
{
	return add(is_written(v, path) ? &links->written : &links->read, link);
}

/* What LINK, which leads to TARGET, is needed for. */
static int follow(const struct view *v, const char *link, const char *target, struct links *links)
{
	int r = 0;

	if (is_kernels(target) || is_shown(v, link))
		return 0;
	if (is_shown(v, target))
		return is_used(v, target) ? add_link(v, link, target, links) : 0;
	if (!has(&v->ways, target))
		return 0;
	for (size_t i = 0; i < v->shown.n && r == 0; i++) {
		const char *path = map_key(&v->shown.entries[i]);
		auto_free char *alias = NULL;

		if (!path_is_within(path, target))
			continue;
		if (asprintf(&alias, "%s%s", link, path + strlen(target)) < 0)
			return -ENOMEM;
		r = add_link(v, alias, path, links);
	}
	return r;
}

static int find_links(const struct view *v, const char *directory, struct links *links)
{
	cleanup(close_directory) DIR *dir = opendir(directory);
	const struct dirent *entry;
	int r = 0;

	while (r == 0 && dir && (entry = readdir(dir))) {
		auto_free char *link = NULL, *target = NULL;

		if (entry->d_type != DT_LNK)
			continue;
		if (asprintf(&link, "%s/%s", directory, entry->d_name) < 0)
			return -ENOMEM;
		target = realpath(link, NULL);
		if (target)
			r = follow(v, link, target, links);
	}
	return r;
}

static bool is_link(const char *path)
{
	char byte;

	return readlink(path, &byte, 1) >= 0;
}

static int show_links(struct view *v)
{
	struct links cleanup(links_clear) links = { { 0 }, { 0 } };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(link_directories) && r == 0; i++)
		if (!has(&v->ways, link_directories[i]) && !is_link(link_directories[i]))
			r = find_links(v, link_directories[i], &links);
	for (size_t i = 0; i < v->ways.n && r == 0; i++)
		r = find_links(v, map_key(&v->ways.entries[i]), &links);
	for (size_t i = 0; i < links.read.n && r == 0; i++)
		r = add(&v->shown, map_key(&links.read.entries[i]));
	for (size_t i = 0; i < links.written.n && r == 0; i++)
		r = add(&v->written, map_key(&links.written.entries[i]));
	return r;
}

/* ---- the root directory ---- */

/* Temporary files are private or shared as a whole. */
static bool is_top(const struct dirent *entry, const char *path)
{
	return entry->d_type == DT_DIR && entry->d_name[0] != '.' && !is_kernels(path) &&
	       strcmp(path, "/tmp") != 0;
}

static int add_tops(struct policy *policy)
{
	cleanup(close_directory) DIR *dir = opendir("/");
	const struct dirent *entry;
	int r = 0;

	while (r == 0 && dir && (entry = readdir(dir))) {
		auto_free char *path = NULL;

		if (asprintf(&path, "/%s", entry->d_name) < 0)
			return -ENOMEM;
		if (is_top(entry, path))
			r = policy_add_use(policy, USE_TOP_DIRECTORY, path);
	}
	return r;
}

int view_add(enum path_mode mode, struct policy *policy)
{
	struct view cleanup(view_clear) view = { .mode = mode, .policy = policy };
	int r = show_used(&view);

	if (r == 0)
		r = show_links(&view);
	for (size_t i = 0; i < view.shown.n && r == 0; i++)
		r = policy_add_use(policy, USE_SIGHT, map_key(&view.shown.entries[i]));
	for (size_t i = 0; i < view.written.n && r == 0; i++)
		r = policy_add_use(policy, USE_WRITTEN_SIGHT, map_key(&view.written.entries[i]));
	return r < 0 ? r : add_tops(policy);
}
