/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to the user: one line each, in one write. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file name may hold escape sequences and newlines: a message stays one printable line. */
static void print_visible(FILE *out, const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c < 0x20 || *c == 0x7f)
			fprintf(out, "\\x%02x", *c);
		else
			fputc(*c, out);
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
