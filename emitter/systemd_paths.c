/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of paths, and which of them must stay writable under ProtectSystem=strict. */
#include "emitter/systemd_paths.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"
#include "emitter/systemd_directives.h"
#include "emitter/systemd_writers.h"

/* ---- lists ---- */

int systemd_paths_add(struct systemd_paths *paths, char *path)
{
	char **larger = path ? reallocarray(paths->v, paths->n + 1, sizeof(*larger)) : NULL;

	if (!larger) {
		free(path);
		return -ENOMEM;
	}
	paths->v = larger;
	paths->v[paths->n++] = path;
	return 0;
}

bool systemd_paths_cover(const struct systemd_paths *paths, const char *path)
{
	for (size_t i = 0; i < paths->n; i++)
		if (path_is_within(path, paths->v[i]))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void systemd_paths_settle(struct systemd_paths *paths)
{
	const size_t n = paths->n;

	if (n)
		qsort(paths->v, n, sizeof(*paths->v), by_name);
	paths->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (systemd_paths_cover(paths, paths->v[i]))
			free(paths->v[i]);
		else
			paths->v[paths->n++] = paths->v[i];
	}
}

/* "-": a path that is not there when the unit starts does not keep it from starting. */
void systemd_paths_print(const struct systemd_paths *paths, const char *start, FILE *out)
{
	for (size_t i = 0; i < paths->n; i++) {
		fputs(start, out);
		quote_systemd_path(out, "-", paths->v[i]);
		fputc('\n', out);
	}
}

void systemd_paths_clear(struct systemd_paths *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		free(paths->v[i]);
	free(paths->v);
}

/* ---- directories that systemd makes ---- */

const struct systemd_directory systemd_directories[] = {
	{ "RuntimeDirectory", "/run", 211 },
	{ "StateDirectory", "/var/lib", 235 },
	{ "CacheDirectory", "/var/cache", 235 },
	{ "LogsDirectory", "/var/log", 235 },
	{ NULL, NULL, 0 },
};

/* Whether names come and go in the base itself: it stays writable then, and all is simpler. */
static bool base_changes(const struct policy *p, const char *base)
{
	bool known = false;

	for (size_t i = 0; i < p->n_uses; i++) {
		const struct policy_use *use = &p->uses[i];
		bool entry = use->kind == USE_MADE_DIRECTORY || use->kind == USE_WRITTEN_ENTRY ||
			     use->kind == USE_CHANGED_ENTRY;

		if (!entry || !path_is_within(use->path, base))
			continue;
		if (use->kind == USE_CHANGED_ENTRY || !systemd_can_quote(use->path))
			return true;
		known = true;
	}
	return !known;
}

bool systemd_makes(const struct policy *p, const struct emit_options *options,
		   const struct systemd_directory *directory, const struct policy_use *use)
{
	return use->kind == USE_MADE_DIRECTORY && path_is_within(use->path, directory->base) &&
	       (!options->systemd || options->systemd >= directory->since) &&
	       !base_changes(p, directory->base);
}

static bool is_made(const struct policy *p, const struct emit_options *options, const char *path)
{
	for (size_t i = 0; i < p->n_uses; i++)
		for (const struct systemd_directory *d = systemd_directories; d->name; d++)
			if (systemd_makes(p, options, d, &p->uses[i]) &&
			    path_is_within(path, p->uses[i].path))
				return true;
	return false;
}

/* What directories get without a word, and what is left of 0777 by the usual umask. */
#define USUAL_MODE 0755u

/* The mode for made directories: what mkdir was given, or 0 where that is not known. */
static unsigned made_mode(const struct policy *p)
{
	static const struct {
		const char *call;
		unsigned index;
	} calls[] = { { "mkdir", 1 }, { "mkdirat", 2 } };
	unsigned mode = 0;

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		if (!policy_knows(p, calls[i].call, calls[i].index))
			continue;
		for (unsigned bit = 1; bit <= S_IRWXU; bit <<= 1)
			if (policy_allows_any_bit(p, calls[i].call, calls[i].index, bit))
				mode |= bit;
	}
	return mode & USUAL_MODE;
}

int write_directories(const struct policy *p, const struct emit_options *options, FILE *out)
{
	unsigned mode = made_mode(p);

	for (const struct systemd_directory *d = systemd_directories; d->name; d++) {
		bool any = false;

		for (size_t i = 0; i < p->n_uses; i++) {
			if (!systemd_makes(p, options, d, &p->uses[i]))
				continue;
			fprintf(out, "%s=", d->name);
			quote_systemd_path(out, "", p->uses[i].path + strlen(d->base) + 1);
			fputc('\n', out);
			any = true;
		}
		if (any && mode && mode != USUAL_MODE)
			fprintf(out, "%sMode=%04o\n", d->name, mode);
	}
	return 0;
}

/* ---- what is written ---- */

/* ProtectSystem=strict leaves these as they are. */
static bool is_kernel_file_system(const char *path)
{
	return path_is_within(path, "/dev") || path_is_within(path, "/proc") ||
	       path_is_within(path, "/sys");
}

static bool is_temporary(const char *path)
{
	return path_is_within(path, "/tmp") || path_is_within(path, "/var/tmp");
}

/* What must be writable for it: a name comes and goes in its directory. NULL without memory. */
static char *writable_for(const struct policy_path *path)
{
	const char *slash = strrchr(path->path, '/');

	if (!path->directory && (path->effects & PATH_RENAMES))
		return strndup(path->path, (size_t)(slash - path->path));
	return strdup(path->path);
}

/* The base whose entries say more than a rule for it as a whole, or NULL. */
static const char *base_with_entries(const struct policy *p, const char *path)
{
	for (const struct systemd_directory *d = systemd_directories; d->name; d++)
		if (strcmp(path, d->base) == 0 && !base_changes(p, d->base))
			return d->base;
	return NULL;
}

static int add_entries(const struct policy *p, const char *base, struct systemd_paths *paths)
{
	int err = 0;

	for (size_t i = 0; i < p->n_uses && err == 0; i++)
		if ((p->uses[i].kind == USE_WRITTEN_ENTRY ||
		     p->uses[i].kind == USE_MADE_DIRECTORY) &&
		    path_is_within(p->uses[i].path, base))
			err = systemd_paths_add(paths, strdup(p->uses[i].path));
	return err;
}

static int add_writable(const struct policy *p, const struct policy_path *path,
			struct systemd_paths *paths)
{
	auto_free char *writable = writable_for(path);
	const char *base = writable ? base_with_entries(p, writable) : NULL;

	return base ? add_entries(p, base, paths) : systemd_paths_add(paths, take_ptr(writable));
}

/* Bases in which names come and go, also one that was there already when it was made. */
static int add_changed_bases(const struct policy *p, struct systemd_paths *paths)
{
	int err = 0;

	for (size_t i = 0; i < p->n_uses && err == 0; i++)
		if (p->uses[i].kind == USE_CHANGED_ENTRY)
			err = systemd_paths_add(paths, strndup(p->uses[i].path,
							       strrchr(p->uses[i].path, '/') -
								       p->uses[i].path));
	return err;
}

int systemd_writable_paths(const struct policy *p, const struct emit_options *options,
			   struct systemd_paths *ret)
{
	struct systemd_paths cleanup(systemd_paths_clear) all = { 0 }, kept = { 0 };
	bool private_tmp = systemd_holds("PrivateTmp", p, options);
	int err = 0;

	for (size_t i = 0; i < p->n_paths && err == 0; i++)
		if ((p->paths[i].effects & PATH_WRITES) &&
		    !is_kernel_file_system(p->paths[i].path))
			err = add_writable(p, &p->paths[i], &all);
	if (err == 0)
		err = add_changed_bases(p, &all);
	for (size_t i = 0; i < all.n && err == 0; i++)
		if (!is_made(p, options, all.v[i]) && !(private_tmp && is_temporary(all.v[i])))
			err = systemd_paths_add(&kept, strdup(all.v[i]));
	if (err < 0)
		return err;
	systemd_paths_settle(&kept);
	*ret = kept;
	kept = (struct systemd_paths){ 0 };
	return 0;
}

bool systemd_leaves_writable(const struct policy *p, const struct emit_options *options,
			     const char *path)
{
	struct systemd_paths cleanup(systemd_paths_clear) paths = { 0 };

	if (!systemd_holds("ProtectSystem", p, options))
		return false;
	return systemd_writable_paths(p, options, &paths) == 0 &&
	       systemd_paths_cover(&paths, path);
}

int write_writable_paths(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct systemd_paths cleanup(systemd_paths_clear) paths = { 0 };
	int err = systemd_writable_paths(p, options, &paths);

	if (err < 0)
		return err;
	fputs("ReadWritePaths=\n", out);
	systemd_paths_print(&paths, "ReadWritePaths=", out);
	return 0;
}
