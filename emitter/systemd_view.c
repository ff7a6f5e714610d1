/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service sees of the file system: directories hidden, emptied, read-only. */
#include "emitter/systemd_view.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"
#include "emitter/systemd_directives.h"
#include "emitter/systemd_obstacles.h"
#include "emitter/systemd_writers.h"

int view_parse(const char *word, enum emit_view *ret)
{
	static const char *const words[] = {
		[VIEW_ALL] = "all", [VIEW_USED] = "used", [VIEW_ONLY] = "only",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], word) == 0) {
			*ret = (enum emit_view)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* ---- directories without use (--view=used), and without writes ---- */

static const char *const top_directories[] = {
	"/boot", "/efi", "/home", "/media", "/mnt", "/opt", "/root", "/srv", "/usr/games",
	"/usr/include", "/usr/local", "/usr/src", "/var/backups", "/var/mail", "/var/opt",
	"/var/spool", "/var/www",
};

static bool has_code(const struct policy *p, const char *directory)
{
	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].kind == USE_CODE && path_is_within(p->uses[i].path, directory))
			return true;
	return false;
}

int write_unused_paths(const struct policy *p, const struct emit_options *options, FILE *out)
{
	(void)options;
	fputs("InaccessiblePaths=\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(top_directories); i++)
		if (!policy_uses(p, top_directories[i], UINT32_MAX, NULL) &&
		    !has_code(p, top_directories[i]))
			fprintf(out, "InaccessiblePaths=-%s\n", top_directories[i]);
	return 0;
}

/* Below these, one by one: what is beside a directory that is written need not be. */
static const char *const read_only_directories[] = {
	"/etc", "/usr", "/var/cache", "/var/lib", "/var/log",
};

static void print_unwritten(const struct policy *p, const char *const *directories, size_t n,
			    FILE *out)
{
	for (size_t i = 0; i < n; i++)
		if (!policy_uses(p, directories[i], PATH_WRITES, NULL))
			fprintf(out, "ReadOnlyPaths=-%s\n", directories[i]);
}

int write_read_only_paths(const struct policy *p, const struct emit_options *options, FILE *out)
{
	(void)options;
	fputs("ReadOnlyPaths=\n", out);
	print_unwritten(p, top_directories, ARRAY_SIZE(top_directories), out);
	print_unwritten(p, read_only_directories, ARRAY_SIZE(read_only_directories), out);
	return 0;
}

/* ---- only what was used (--view=only) ---- */

/* With PrivateTmp= these are the service's own, whatever else is in sight. */
static bool is_private_tmp(const struct policy *p, const struct emit_options *options,
			   const char *path)
{
	return (path_is_within(path, "/tmp") || path_is_within(path, "/var/tmp")) &&
	       systemd_holds("PrivateTmp", p, options);
}

/* Directories that systemd makes for the service are made outside of its view. */
static bool is_made_by_systemd(const struct policy *p, const struct emit_options *options,
			       const struct policy_use *use)
{
	for (const struct systemd_directory *d = systemd_directories; d->name; d++)
		if (systemd_makes(p, options, d, use))
			return true;
	return false;
}

static int add_written(const struct policy *p, const struct emit_options *options,
		       struct systemd_paths *written)
{
	int err = systemd_writable_paths(p, options, written);

	for (size_t i = 0; i < p->n_uses && err == 0; i++)
		if (p->uses[i].kind == USE_WRITTEN_SIGHT ||
		    is_made_by_systemd(p, options, &p->uses[i]))
			err = systemd_paths_add(written, strdup(p->uses[i].path));
	systemd_paths_settle(written);
	return err;
}

void systemd_view_clear(struct systemd_view *view)
{
	systemd_paths_clear(&view->read);
	systemd_paths_clear(&view->written);
}

int systemd_view_of(const struct policy *p, const struct emit_options *options,
		    struct systemd_view *ret)
{
	struct systemd_view cleanup(systemd_view_clear) view = { .read = { 0 } };
	int err = add_written(p, options, &view.written);

	for (size_t i = 0; i < p->n_uses && err == 0; i++)
		if (p->uses[i].kind == USE_SIGHT &&
		    !systemd_paths_cover(&view.written, p->uses[i].path) &&
		    !is_private_tmp(p, options, p->uses[i].path))
			err = systemd_paths_add(&view.read, strdup(p->uses[i].path));
	if (err < 0)
		return err;
	systemd_paths_settle(&view.read);
	*ret = view;
	view = (struct systemd_view){ .read = { 0 } };
	return 0;
}

/* Whether something within the directory is in sight. */
static bool is_on_the_way(const char *directory, const struct systemd_paths *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		if (path_is_within(paths->v[i], directory))
			return true;
	return false;
}

/* Those where others have something to put, and what is asked for by each program. */
static bool must_be_there(const struct policy *p, const struct emit_options *options,
			  const char *directory)
{
	return strcmp(directory, "/run") == 0 ||
	       (strcmp(directory, "/var") == 0 && systemd_holds("PrivateTmp", p, options));
}

static bool is_home(const char *directory)
{
	return strcmp(directory, "/home") == 0 || strcmp(directory, "/root") == 0;
}

/* A directory of the root: as it is, empty but for what is bound there, or closed. */
static void print_top(const struct policy *p, const struct emit_options *options,
		      const struct systemd_view *view, const char *directory, FILE *out)
{
	if (systemd_paths_cover(&view->read, directory) ||
	    systemd_paths_cover(&view->written, directory))
		return;
	if (is_on_the_way(directory, &view->read) || is_on_the_way(directory, &view->written) ||
	    must_be_there(p, options, directory)) {
		fputs("TemporaryFileSystem=", out);
		quote_systemd_path(out, "", directory);
		fputs(":ro", out);
	} else if (!is_home(directory) || !systemd_holds("ProtectHome", p, options)) {
		fputs("InaccessiblePaths=", out);
		quote_systemd_path(out, "-", directory);
	} else {
		return;
	}
	fputc('\n', out);
}

/* No list is emptied first: what the unit itself hides stays hidden. */
int write_view(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct systemd_view cleanup(systemd_view_clear) view = { .read = { 0 } };
	int err = systemd_view_of(p, options, &view);

	if (err < 0)
		return err;
	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].kind == USE_TOP_DIRECTORY)
			print_top(p, options, &view, p->uses[i].path, out);
	systemd_paths_print(&view.read, "BindReadOnlyPaths=", out);
	systemd_paths_print(&view.written, "BindPaths=", out);
	return 0;
}

/* A colon ends the name where one path is bound to another. */
static char *unspeakable(const char *path)
{
	return systemd_can_quote(path) && !strchr(path, ':')
		       ? NULL
		       : systemd_words(path, "is used and no BindPaths= can name it");
}

char *sees_what_cannot_be_bound(const struct policy *p, const struct emit_options *options)
{
	struct systemd_view cleanup(systemd_view_clear) view = { .read = { 0 } };
	char *text = NULL;

	if (!systemd_holds("ProtectSystem", p, options))
		return strdup("it goes with ProtectSystem=strict alone");
	if (systemd_view_of(p, options, &view) < 0)
		return strdup("there is no memory left");
	for (size_t i = 0; i < p->n_uses && !text; i++)
		if (p->uses[i].kind == USE_TOP_DIRECTORY)
			text = unspeakable(p->uses[i].path);
	for (size_t i = 0; i < view.read.n && !text; i++)
		text = unspeakable(view.read.v[i]);
	for (size_t i = 0; i < view.written.n && !text; i++)
		text = unspeakable(view.written.v[i]);
	return text;
}
