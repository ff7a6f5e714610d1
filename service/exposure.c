/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What systemd-analyze(1) thinks of a unit's confinement: asked about a copy of its files. */
#include "service/exposure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/spawn.h"
#include "service/sandbox.h"

#define ANSWER "exposure level for "

/* The copy has a name of its own, or the drop-ins of the unit itself would count for it too. */
#define PREFIX "learn-"

/* The unit's file and one drop-in beside it. */
struct copy {
	char directory[32];
	char *unit, *drop_ins, *drop_in;
};

static void copy_clear(struct copy *c)
{
	if (c->drop_in)
		unlink(c->drop_in);
	if (c->drop_ins)
		rmdir(c->drop_ins);
	if (c->unit)
		unlink(c->unit);
	if (c->directory[0])
		rmdir(c->directory);
	free(c->drop_in);
	free(c->drop_ins);
	free(c->unit);
}

/* The manager knows what follows from other settings, a file alone does not say it. */
static int write_settings(const struct settings *settings, const char *path)
{
	auto_fclose FILE *out = fopen(path, "we");

	if (!out)
		return -errno;
	fputs("[Service]\n", out);
	for (size_t i = 0; i < settings->n; i++)
		fprintf(out, "%s=%s\n", settings->v[i].name, settings->v[i].value);
	if (sandbox_mounts(settings))
		fputs("PrivateMounts=yes\n", out);
	return fflush(out) == 0 ? 0 : -EIO;
}

static int write_text(const char *text, const char *path)
{
	auto_fclose FILE *out = fopen(path, "we");

	if (!out)
		return -errno;
	return fputs(text, out) < 0 || fflush(out) != 0 ? -EIO : 0;
}

static int make_copy(const struct unit *unit, const char *drop_in, struct copy *c)
{
	int r;

	strcpy(c->directory, "/tmp/learn-exposure-XXXXXX");
	if (!mkdtemp(c->directory)) {
		c->directory[0] = '\0';
		return -errno;
	}
	if (asprintf(&c->unit, "%s/" PREFIX "%s", c->directory, unit->name) < 0)
		c->unit = NULL;
	if (asprintf(&c->drop_ins, "%s/" PREFIX "%s.d", c->directory, unit->name) < 0)
		c->drop_ins = NULL;
	if (asprintf(&c->drop_in, "%s/" PREFIX "%s.d/learn.conf", c->directory, unit->name) < 0)
		c->drop_in = NULL;
	if (!c->unit || !c->drop_ins || !c->drop_in)
		return -ENOMEM;
	r = write_settings(&unit->own, c->unit);
	if (r == 0 && drop_in)
		r = mkdir(c->drop_ins, 0700) < 0 ? -errno : write_text(drop_in, c->drop_in);
	return r;
}

/* The line ends with ": 9.6 UNSAFE" and a face. */
static int find_answer(char *text, char **ret)
{
	char *line = strstr(text, ANSWER), *end, *words;

	if (!line)
		return -ENOTSUP;
	line[strcspn(line, "\n")] = '\0';
	words = strrchr(line, ':');
	if (!words)
		return -ENOTSUP;
	words += 1 + strspn(words + 1, " ");
	end = strchr(words, ' ');
	if (end)
		end[1 + strcspn(end + 1, " ")] = '\0';
	*ret = strdup(words);
	return *ret ? 0 : -ENOMEM;
}

int exposure_of(const struct unit *unit, const char *drop_in, char **ret)
{
	struct copy cleanup(copy_clear) copy = { .unit = NULL };
	auto_free char *text = NULL;
	int r = make_copy(unit, drop_in, &copy);

	if (r < 0)
		return r;
	r = spawn((const char *const[]){ "systemd-analyze", "security", "--no-pager",
					 "--offline=yes", copy.unit, NULL },
		  true, &text);
	return r < 0 ? r : r > 0 ? -ENOTSUP : find_answer(text, ret);
}
