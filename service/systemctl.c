/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the manager, by way of systemctl(1). */
#include "service/systemctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/spawn.h"

#define MOST_WORDS 16

static int run(bool user, bool quiet, const char *const *words, char **ret)
{
	const char *argv[MOST_WORDS] = { "systemctl", user ? "--user" : "--system", "--no-pager",
					 "--no-ask-password" };
	size_t n = 4;
	int r;

	for (; *words && n + 1 < MOST_WORDS; words++)
		argv[n++] = *words;
	argv[n] = NULL;
	r = spawn(argv, quiet, ret);
	return r < 0 ? diag_errno(r, "cannot run systemctl") : r;
}

int systemctl(bool user, bool quiet, const char *const *words)
{
	return run(user, quiet, words, NULL);
}

int systemctl_unit(bool user, const char *verb, const char *unit)
{
	return systemctl(user, false, (const char *const[]){ verb, "--", unit, NULL });
}

/* The last line of the version has them: "+PAM -BPF_FRAMEWORK". */
bool systemctl_has_feature(const char *feature)
{
	auto_free char *text = NULL, *without = NULL;

	if (asprintf(&without, " -%s ", feature) < 0) {
		without = NULL;
		return true;
	}
	if (spawn((const char *const[]){ "systemctl", "--version", NULL }, true, &text) != 0)
		return true;
	return !strstr(text, without);
}

static int split(char *text, struct properties *ret)
{
	size_t n = 0;
	char **lines;

	for (const char *c = text; *c; c++)
		n += *c == '\n';
	lines = calloc(n + 1, sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	n = 0;
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
		char *equals = strchr(line, '=');

		if (!equals)
			continue;
		*equals = '\0';
		lines[n++] = line;
	}
	*ret = (struct properties){ text, lines, n };
	return 0;
}

int systemctl_show(bool user, const char *unit, const char *names, struct properties *ret)
{
	auto_free char *text = NULL;
	int r = run(user, false, (const char *const[]){ "show", "-p", names, "--", unit, NULL },
		    &text);

	if (r != 0)
		return r < 0 ? r : diag(-EIO, "systemctl show does not answer for %s", unit);
	r = split(text, ret);
	if (r < 0)
		return diag(r, "out of memory");
	(void)take_ptr(text);
	return 0;
}

void properties_clear(struct properties *properties)
{
	free(properties->text);
	free(properties->lines);
	*properties = (struct properties){ 0 };
}

const char *property(const struct properties *properties, const char *name)
{
	for (size_t i = 0; i < properties->n; i++)
		if (strcmp(properties->lines[i], name) == 0)
			return properties->lines[i] + strlen(name) + 1;
	return "";
}

char *property_word(char **rest)
{
	char *from = *rest + strspn(*rest, " "), *word = from, *to = from;
	bool quoted = *from == '"';

	if (!*from)
		return NULL;
	for (from += quoted; *from && *from != (quoted ? '"' : ' '); from++) {
		if (*from == '\\' && quoted && from[1])
			from++;
		*to++ = *from;
	}
	*rest = from + (*from != '\0');
	*to = '\0';
	return word;
}
