/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of a service, made to come to be recorded. */
#include "service/exec_lines.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"

const char *const exec_names[] = {
	"ExecCondition", "ExecStartPre", "ExecStart",	 "ExecStartPost",
	"ExecReload",	 "ExecStop",	 "ExecStopPost", NULL,
};

/* The prefixes that we know how to keep; what is not among them is refused. */
#define PREFIXES "-@:+!"

void exec_quote(const char *word, FILE *out)
{
	fputc('"', out);
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			fputc('\\', out);
		if (*word == '%' || *word == '$')
			fputc(*word, out);
		fputc(*word, out);
	}
	fputc('"', out);
}

/* ---- words, as they are written ---- */

struct word {
	const char *start;
	size_t len;
};

/* The next word of *TEXT, with its quotes: up to white space that is in none. False: none left. */
static bool next_word(const char **text, struct word *ret)
{
	const char *c = *text + strspn(*text, " \t\r\n");
	char quote = '\0';

	ret->start = c;
	for (; *c && (quote || !strchr(" \t\r\n", *c)); c++) {
		if (*c == '\\' && c[1])
			c++;
		else if (*c == quote)
			quote = '\0';
		else if (!quote && (*c == '"' || *c == '\''))
			quote = *c;
	}
	ret->len = (size_t)(c - ret->start);
	*text = c;
	return ret->len > 0;
}

static bool is_separator(const struct word *word)
{
	return word->len == 1 && word->start[0] == ';';
}

/* ---- one command ---- */

struct command {
	const char *prefixes; /* within the first word, past a quote */
	size_t n_prefixes;
	bool quoted;	     /* the first word begins with a quote */
	struct word program; /* without prefixes; with its closing quote where it had one */
	struct word argv0;   /* after "@"; else empty */
	const char *args;    /* up to args_end */
	const char *args_end;
};

static bool has_prefix(const struct command *c, char prefix)
{
	return memchr(c->prefixes, prefix, c->n_prefixes);
}

/*
 * Takes the words up to a separator from *TEXT. 1, 0 when none is left, -EINVAL for what is no
 * command, or -ENOTSUP for one that a shell is to run.
 */
static int next_command(const char **text, struct command *ret)
{
	struct command c = { .prefixes = NULL };
	struct word word;
	const char *end;

	do
		if (!next_word(text, &word))
			return 0;
	while (is_separator(&word));
	c.quoted = *word.start == '"' || *word.start == '\'';
	c.prefixes = word.start + c.quoted;
	c.n_prefixes = strspn(c.prefixes, PREFIXES);
	c.program = (struct word){ c.prefixes + c.n_prefixes, word.len - c.n_prefixes - c.quoted };
	if (c.program.len == 0)
		return -EINVAL;
	if (*c.program.start == '|')
		return -ENOTSUP;
	if (has_prefix(&c, '@') && !next_word(text, &c.argv0))
		return -EINVAL;
	c.args = c.args_end = end = *text;
	while (next_word(&end, &word) && !is_separator(&word))
		c.args_end = end;
	*text = end;
	*ret = c;
	return 1;
}

static void put(const struct word *word, FILE *out)
{
	fwrite(word->start, 1, word->len, out);
}

static void write_command(const char *name, const struct command *c, const char *learn,
			  const char *socket, FILE *out)
{
	fprintf(out, "%s=", name);
	for (size_t i = 0; i < c->n_prefixes; i++)
		if (c->prefixes[i] != '@')
			fputc(c->prefixes[i], out);
	exec_quote(learn, out);
	fputs(" service exec --socket ", out);
	exec_quote(socket, out);
	if (c->argv0.len) {
		fputs(" --own-name ", out);
		put(&c->argv0, out);
	}
	fputs(" -- ", out);
	if (c->quoted)
		fputc(c->prefixes[-1], out);
	put(&c->program, out);
	fwrite(c->args, 1, (size_t)(c->args_end - c->args), out);
	fputc('\n', out);
}

static void write_as_it_was(const char *name, const struct command *c, FILE *out)
{
	fprintf(out, "%s=%.*s\n", name, (int)(c->args_end - c->prefixes + c->quoted),
		c->prefixes - c->quoted);
}

/* ---- all of them ---- */

struct visit {
	int (*command)(struct visit *visit, const char *name, const struct command *command);
	const char *learn, *socket;
	FILE *out;
	void (*see)(void *state, const char *name, const char *program);
	void *state;
};

/* How many were recorded, or -errno after a message. */
static int visit_value(struct visit *visit, const struct setting *s)
{
	const char *text = s->value;
	struct command c;
	int recorded = 0, r;

	while ((r = next_command(&text, &c)) > 0) {
		int n = visit->command(visit, s->name, &c);

		if (n < 0)
			return n;
		recorded += n;
	}
	if (r == -ENOTSUP)
		return diag(r,
			    "%s=%s: what has the prefix | is run by a shell of the user's, which "
			    "cannot be recorded",
			    s->name, s->value);
	return r < 0 ? diag(r, "cannot record this: %s=%s", s->name, s->value) : recorded;
}

static int visit_name(struct visit *visit, const struct settings *settings, const char *name)
{
	int recorded = 0;

	for (size_t i = settings_first(settings, name); i < settings->n; i++) {
		int r = strcmp(settings->v[i].name, name) == 0 ? visit_value(visit, &settings->v[i])
							       : 0;

		if (r < 0)
			return r;
		recorded += r;
	}
	return recorded;
}

static int rewrite(struct visit *visit, const char *name, const struct command *c)
{
	if (has_prefix(c, '+')) {
		write_as_it_was(name, c, visit->out);
		return 0;
	}
	write_command(name, c, visit->learn, visit->socket, visit->out);
	return 1;
}

int exec_lines_write(const struct settings *settings, const char *learn, const char *socket,
		     FILE *out)
{
	struct visit visit = { .command = rewrite, .learn = learn, .socket = socket, .out = out };
	int recorded = 0;

	for (const char *const *name = exec_names; *name; name++) {
		int r;

		if (settings_has(settings, *name))
			fprintf(out, "%s=\n", *name);
		r = visit_name(&visit, settings, *name);
		if (r < 0)
			return r;
		recorded += r;
	}
	return recorded;
}

/* ---- as a user ---- */

static int find_root(struct visit *visit, const char *name, const struct command *c)
{
	(void)visit;
	(void)name;
	return has_prefix(c, '!') && !has_prefix(c, '+');
}

static int write_as_user(struct visit *visit, const char *name, const struct command *c)
{
	fprintf(visit->out, "%s=%.*s", name, c->quoted, c->prefixes - c->quoted);
	for (size_t i = 0; i < c->n_prefixes; i++)
		if (c->prefixes[i] != '!')
			fputc(c->prefixes[i], visit->out);
	fprintf(visit->out, "%.*s\n", (int)(c->args_end - c->program.start), c->program.start);
	return 1;
}

int exec_lines_write_as_user(const struct settings *settings, const char *first, FILE *out)
{
	struct visit look = { .command = find_root };
	struct visit write = { .command = write_as_user, .out = out };
	int r = 0;

	for (const char *const *name = exec_names; *name && r >= 0; name++) {
		bool comes_first = *first && strcmp(*name, "ExecStartPre") == 0;

		r = visit_name(&look, settings, *name);
		if (r < 0 || (r == 0 && !comes_first))
			continue;
		fprintf(out, "%s=\n%s", *name, comes_first ? first : "");
		r = visit_name(&write, settings, *name);
	}
	return r < 0 ? r : 0;
}

/* ---- looking ---- */

static int show(struct visit *visit, const char *name, const struct command *c)
{
	auto_free char *program = strndup(c->program.start, c->program.len - c->quoted);

	if (!program)
		return -ENOMEM;
	if (!has_prefix(c, '+'))
		visit->see(visit->state, name, program);
	return 0;
}

int exec_lines_each(const struct settings *settings,
		    void (*see)(void *state, const char *name, const char *program), void *state)
{
	struct visit visit = { .command = show, .see = see, .state = state };
	int r = 0;

	for (const char *const *name = exec_names; *name && r >= 0; name++)
		r = visit_name(&visit, settings, *name);
	return r < 0 ? r : 0;
}
