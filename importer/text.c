/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The syntax of values in strace's output. */
#include "importer/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "importer/words.h"

/* ---- finding ---- */

/* Past a string that begins at S. */
static char *skip_string(char *s)
{
	for (s++; *s && *s != '"'; s++)
		if (*s == '\\' && s[1])
			s++;
	return *s ? s + 1 : s;
}

/* Past a decoration that begins at S: it nests, "->" is no end, and strace escapes < and >. */
static char *skip_decoration(char *s)
{
	int depth = 0;

	for (; *s; s++) {
		depth += *s == '<';
		if (*s == '>' && s[-1] != '-' && --depth == 0)
			return s + 1;
	}
	return s;
}

static char *skip_comment(char *s)
{
	char *end = strstr(s + 2, "*/");

	return end ? end + 2 : s + strlen(s);
}

/* Past what begins at S if it hides what is in it, else S. */
static char *skip_hidden(char *s, const char *start)
{
	if (*s == '"')
		return skip_string(s);
	if (*s == '/' && s[1] == '*')
		return skip_comment(s);
	if (*s == '<' && s[1] == '<') /* 1<<4 */
		return s + 2;
	if (*s == '<' && s > start && isalnum((unsigned char)s[-1]))
		return skip_decoration(s);
	return s;
}

char *text_find(char *s, const char *stops)
{
	const char *start = s;
	int depth = 0;

	while (*s) {
		char *after = skip_hidden(s, start);

		if (after != s) {
			s = after;
			continue;
		}
		if (depth == 0 && strchr(stops, *s))
			return s;
		depth += strchr("([{", *s) != NULL;
		depth -= depth > 0 && strchr(")]}", *s) != NULL;
		s++;
	}
	return s;
}

char *text_trim(char *s)
{
	char *end = s + strlen(s);

	while (isspace((unsigned char)*s))
		s++;
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return s;
}

size_t text_split(char *s, char *words[], size_t most)
{
	size_t n = 0;

	while (n < most && *s) {
		char *end = text_find(s, ",");
		bool last = !*end;

		*end = '\0';
		words[n++] = text_trim(s);
		if (last)
			break;
		s = end + 1;
	}
	return n;
}

char *text_member(char *word, const char *name)
{
	size_t length = strlen(name);
	char *s = *word == '{' ? word + 1 : word;

	while (*s) {
		char *end = text_find(s, ",}");
		bool last = *end != ',';

		s += strspn(s, " ");
		if (strncmp(s, name, length) == 0 && s[length] == '=') {
			*end = '\0';
			return s + length + 1;
		}
		if (last)
			return NULL;
		s = end + 1;
	}
	return NULL;
}

/* ---- strings ---- */

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character of the escape at *S, behind its backslash; *S is then past it. */
static char unescape(const char **s)
{
	static const char letters[] = "nrtvfabe", values[] = "\n\r\t\v\f\a\b\033";
	const char *at = *s, *letter = *at ? strchr(letters, *at) : NULL;
	int value = 0;

	if (*at == 'x' && hex_digit(at[1]) >= 0) {
		for (at++; at < *s + 3 && hex_digit(*at) >= 0; at++)
			value = value * 16 + hex_digit(*at);
		*s = at;
		return (char)value;
	}
	if (is_octal(*at)) {
		for (; at < *s + 3 && is_octal(*at); at++)
			value = value * 8 + (*at - '0');
		*s = at;
		return (char)value;
	}
	(*s)++;
	return letter ? values[letter - letters] : *at;
}

/* Decodes up to STOP; *S is then there. NUL-terminated, *n without that; NULL without memory. */
static char *decode(const char **s, char stop, size_t *n)
{
	char *bytes = malloc(strlen(*s) + 1), *to = bytes;

	while (bytes && **s && **s != stop) {
		if (**s == '\\' && (*s)[1]) {
			(*s)++;
			*to++ = unescape(s);
		} else {
			*to++ = *(*s)++;
		}
	}
	if (bytes) {
		*to = '\0';
		*n = (size_t)(to - bytes);
	}
	return bytes;
}

int text_bytes(const char *word, char **ret, size_t *ret_len)
{
	auto_free char *bytes = NULL;

	if (*word != '"')
		return -EINVAL;
	word++;
	bytes = decode(&word, '"', ret_len);
	if (!bytes || strcmp(word, "\"") != 0)
		return -EINVAL;
	*ret = take_ptr(bytes);
	return 0;
}

int text_string(const char *word, char **ret)
{
	auto_free char *bytes = NULL;
	size_t n;

	if (text_bytes(word, &bytes, &n) < 0 || strlen(bytes) != n)
		return -EINVAL;
	*ret = take_ptr(bytes);
	return 0;
}

char *text_decoration(const char *word)
{
	const char *path = strchr(word, '<');
	size_t length;
	char *end, *bytes;

	if (!path || *word == '"' || path[1] != '/')
		return NULL;
	path++;
	bytes = decode(&path, '>', &length);
	if (!bytes)
		return NULL;
	end = strchr(bytes, '<'); /* -yy: /dev/null<char 1:3> */
	if (end)
		*end = '\0';
	else if (length > 10 && strcmp(bytes + length - 10, " (deleted)") == 0)
		bytes[length - 10] = '\0';
	return bytes;
}

/* ---- values ---- */

static int octal(const char *word, uint64_t *ret)
{
	uint64_t value = 0;

	if (*word != '0' || !word[1])
		return -EINVAL;
	for (; *word; word++) {
		if (!is_octal(*word) || value >> 60)
			return -EINVAL;
		value = value * 8 + (uint64_t)(*word - '0');
	}
	*ret = value;
	return 0;
}

static int number(const char *word, uint64_t *ret)
{
	bool negative = *word == '-';
	uint64_t value;

	if (octal(word, ret) == 0)
		return 0;
	if (parse_u64(word + negative, UINT64_MAX, &value) < 0)
		return -EINVAL;
	*ret = negative ? -value : value;
	return 0;
}

/* _IOC(_IOC_READ|_IOC_WRITE, 0x54, 0x13, 0x8): <asm-generic/ioctl.h>. */
static int ioctl_code(char *word, const struct argspec *spec, uint64_t *ret)
{
	static const char prefix[] = "_IOC(";
	static const unsigned shifts[] = { 30, 8, 0, 16 };
	char *words[5], *end = strrchr(word, ')');
	uint64_t code = 0, part;

	if (strncmp(word, prefix, strlen(prefix)) != 0 || !end || end[1])
		return -EINVAL;
	*end = '\0';
	if (text_split(word + strlen(prefix), words, 5) != 4)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(shifts); i++) {
		if (text_value(words[i], spec, &part) < 0)
			return -EINVAL;
		code |= part << shifts[i];
	}
	*ret = (uint32_t)code;
	return 0;
}

static int shifted(char *word, uint64_t *ret)
{
	char *shift = strstr(word, "<<");
	uint64_t value, by;

	if (!shift)
		return -EINVAL;
	*shift = '\0';
	if (number(word, &value) < 0 || parse_u64(shift + 2, 63, &by) < 0)
		return -EINVAL;
	*ret = value << by;
	return 0;
}

/* One of the names that an OR joins. */
static int term(char *word, const struct argspec *spec, uint64_t *ret)
{
	if (strcmp(word, "NULL") == 0) {
		*ret = 0;
		return 0;
	}
	if (number(word, ret) == 0 || (spec && argspec_parse(spec, word, ret) == 0) ||
	    word_value(word, ret) == 0)
		return 0;
	return shifted(word, ret);
}

static int joined(char *word, const struct argspec *spec, uint64_t *ret)
{
	uint64_t all = 0, one;
	char *part;

	while ((part = strsep(&word, "|"))) {
		if (term(text_trim(part), spec, &one) < 0)
			return -EINVAL;
		all |= one;
	}
	*ret = all;
	return 0;
}

/* Older versions name all requests with the same number: "SNDCTL_TMR_TIMEBASE or TCGETS". */
static int any_of(char *word, const struct argspec *spec, uint64_t *ret)
{
	for (char *other; word; word = other) {
		other = strstr(word, " or ");
		if (other) {
			*other = '\0';
			other += 4;
		}
		if (joined(word, spec, ret) == 0)
			return 0;
	}
	return -EINVAL;
}

/* -X verbose writes each number with its name as a comment, and joins them. */
static void drop_comments(char *s)
{
	char *start;

	while ((start = strstr(s, "/*"))) {
		char *after = skip_comment(start);

		memmove(start, after, strlen(after) + 1);
	}
}

int text_value(const char *word, const struct argspec *spec, uint64_t *ret)
{
	auto_free char *copy = strdup(word);
	char *end;

	if (!copy)
		return -EINVAL;
	drop_comments(copy);
	end = strchr(copy, '<');
	if (end && end[1] != '<')
		*end = '\0'; /* a descriptor's decoration */
	word = text_trim(copy);
	if (!*word)
		return -EINVAL;
	return ioctl_code((char *)word, spec, ret) == 0 ? 0 : any_of((char *)word, spec, ret);
}
