/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of unit files as they were written. */
#include "service/unit_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"

#define MOST_BYTES (1u << 20) /* systemd takes no longer lines */

static int add(struct settings *s, const char *name, size_t name_len, const char *value)
{
	struct setting *more = realloc(s->v, (s->n + 1) * sizeof(*more));
	struct setting new;

	if (!more)
		return -ENOMEM;
	s->v = more;
	new = (struct setting){ strndup(name, name_len), strdup(value) };
	if (!new.name || !new.value) {
		free(new.name);
		free(new.value);
		return -ENOMEM;
	}
	s->v[s->n++] = new;
	return 0;
}

static char *strip(char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strlen(text);
	while (n && isspace((unsigned char)text[n - 1]))
		text[--n] = '\0';
	return text;
}

struct reader {
	struct settings *settings;
	bool in_service;
};

/* A whole line: a section's heading or an assignment. */
static int take_line(struct reader *reader, char *text)
{
	char *line = strip(text), *equals = strchr(line, '=');
	size_t n;

	if (line[0] == '[') {
		reader->in_service = strcmp(line, "[Service]") == 0;
		return 0;
	}
	if (!equals || !reader->in_service)
		return 0;
	n = (size_t)(equals - line);
	while (n && isspace((unsigned char)line[n - 1]))
		n--;
	return add(reader->settings, line, n, strip(equals + 1));
}

static bool is_comment(const char *line)
{
	line += strspn(line, " \t");
	return *line == '#' || *line == ';';
}

/* Cuts the mark of a line that goes on. A backslash that another one escapes is none. */
static bool goes_on(char *line)
{
	size_t n = strlen(line), slashes = 0;

	if (n && line[n - 1] == '\r')
		line[--n] = '\0';
	while (slashes < n && line[n - 1 - slashes] == '\\')
		slashes++;
	if (slashes % 2 == 0)
		return false;
	line[n - 1] = ' ';
	return true;
}

int settings_parse(struct settings *settings, const char *text)
{
	struct reader reader = { .settings = settings };
	auto_free char *copy = strdup(text), *joined = calloc(1, strlen(text) + 1);
	char *rest = copy, *line;
	int r = copy && joined ? 0 : -ENOMEM;

	while (r == 0 && (line = strsep(&rest, "\n"))) {
		if (is_comment(line)) /* also between the parts of one line */
			continue;
		strcat(joined, line);
		if (goes_on(joined))
			continue;
		r = take_line(&reader, joined);
		joined[0] = '\0';
	}
	return r == 0 && joined[0] ? take_line(&reader, joined) : r;
}

int settings_read(struct settings *settings, const char *path)
{
	auto_free char *text = NULL;
	size_t len;
	int r = read_file(path, MOST_BYTES, &text, &len);

	if (r == 0)
		r = settings_parse(settings, text);
	return r < 0 ? diag_errno(r, "cannot read the unit's file %s", path) : 0;
}

int settings_join(struct settings *settings, const struct settings *others)
{
	int r = 0;

	for (size_t i = 0; i < others->n && r == 0; i++)
		r = add(settings, others->v[i].name, strlen(others->v[i].name),
			others->v[i].value);
	return r;
}

void settings_clear(struct settings *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].name);
		free(s->v[i].value);
	}
	free(s->v);
	*s = (struct settings){ 0 };
}

size_t settings_first(const struct settings *s, const char *name)
{
	size_t first = s->n;

	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->v[i].name, name) != 0)
			continue;
		if (!*s->v[i].value)
			first = s->n;
		else if (first == s->n)
			first = i;
	}
	return first;
}

bool settings_has(const struct settings *s, const char *name)
{
	return settings_first(s, name) < s->n;
}

const char *settings_last(const struct settings *s, const char *name)
{
	for (size_t i = s->n; i-- > 0;)
		if (strcmp(s->v[i].name, name) == 0)
			return s->v[i].value;
	return NULL;
}
