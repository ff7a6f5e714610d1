/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arbitrary bytes inside somebody else's syntax. */
#include "emitter/quote.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"

/* Characters that are not seen or change the order of what is seen (Unicode: Cc, Cf, Zl, Zp). */
static const struct {
	uint32_t first, last;
} invisible[] = {
	{ 0x0000, 0x001f },   { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x061c, 0x061c },
	{ 0x180e, 0x180e },   { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0xfeff, 0xfeff },   { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
};

static uint32_t decode(const char *s, size_t n)
{
	static const unsigned char lead_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)s[0] & lead_bits[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

/* The length of the printable character at S, or 0. */
static size_t printable(const char *s)
{
	size_t n = utf8_sequence(s, strlen(s));
	uint32_t c = n ? decode(s, n) : 0;

	for (size_t i = 0; n && i < ARRAY_SIZE(invisible); i++)
		if (c >= invisible[i].first && c <= invisible[i].last)
			return 0;
	return n;
}

/* Two question marks could begin a trigraph. */
static bool ends_question_marks(const char *bytes, const char *s)
{
	return s > bytes && s[0] == '?' && s[-1] == '?';
}

void quote_c(FILE *out, const char *bytes)
{
	fputc('"', out);
	for (const char *s = bytes; *s;) {
		size_t n = printable(s);
		bool escaped = strchr("\"\\", *s) || ends_question_marks(bytes, s);

		if (n == 0) /* three digits: a digit that follows is no part of it */
			fprintf(out, "\\%03o", (unsigned char)*s);
		else
			fprintf(out, "%s%.*s", escaped ? "\\" : "", (int)n, s);
		s += n ? n : 1;
	}
	fputc('"', out);
}

void quote_comment(FILE *out, const char *bytes)
{
	for (const char *s = bytes; *s;) {
		size_t n = printable(s);
		bool escaped = *s == '\\' || ends_question_marks(bytes, s) ||
			       (s > bytes && ((s[0] == '/' && s[-1] == '*') ||
					      (s[0] == '*' && s[-1] == '/')));

		if (n == 0)
			fprintf(out, "\\x%02x", (unsigned char)*s);
		else
			fprintf(out, "%s%.*s", escaped ? "\\" : "", (int)n, s);
		s += n ? n : 1;
	}
}

/* Characters that mean nothing to a shell wherever they stand. */
static bool is_plain(const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-./:=,+@%";

	return *s && s[strspn(s, plain)] == '\0';
}

static void quote_by_printf(FILE *out, const char *word)
{
	fputs("\"$(printf '", out);
	for (const char *s = word; *s;) {
		size_t n = printable(s);

		if (*s == '\n')
			fputs("\\n", out);
		else if (n == 0 || *s == '\'')
			fprintf(out, "\\%03o", (unsigned char)*s);
		else
			fprintf(out, "%s%.*s", *s == '%' ? "%" : *s == '\\' ? "\\" : "", (int)n, s);
		s += n ? n : 1;
	}
	fputs("')\"", out);
}

void quote_shell(FILE *out, const char *word)
{
	if (is_plain(word)) {
		fputs(word, out);
		return;
	}
	if (!systemd_can_quote(word)) { /* something that is not printable */
		quote_by_printf(out, word);
		return;
	}
	fputc('\'', out);
	for (const char *s = word; *s; s++) {
		if (*s == '\'')
			fputs("'\\'", out);
		fputc(*s, out);
	}
	fputc('\'', out);
}

bool systemd_can_quote(const char *path)
{
	for (const char *s = path; *s;) {
		size_t n = printable(s);

		if (n == 0)
			return false;
		s += n;
	}
	return true;
}

void quote_systemd_path(FILE *out, const char *prefix, const char *path)
{
	fprintf(out, "\"%s", prefix);
	for (const char *s = path; *s; s++) {
		if (strchr("\"\\", *s)) /* systemd takes the character after a backslash as it is */
			fputc('\\', out);
		else if (*s == '%') /* else a specifier: systemd.unit(5) */
			fputc('%', out);
		fputc(*s, out);
	}
	fputc('"', out);
}

bool is_utf8(const char *bytes)
{
	size_t n;

	while ((n = utf8_sequence(bytes, strlen(bytes))) > 0)
		bytes += n;
	return !*bytes;
}

/* JSON's escapes have four digits: what takes more stands for itself. */
void quote_json(FILE *out, const char *text)
{
	fputc('"', out);
	for (const char *s = text; *s;) {
		size_t n = printable(s), raw = n ? n : utf8_sequence(s, strlen(s));
		uint32_t c = raw ? decode(s, raw) : (unsigned char)*s;

		if (n == 0 && c <= 0xffff)
			fprintf(out, "\\u%04x", c);
		else
			fprintf(out, "%s%.*s", strchr("\"\\", *s) ? "\\" : "", (int)raw, s);
		s += raw ? raw : 1;
	}
	fputc('"', out);
}

/* By number, because apparmor_parser takes a quote after two backslashes for an escaped one. */
static void quote_apparmor_character(FILE *out, const char *s, size_t n)
{
	if (n == 0 || strchr("\"\\", *s)) /* three digits: a digit that follows is no part of it */
		fprintf(out, "\\%03o", (unsigned char)*s);
	else
		fprintf(out, "%s%.*s", strchr("?*[]{}^", *s) ? "\\" : "", (int)n, s);
}

void quote_apparmor(FILE *out, const char *path, const char *suffix)
{
	fputc('"', out);
	for (const char *s = path; *s;) {
		size_t n = printable(s);

		quote_apparmor_character(out, s, n);
		s += n ? n : 1;
	}
	fprintf(out, "%s\"", suffix);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool is_identifier(const char *name)
{
	if (!*name || isdigit((unsigned char)*name))
		return false;
	while (is_word(*name))
		name++;
	return !*name;
}

char *make_identifier(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');
	size_t n = dot && dot > base ? (size_t)(dot - base) : strlen(base);
	char *name = NULL;

	if (asprintf(&name, "%s%.*s", n == 0 || isdigit((unsigned char)*base) ? "_" : "", (int)n,
		     base) < 0)
		return NULL;
	for (char *c = name; *c; c++)
		if (!is_word(*c))
			*c = '_';
	return name;
}
