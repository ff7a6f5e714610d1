/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must stay writable under ProtectSystem=strict. */
#include "emitter/systemd_paths.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/ruled_out.h"

/* ProtectSystem=strict leaves these as they are. */
static bool is_kernel_file_system(const char *path)
{
	return path_is_within(path, "/dev") || path_is_within(path, "/proc") ||
	       path_is_within(path, "/sys");
}

/* What must be writable for it: a name comes and goes in its directory. NULL without memory. */
static char *writable_for(const struct policy_path *path)
{
	const char *slash = strrchr(path->path, '/');

	if (!path->directory && (path->effects & PATH_RENAMES))
		return strndup(path->path, (size_t)(slash - path->path));
	return strdup(path->path);
}

static bool is_covered(char *const *kept, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (path_is_within(path, kept[i]))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void systemd_paths_clear(struct systemd_paths *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		free(paths->v[i]);
	free(paths->v);
}

/* One for each path that is written. */
static int collect(const struct policy *p, struct systemd_paths *paths)
{
	paths->v = calloc(p->n_paths + 1, sizeof(*paths->v));
	if (!paths->v)
		return -ENOMEM;
	for (size_t i = 0; i < p->n_paths; i++) {
		const struct policy_path *path = &p->paths[i];

		if (!(path->effects & PATH_WRITES) || is_kernel_file_system(path->path))
			continue;
		paths->v[paths->n] = writable_for(path);
		if (!paths->v[paths->n])
			return -ENOMEM;
		paths->n++;
	}
	qsort(paths->v, paths->n, sizeof(*paths->v), by_name);
	return 0;
}

int systemd_writable_paths(const struct policy *p, struct systemd_paths *ret)
{
	struct systemd_paths cleanup(systemd_paths_clear) all = { 0 };
	size_t kept = 0;
	int err = collect(p, &all);

	if (err < 0)
		return err;
	for (size_t i = 0; i < all.n; i++) {
		if (is_covered(all.v, kept, all.v[i]))
			free(all.v[i]);
		else
			all.v[kept++] = all.v[i];
	}
	all.n = kept;
	*ret = all;
	all = (struct systemd_paths){ 0 };
	return 0;
}
