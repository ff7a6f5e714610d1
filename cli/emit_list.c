/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn emit --list: the formats, and which of them can carry which kinds of rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/emit_more.h"

#define WIDTH 80
/* The widest name of a kind, and what stands before it. */
#define INDENT 23

static void print_kind(size_t kind)
{
	size_t column = INDENT;

	printf("  %-*s", INDENT - 3, emitter_kind(kind));
	for (const struct emitter *e = emitters; e->name; e++) {
		if (!emitter_carries(e, kind))
			continue;
		if (column + strlen(e->name) >= WIDTH) {
			printf("\n%*s", INDENT - 1, "");
			column = INDENT;
		}
		column += (size_t)printf(" %s", e->name);
	}
	putchar('\n');
}

int emit_print_list(void)
{
	for (const struct emitter *e = emitters; e->name; e++)
		printf("%-15s%-11s%s\n", e->name, e->suffix, e->help);
	printf("\n  %-*s%s\n", INDENT - 2, "KIND OF RULE", "FORMATS THAT CAN SAY IT");
	for (size_t i = 0; emitter_kind(i); i++)
		print_kind(i);
	return EXIT_SUCCESS;
}
