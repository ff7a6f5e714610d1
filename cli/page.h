/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: headings, one-line forms of untrusted strings, lists broken at 80 columns. */
#ifndef LEARN_CLI_PAGE_H
#define LEARN_CLI_PAGE_H

#include <stdbool.h>
#include <stdio.h>

struct page {
	FILE *out;
	bool bold;      /* headings stand out */
	bool no_memory; /* something could not be printed */
};

/* One line that stands out. */
void page_heading(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * What the bytes look like on one line (bytes_to_line()), for the caller to free. NULL without
 * memory, which the page then knows.
 */
char *page_visible(struct page *page, const char *bytes);
/* Prints that. */
void page_print(struct page *page, const char *bytes);

/* A paragraph, made visible and broken at blanks, from COLUMN on; further lines at INDENT. */
void page_paragraph(struct page *page, int column, int indent, const char *bytes);

/* A list whose items stay whole. */
struct wrap {
	struct page *page;
	int indent, column;
	bool first;
};

/* Begins a list where COLUMN columns of the line are taken; further lines begin at INDENT. */
struct wrap wrap_from(struct page *page, int column, int indent);
/* Prints SEPARATOR, a blank or a new line, and the item; only the item when it is the first. */
void wrap_item(struct wrap *w, const char *separator, const char *text);

#endif
