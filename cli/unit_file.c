/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a systemd unit says about the service that a drop-in is for. */
#include "cli/unit_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "service/sandbox.h"

/* systemd refuses longer lines than this, and no unit comes near it. */
#define LARGEST_UNIT (1u << 20)

void unit_facts_clear(struct unit_facts *facts)
{
	for (size_t i = 0; i < facts->n_commands; i++) {
		free(facts->commands[i].directive);
		free(facts->commands[i].program);
	}
	free(facts->commands);
	free(facts->user);
	free(facts->type);
	*facts = (struct unit_facts){ 0 };
}

/* ---- values ---- */

static int take_word(char **to, const char *value)
{
	char *copy = *value ? strdup(value) : NULL;

	if (*value && !copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

static void drop_commands(struct unit_facts *facts, const char *directive)
{
	size_t kept = 0;

	for (size_t i = 0; i < facts->n_commands; i++) {
		if (strcmp(facts->commands[i].directive, directive) == 0) {
			free(facts->commands[i].directive);
			free(facts->commands[i].program);
		} else {
			facts->commands[kept++] = facts->commands[i];
		}
	}
	facts->n_commands = kept;
}

static int add_command(struct unit_facts *facts, const char *directive, char *program)
{
	struct unit_command *larger =
		reallocarray(facts->commands, facts->n_commands + 1, sizeof(*larger));
	auto_free char *name = strdup(directive), *owned = program;

	if (larger)
		facts->commands = larger;
	if (!larger || !name || !owned)
		return -ENOMEM;
	facts->commands[facts->n_commands++] =
		(struct unit_command){ take_ptr(name), take_ptr(owned) };
	return 0;
}

/* The program behind systemd's prefixes; one that is no absolute path is not looked for. */
static int take_command(struct unit_facts *facts, const char *directive, const char *value)
{
	const char *start = value + strspn(value, "-@:+!");
	const char *end = *start == '"' ? strchr(start + 1, '"') : NULL;
	auto_free char *path = NULL, *real = NULL;

	if (!*value)
		drop_commands(facts, directive);
	if (end)
		start++;
	if (*start != '/')
		return 0;
	path = strndup(start, end ? (size_t)(end - start) : strcspn(start, " \t"));
	if (!path)
		return -ENOMEM;
	real = realpath(path, NULL);
	return add_command(facts, directive, real ? take_ptr(real) : take_ptr(path));
}

static int take(struct unit_facts *facts, const char *name, const char *value)
{
	if (strcmp(name, "User") == 0)
		return take_word(&facts->user, value);
	if (strcmp(name, "Type") == 0)
		return take_word(&facts->type, value);
	if (strcmp(name, "DynamicUser") == 0)
		facts->dynamic_user = setting_is_yes(value);
	if (strncmp(name, "Exec", 4) == 0 && strcmp(name, "ExecPaths") != 0 &&
	    strcmp(name, "ExecSearchPath") != 0)
		return take_command(facts, name, value);
	return 0;
}

/* ---- lines ---- */

/* Without white space at both ends. */
static char *strip(char *text)
{
	size_t n;

	text += strspn(text, " \t");
	for (n = strlen(text); n && strchr(" \t\n\r", text[n - 1]);)
		text[--n] = '\0';
	return text;
}

/* Joins the lines that end with a backslash to those that follow; comments between go. */
static char *next_logical(char **rest, unsigned *number)
{
	char *whole = NULL, *line;
	bool more = true;

	while (more && (line = strsep(rest, "\n"))) {
		char *text = strip(line), *joined;
		size_t n = strlen(text);
		bool comment = *text == '#' || *text == ';';

		++*number;
		if (comment && whole)
			continue;
		more = n && text[n - 1] == '\\' && !comment;
		if (more)
			text[n - 1] = ' ';
		if (asprintf(&joined, "%s%s", whole ? whole : "", text) < 0)
			joined = NULL;
		free(whole);
		whole = joined;
	}
	return whole;
}

static int read_line(struct unit_facts *facts, bool *in_service, char *text)
{
	char *equals = strchr(text, '=');

	if (!*text || *text == '#' || *text == ';')
		return 0;
	if (*text == '[') {
		*in_service = strcmp(text, "[Service]") == 0;
		return 0;
	}
	if (!equals)
		return -EINVAL;
	*equals = '\0';
	return *in_service ? take(facts, strip(text), strip(equals + 1)) : 0;
}

int unit_file_read(const char *path, struct unit_facts *ret)
{
	struct unit_facts cleanup(unit_facts_clear) facts = { 0 };
	auto_free char *text = NULL;
	bool in_service = false;
	unsigned number = 0;
	size_t length;
	char *rest;
	int err = read_file(path, LARGEST_UNIT, &text, &length);

	if (err < 0)
		return diag_errno(err, "%s", path);
	for (rest = text; rest;) {
		auto_free char *line = next_logical(&rest, &number);

		if (!line)
			return -ENOMEM;
		err = read_line(&facts, &in_service, strip(line));
		if (err == -EINVAL)
			return diag(err, "%s:%u: this is no unit file: a line without '='", path,
				    number);
		if (err < 0)
			return err;
	}
	*ret = facts;
	facts = (struct unit_facts){ 0 };
	return 0;
}
