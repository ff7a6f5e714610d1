/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things of a unit are. */
#include "service/places.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/diag.h"

/* Drop-ins are read in the order of their names, wherever they are: systemd.unit(5). */
#define LAST_DROP_IN "zzzz-learn-record.conf"
#define OUR_DROP_IN  "90-learn.conf"

/* The unit of ours that records another; systemd takes no longer names than files may have. */
#define RECORDER "learn-record@"

/* The four roots that all else is below. */
struct roots {
	char *state, *runtime, *transient_units, *units;
};

static void roots_clear(struct roots *r)
{
	free(r->state);
	free(r->runtime);
	free(r->transient_units);
	free(r->units);
}

static char *join(const char *a, const char *b)
{
	char *text;

	return a && asprintf(&text, "%s%s", a, b) >= 0 ? text : NULL;
}

/* $VARIABLE/REST, or where it is not set ~/DEFAULT/REST (XDG base directory specification). */
static char *user_directory(const char *variable, const char *otherwise, const char *rest)
{
	const char *top = getenv(variable), *home = getenv("HOME");
	char *text;

	if (top && *top == '/')
		return join(top, rest);
	if (!otherwise || !home)
		return NULL;
	return asprintf(&text, "%s/%s%s", home, otherwise, rest) < 0 ? NULL : text;
}

static int roots_of_user(struct roots *r)
{
	r->state = user_directory("XDG_STATE_HOME", ".local/state", "/learn/services");
	r->runtime = user_directory("XDG_RUNTIME_DIR", NULL, "/learn");
	r->transient_units = user_directory("XDG_RUNTIME_DIR", NULL, "/systemd/user");
	r->units = user_directory("XDG_CONFIG_HOME", ".config", "/systemd/user");
	if (!r->state || !r->runtime || !r->transient_units || !r->units)
		return diag(-EINVAL, "--user: HOME or XDG_RUNTIME_DIR is not set: is this a login "
				     "session of the user?");
	return 0;
}

static int roots_of_system(struct roots *r)
{
	r->state = strdup("/var/lib/learn/services");
	r->runtime = strdup("/run/learn");
	r->transient_units = strdup("/run/systemd/system");
	r->units = strdup("/etc/systemd/system");
	return r->state && r->runtime && r->transient_units && r->units ? 0 : -ENOMEM;
}

/* FNV-1a. */
static uint64_t hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	return h;
}

/* A socket's name is short: that of a unit need not be. */
static char *socket_name(const char *runtime, const char *name)
{
	char *text;
	int n = asprintf(&text, "%s/%s", runtime, name);

	if (n < 0 || (size_t)n < sizeof(((struct sockaddr_un *)0)->sun_path))
		return n < 0 ? NULL : text;
	free(text);
	return asprintf(&text, "%s/%016lx", runtime, (unsigned long)hash(name)) < 0 ? NULL : text;
}

static char *within(const char *directory, const char *name, const char *file)
{
	char *text;

	return asprintf(&text, "%s/%s%s", directory, name, file) < 0 ? NULL : text;
}

static int fill(const struct roots *roots, const char *name, struct places *p)
{
	p->state = within(roots->state, name, "");
	p->profile = within(roots->state, name, "/learn.profile");
	p->as_user = within(roots->state, name, "/as-user.profile");
	p->rerun = within(roots->state, name, "/why.profile");
	p->stopped = within(roots->state, name, "/stopped");
	p->socket = socket_name(roots->runtime, name);
	p->turn = p->socket ? join(p->socket, ".turn") : NULL;
	p->recorder = join(RECORDER, name);
	p->recorder_file = p->recorder ? within(roots->transient_units, p->recorder, "") : NULL;
	p->recording = within(roots->transient_units, name, ".d/" LAST_DROP_IN);
	p->confining = within(roots->units, name, ".d/" OUR_DROP_IN);
	return p->state && p->profile && p->as_user && p->rerun && p->stopped && p->socket &&
			       p->turn && p->recorder && p->recorder_file && p->recording &&
			       p->confining
		       ? 0
		       : -ENOMEM;
}

int places_find(const char *name, bool user, struct places *ret)
{
	struct roots cleanup(roots_clear) roots = { 0 };
	struct places places = { 0 };
	int r;

	if (strlen(RECORDER) + strlen(name) > NAME_MAX)
		return diag(-ENAMETOOLONG, "'%s': the name is too long for one that is learned of: "
			    "more than %zu characters", name, NAME_MAX - strlen(RECORDER));
	r = user ? roots_of_user(&roots) : roots_of_system(&roots);

	if (r == 0)
		r = fill(&roots, name, &places);
	if (r < 0) {
		places_clear(&places);
		return r == -ENOMEM ? diag(r, "out of memory") : r;
	}
	*ret = places;
	return 0;
}

void places_clear(struct places *p)
{
	free(p->state);
	free(p->profile);
	free(p->as_user);
	free(p->rerun);
	free(p->stopped);
	free(p->socket);
	free(p->turn);
	free(p->recorder);
	free(p->recorder_file);
	free(p->recording);
	free(p->confining);
}
