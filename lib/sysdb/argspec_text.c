/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of inspected arguments as text, and back. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sysdb/argspecs.h"

/* The name for all of VALUE. A flag beside a number is none: the number, if 0, has a name too. */
static const char *exact_name(const struct argspec *spec, uint64_t value)
{
	for (const struct arg_name *n = spec->names; n && n->name; n++)
		if (n->value == value && (!spec->number || !value || value & spec->number))
			return n->name;
	return NULL;
}

/* Small numbers read best in decimal, codes and addresses in hexadecimal. */
static int print_number(FILE *out, uint64_t value)
{
	return fprintf(out, value < 4096 ? "%" PRIu64 : "%#" PRIx64, value);
}

/* Whether a name is one of the number's (and not a flag's). */
static bool names_number(const struct argspec *spec, const struct arg_name *n)
{
	return spec->number && (n->value & ~spec->number) == 0;
}

/* The name of the number and those of the flags, in the order of the table, and what is left. */
static void print_bits(FILE *out, const struct argspec *spec, uint64_t value)
{
	const char *separator = "";
	uint64_t rest = value;

	for (const struct arg_name *n = spec->names; n && n->name; n++) {
		if (names_number(spec, n) ? (value & spec->number) != n->value
					  : !n->value || (rest & n->value) != n->value)
			continue;
		fprintf(out, "%s%s", separator, n->name);
		separator = "|";
		rest &= ~n->value;
	}
	if (rest || !*separator) {
		fputs(separator, out);
		print_number(out, rest);
	}
}

char *argspec_format(const struct argspec *spec, uint64_t value)
{
	uint64_t significant = argspec_significant(spec, value);
	const char *name = exact_name(spec, significant);
	char *text = NULL;
	size_t length;
	FILE *out;

	if (name)
		return strdup(name);
	if (spec->format_other)
		return spec->format_other(significant);
	out = open_memstream(&text, &length);
	if (!out)
		return NULL;
	if (spec->kind == ARG_FLAGS || spec->number)
		print_bits(out, spec, significant);
	else
		print_number(out, significant);
	if (fclose(out) < 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* One name or number. */
static int parse_part(const struct argspec *spec, const char *word, uint64_t *ret)
{
	for (const struct arg_name *n = spec->names; n && n->name; n++) {
		if (strcmp(n->name, word) == 0) {
			*ret = n->value;
			return 0;
		}
	}
	return parse_u64(word, spec->width == 32 ? UINT32_MAX : UINT64_MAX, ret) < 0 ? -EINVAL : 0;
}

int argspec_parse(const struct argspec *spec, const char *word, uint64_t *ret)
{
	auto_free char *copy = strdup(word);
	char *rest = copy, *part;
	uint64_t value = 0, bits;

	if (!copy)
		return -ENOMEM;
	if (spec->parse_other && spec->parse_other(word, ret) == 0)
		return 0;
	while ((part = strsep(&rest, "|"))) {
		if (parse_part(spec, part, &bits) < 0)
			return -EINVAL;
		value |= bits;
	}
	*ret = value;
	return 0;
}
