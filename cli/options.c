/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options by table: GNU long options and short forms, up to the first operand or among them. */
#include "cli/options.h"

#include <string.h>

#include "base/diag.h"

static const struct option_row help_row = {
	OPTION_HELP, 'h', "help", NULL, "show this help",
};

/* The row that MATCHES accepts, over all tables and the row of --help. */
static const struct option_row *find_row(const struct option_row *const *tables,
					 bool (*matches)(const struct option_row *, const char *),
					 const char *word)
{
	for (; *tables; tables++)
		for (const struct option_row *row = *tables; row->name; row++)
			if (matches(row, word))
				return row;
	return matches(&help_row, word) ? &help_row : NULL;
}

static bool is_letter(const struct option_row *row, const char *word)
{
	return row->letter && row->letter == word[0];
}

/* WORD is "name" or "name=value"; whole names only: abbreviations break scripts later. */
static bool is_name(const struct option_row *row, const char *word)
{
	size_t n = strcspn(word, "=");

	return strlen(row->name) == n && strncmp(row->name, word, n) == 0;
}

static int missing_value(const struct option_parser *p, const struct option_row *row)
{
	return diag(OPTIONS_BAD, "%s: --%s needs a value: --%s=%s", p->argv[0], row->name,
		    row->name, row->value);
}

/* The value of ROW is the next word. */
static int take_next_word(struct option_parser *p, const struct option_row *row)
{
	if (p->index + 1 >= p->argc)
		return missing_value(p, row);
	p->value = p->argv[p->index + 1];
	p->index += 2;
	return row->id;
}

static int long_option(struct option_parser *p, const char *word)
{
	const struct option_row *row = find_row(p->tables, is_name, word);
	const char *equals = strchr(word, '=');

	if (!row)
		return diag(OPTIONS_BAD, "%s: unknown option '--%.*s'", p->argv[0],
			    (int)strcspn(word, "="), word);
	if (!row->value && equals)
		return diag(OPTIONS_BAD, "%s: --%s takes no value", p->argv[0], row->name);
	if (row->value && row->value[0] != '[' && !equals)
		return take_next_word(p, row);
	p->value = equals ? equals + 1 : NULL;
	p->index++;
	return row->id;
}

/* One letter a word unless it has a value: -o FILE, -oFILE; letters are not bundled. */
static int short_option(struct option_parser *p, const char *word)
{
	const struct option_row *row = find_row(p->tables, is_letter, word);

	if (!row || (!row->value && word[1]))
		return diag(OPTIONS_BAD, "%s: unknown option '-%s'", p->argv[0], word);
	if (row->value && !word[1])
		return take_next_word(p, row);
	p->value = row->value ? word + 1 : NULL;
	p->index++;
	return row->id;
}

/* Moves the operand at `index` to those before it, over options that were taken. */
static void gather_operand(struct option_parser *p)
{
	p->argv[1 + p->n_operands++] = p->argv[p->index++];
}

static int end_options(struct option_parser *p)
{
	if (!p->mixed)
		return OPTIONS_DONE;
	while (p->index < p->argc)
		gather_operand(p);
	p->index = 1;
	p->argc = 1 + p->n_operands;
	p->argv[p->argc] = NULL;
	return OPTIONS_DONE;
}

/* "-" alone is an operand. */
static bool is_operand(const char *word)
{
	return word[0] != '-' || !word[1];
}

int options_next(struct option_parser *p)
{
	const char *word;

	while (p->mixed && p->index < p->argc && is_operand(p->argv[p->index]))
		gather_operand(p);
	p->value = NULL;
	word = p->index < p->argc ? p->argv[p->index] : NULL;
	if (!word || is_operand(word))
		return end_options(p);
	if (strcmp(word, "--") == 0) {
		p->index++;
		return end_options(p);
	}
	return word[1] == '-' ? long_option(p, word + 2) : short_option(p, word + 1);
}

#define HELP_COLUMN 26
#define HELP_WIDTH 80

/* Prints TEXT from HELP_COLUMN on, broken at blanks; `at` is the column already reached. */
static void print_wrapped(const char *text, int at, FILE *out)
{
	if (at >= HELP_COLUMN) {
		fputc('\n', out);
		at = 0;
	}
	for (;;) {
		size_t room = HELP_WIDTH - HELP_COLUMN, n = strlen(text);

		fprintf(out, "%*s", HELP_COLUMN - at, "");
		if (n <= room) {
			fprintf(out, "%s\n", text);
			return;
		}
		for (n = room; n > 0 && text[n] != ' '; n--)
			;
		n = n ? n : room;
		fprintf(out, "%.*s\n", (int)n, text);
		text += n + (text[n] == ' ');
		at = 0;
	}
}

static void print_row(const struct option_row *row, FILE *out)
{
	char letter[] = { '-', row->letter, ',', '\0' };
	const bool optional = row->value && row->value[0] == '[';
	int at = fprintf(out, "  %3s --%s%s%s%s", row->letter ? letter : "", row->name,
			 optional ? "[" : "", row->value ? "=" : "",
			 row->value ? row->value + optional : "");

	print_wrapped(row->help, at, out);
}

void options_print_help(const struct option_row *const *tables, FILE *out)
{
	fputs("Options:\n", out);
	for (; *tables; tables++)
		for (const struct option_row *row = *tables; row->name; row++)
			print_row(row, out);
	print_row(&help_row, out);
}
