/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arbitrary bytes as UTF-8 text and back. */
#include "base/bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

size_t utf8_sequence(const char *s, size_t len)
{
	static const struct {
		unsigned char first_low, first_high, second_low, second_high;
		size_t length;
	} forms[] = { /* RFC 3629, section 4 */
		{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	const unsigned char *u = (const unsigned char *)s;

	for (size_t i = 0; i < ARRAY_SIZE(forms) && len; i++) {
		size_t need = forms[i].length;

		if (u[0] < forms[i].first_low || u[0] > forms[i].first_high)
			continue;
		if (len < need || (need > 1 && (u[1] < forms[i].second_low ||
						u[1] > forms[i].second_high)))
			return 0;
		for (size_t k = 2; k < need; k++)
			if ((u[k] & 0xc0) != 0x80)
				return 0;
		return need;
	}
	return 0;
}

bool utf8_is_control(const char *s, size_t n)
{
	static const struct {
		const char *low, *high;
	} ranges[] = {
		{ "\x01", "\x1f" },                 /* C0 */
		{ "\x7f", "\x7f" },                 /* DEL */
		{ "\xc2\x80", "\xc2\x9f" },         /* C1: U+009B is as good as ESC [ */
		{ "\xd8\x9c", "\xd8\x9c" },         /* U+061C, Arabic letter mark */
		{ "\xe2\x80\x8b", "\xe2\x80\x8f" }, /* zero width, marks of direction */
		{ "\xe2\x80\xa8", "\xe2\x80\xae" }, /* separators, embeddings, overrides */
		{ "\xe2\x81\xa0", "\xe2\x81\xaf" }, /* joiners, isolates */
		{ "\xef\xbb\xbf", "\xef\xbb\xbf" }, /* byte order mark */
	};

	if (n == 1 && *s == '\0')
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (n == strlen(ranges[i].low) && memcmp(s, ranges[i].low, n) >= 0 &&
		    memcmp(s, ranges[i].high, n) <= 0)
			return true;
	return false;
}

static char *to_text(const char *bytes, size_t len, bool visible)
{
	char *text = malloc(4 * len + 1), *to = text;

	for (size_t i = 0; text && i < len;) {
		size_t n = utf8_sequence(bytes + i, len - i);

		if (n == 0 || (visible && utf8_is_control(bytes + i, n))) {
			for (size_t end = i + (n ? n : 1); i < end; i++)
				to += sprintf(to, "\\x%02x", (unsigned char)bytes[i]);
		} else if (bytes[i] == '\\') {
			to = stpcpy(to, "\\\\");
			i++;
		} else {
			memcpy(to, bytes + i, n);
			to += n;
			i += n;
		}
	}
	if (text)
		*to = '\0';
	return text;
}

char *bytes_to_text(const char *bytes, size_t len)
{
	return to_text(bytes, len, false);
}

char *bytes_to_line(const char *bytes, size_t len)
{
	return to_text(bytes, len, true);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int text_to_bytes(const char *text, char **ret)
{
	auto_free char *bytes = malloc(strlen(text) + 1), *again = NULL;
	char *to = bytes;

	if (!bytes)
		return -ENOMEM;
	for (const char *c = text; *c; c++) {
		if (*c != '\\') {
			*to++ = *c;
		} else if (c[1] == '\\') {
			*to++ = *++c;
		} else if (c[1] == 'x' && hex_digit(c[2]) >= 0 && hex_digit(c[3]) >= 0) {
			*to++ = (char)(hex_digit(c[2]) << 4 | hex_digit(c[3]));
			c += 3;
			if (!to[-1])
				return -EINVAL;
		} else {
			return -EINVAL;
		}
	}
	*to = '\0';
	again = bytes_to_text(bytes, (size_t)(to - bytes));
	if (!again)
		return -ENOMEM;
	if (strcmp(again, text) != 0)
		return -EINVAL;
	*ret = take_ptr(bytes);
	return 0;
}
