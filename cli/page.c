/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: headings, one-line forms of untrusted strings, lists broken at 80 columns. */
#include "cli/page.h"

#include <stdarg.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"

#define WIDTH 80

void page_heading(struct page *page, const char *format, ...)
{
	va_list ap;

	fputs(page->bold ? "\033[1m" : "", page->out);
	va_start(ap, format);
	vfprintf(page->out, format, ap);
	va_end(ap);
	fputs(page->bold ? "\033[0m\n" : "\n", page->out);
}

/* The characters of UTF-8 text: close enough to its columns for a table. */
static int text_width(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

char *page_visible(struct page *page, const char *bytes)
{
	char *text = bytes ? bytes_to_line(bytes, strlen(bytes)) : strdup("");

	page->no_memory |= !text;
	return text;
}

void page_print(struct page *page, const char *bytes)
{
	auto_free char *text = page_visible(page, bytes);

	fputs(text ? text : "", page->out);
}

void wrap_item(struct wrap *w, const char *separator, const char *text)
{
	int width = text_width(text);

	if (!w->first) {
		fputs(separator, w->page->out);
		w->column += text_width(separator);
	}
	/* A separator may follow. */
	if (!w->first && w->column + 1 + width >= WIDTH) {
		fprintf(w->page->out, "\n%*s", w->indent, "");
		w->column = w->indent;
	} else if (!w->first) {
		fputc(' ', w->page->out);
		w->column++;
	}
	fputs(text, w->page->out);
	w->column += width;
	w->first = false;
}

struct wrap wrap_from(struct page *page, int column, int indent)
{
	return (struct wrap){ .page = page, .indent = indent, .column = column, .first = true };
}

void page_paragraph(struct page *page, int column, int indent, const char *bytes)
{
	auto_free char *text = page_visible(page, bytes);
	struct wrap w = wrap_from(page, column, indent);
	char *rest = text, *word;

	while (rest && (word = strsep(&rest, " ")))
		wrap_item(&w, "", word);
	fputc('\n', page->out);
}
