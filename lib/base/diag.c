/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to the user: one line each, in one write. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"

/*
 * A file name may hold escape sequences and newlines: a message stays one printable line. What has
 * been made visible before is not made so twice: a backslash stays.
 */
static void print_visible(FILE *out, const char *text)
{
	for (size_t left = strlen(text); left;) {
		size_t n = utf8_sequence(text, left);
		bool shown = n && !utf8_is_control(text, n);
		size_t taken = n ? n : 1;

		for (size_t i = 0; i < taken; i++)
			fprintf(out, shown ? "%c" : "\\x%02x", (unsigned char)text[i]);
		text += taken;
		left -= taken;
	}
}

static void say(const char *prefix, int err, const char *format, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void say(const char *prefix, int err, const char *format, va_list ap)
{
	char *text = NULL, *line = NULL;
	size_t length = 0;
	FILE *out;

	if (vasprintf(&text, format, ap) < 0)
		return;
	out = open_memstream(&line, &length);
	if (out) {
		fprintf(out, "learn: %s", prefix);
		print_visible(out, text);
		if (err)
			fprintf(out, ": %s", strerror(-err));
		fputc('\n', out);
		if (fclose(out) == 0) {
			ssize_t ignored = write(STDERR_FILENO, line, length);
			(void)ignored;
		}
	}
	free(line);
	free(text);
}

int diag(int err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say("", 0, format, ap);
	va_end(ap);
	return err;
}

int diag_errno(int err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say("", err, format, ap);
	va_end(ap);
	return err;
}

void diag_warn(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say("warning: ", 0, format, ap);
	va_end(ap);
}
