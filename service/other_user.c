/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it takes to start a service as a user that otherwise starts as root. */
#include "service/other_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "service/exec_lines.h"
#include "service/other_user_paths.h"

void other_user_clear(struct other_user *id)
{
	free(id->user);
	free(id->group);
	free(id->groups);
	names_clear(&id->more_groups);
	names_clear(&id->directories);
	names_clear(&id->files);
	names_clear(&id->owned);
	names_clear(&id->doubts);
	*id = (struct other_user){ 0 };
}

/* ---- who it is ---- */

static int read_groups(struct other_user *id)
{
	int n = 0;

	getgrouplist(id->user, id->gid, NULL, &n);
	id->groups = calloc((size_t)n + 1, sizeof(*id->groups));
	if (!id->groups)
		return -ENOMEM;
	id->n_groups = getgrouplist(id->user, id->gid, id->groups, &n) < 0 ? 0 : n;
	return 0;
}

static int look_up(uid_t uid, bool has_group, gid_t gid, struct other_user *id)
{
	const struct passwd *user = getpwuid(uid);
	const struct group *group;

	if (!user)
		return diag(-ENOENT, "it becomes user %u, who has no name here", (unsigned)uid);
	id->uid = uid;
	id->gid = has_group ? gid : user->pw_gid;
	id->user = strdup(user->pw_name);
	group = getgrgid(id->gid);
	if (!group)
		return diag(-ENOENT, "it becomes group %u, which has no name here",
			    (unsigned)id->gid);
	id->group = strdup(group->gr_name);
	return id->user && id->group ? read_groups(id) : -ENOMEM;
}

int other_user_find(uid_t uid, bool has_group, gid_t gid, const struct policy *p,
		  struct other_user *ret)
{
	struct other_user cleanup(other_user_clear) id = { 0 };
	int r = look_up(uid, has_group, gid, &id);

	if (r == 0)
		r = other_user_examine(&id, p);
	if (r < 0)
		return r;
	*ret = id;
	id = (struct other_user){ 0 };
	return 0;
}

/* ---- as lines ---- */

static void write_list(const char *name, const struct names *names, FILE *out)
{
	for (size_t i = 0; i < names->n; i++)
		fprintf(out, "%s=%s\n", name, names->v[i]);
}

/* Prefix "+": by root, whatever the unit's user. */
static void write_making(const struct other_user *id, FILE *out)
{
	for (size_t i = 0; i < id->files.n; i++) {
		fprintf(out, "ExecStartPre=+/usr/bin/install -m 644 -o %s -g %s /dev/null ",
			id->user, id->group);
		exec_quote(id->files.v[i], out);
		fputc('\n', out);
	}
}

static void write_removing(const struct other_user *id, FILE *out)
{
	for (size_t i = 0; i < id->files.n; i++) {
		fputs("ExecStopPost=+-/bin/rm -f ", out);
		exec_quote(id->files.v[i], out);
		fputc('\n', out);
	}
}

int other_user_write(const struct other_user *id, const struct settings *own, FILE *out)
{
	auto_free char *making = NULL;
	size_t size;
	FILE *lines = open_memstream(&making, &size);
	int r;

	if (!lines)
		return -ENOMEM;
	write_making(id, lines);
	if (fclose(lines) != 0)
		return -ENOMEM;
	fprintf(out,
		"# it starts as root and always becomes %s: started as that, tried and recorded "
		"again\nUser=%s\nGroup=%s\n",
		id->user, id->user, id->group);
	write_list("SupplementaryGroups", &id->more_groups, out);
	write_list("RuntimeDirectory", &id->directories, out);
	if (id->directories.n && id->directory_mode)
		fprintf(out, "RuntimeDirectoryMode=%04o\n", (unsigned)id->directory_mode);
	if (id->files.n)
		fputs("# files in a directory that only root may change\n", out);
	r = exec_lines_write_as_user(own, making, out);
	write_removing(id, out);
	return r;
}

/* The prefix "+" takes a command out of all that confines it, but not out of bind mounts. */
void other_user_write_view(const struct other_user *id, FILE *out)
{
	if (id->files.n)
		fputs("# for the commands that root runs for it\n"
		      "BindReadOnlyPaths=-/usr/bin/install -/usr/bin/rm -/usr/lib -/usr/lib64\n",
		      out);
}

/* ---- what changes hands ---- */

int other_user_hand_over(const struct other_user *id, struct undo *undo)
{
	int r = 0;

	for (size_t i = 0; i < id->owned.n && r == 0; i++)
		r = undo_give(undo, id->owned.v[i], id->uid, id->gid);
	return r;
}
