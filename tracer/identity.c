/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user that a command runs as, when it is not ours. */
#include "tracer/identity.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/parse.h"

/* A name, or else a number that has one. */
static const struct passwd *find_entry(const char *user)
{
	const struct passwd *entry = getpwnam(user);
	uint64_t uid;

	if (entry || parse_u64(user, UINT32_MAX, &uid) < 0)
		return entry;
	return getpwuid((uid_t)uid);
}

static int find_groups(struct identity *identity)
{
	int n = 16, found;

	do {
		gid_t *more = realloc(identity->groups, (size_t)n * sizeof(*more));

		if (!more)
			return -ENOMEM;
		identity->groups = more;
		found = n;
		/* Too few: -1, and how many there are. */
		if (getgrouplist(identity->name, identity->gid, more, &found) >= 0)
			break;
		n = found > n ? found : 2 * n;
	} while (n < NGROUPS_MAX);
	identity->n_groups = found;
	return 0;
}

int identity_find(const char *user, struct identity *ret)
{
	const struct passwd *entry = find_entry(user);
	struct identity identity = { 0 };

	if (!entry)
		return diag(-ENOENT,
			    isdigit((unsigned char)*user) ? "no user has the number '%s'"
							  : "unknown user '%s'",
			    user);
	identity.uid = entry->pw_uid;
	identity.gid = entry->pw_gid;
	identity.name = strdup(entry->pw_name);
	identity.home = strdup(entry->pw_dir);
	identity.shell = strdup(*entry->pw_shell ? entry->pw_shell : "/bin/sh");
	if (!identity.name || !identity.home || !identity.shell || find_groups(&identity) < 0) {
		identity_clear(&identity);
		return diag(-ENOMEM, "out of memory");
	}
	*ret = identity;
	return 0;
}

void identity_clear(struct identity *identity)
{
	free(identity->groups);
	free(identity->name);
	free(identity->home);
	free(identity->shell);
	*identity = (struct identity){ 0 };
}

static int set_environment(const struct identity *identity)
{
	const char *const variables[][2] = {
		{ "HOME", identity->home },
		{ "SHELL", identity->shell },
		{ "USER", identity->name },
		{ "LOGNAME", identity->name },
	};
	const size_t n = identity->uid == 0 ? 2 : 4;

	for (size_t i = 0; i < n; i++)
		if (setenv(variables[i][0], variables[i][1], 1) < 0)
			return -errno;
	return 0;
}

/* The user last: it takes the right to change groups away. */
int identity_assume(const struct identity *identity)
{
	int r = 0;

	if (setgroups((size_t)identity->n_groups, identity->groups) < 0 ||
	    setgid(identity->gid) < 0 || setuid(identity->uid) < 0)
		r = -errno;
	if (r == 0)
		r = set_environment(identity);
	if (r == -EPERM)
		return diag(r, "only root can run a command as user '%s'", identity->name);
	return r < 0 ? diag_errno(r, "cannot become user '%s'", identity->name) : 0;
}
