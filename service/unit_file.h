/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of unit files as they were written (systemd.syntax(7)): nothing is expanded. */
#ifndef LEARN_SERVICE_UNIT_FILE_H
#define LEARN_SERVICE_UNIT_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct setting {
	char *name, *value; /* continued lines joined; no white space around */
};

/* Of the section [Service], in the order in which the manager reads them. */
struct settings {
	struct setting *v;
	size_t n;
};

/* Adds those of TEXT. 0 or -ENOMEM. */
int settings_parse(struct settings *settings, const char *text);
/* Adds those of OTHERS, as if they came after. 0 or -ENOMEM. */
int settings_join(struct settings *settings, const struct settings *others);
/* Adds those of the file PATH. 0 or -errno after a message. */
int settings_read(struct settings *settings, const char *path);
void settings_clear(struct settings *settings);

/* Whether a line of that name has a value that no later empty one takes back. */
bool settings_has(const struct settings *settings, const char *name);
/* The index of the first line of that name which counts: past the last empty one; or n. */
size_t settings_first(const struct settings *settings, const char *name);
/* The value that the last line of that name gives, or NULL. */
const char *settings_last(const struct settings *settings, const char *name);

#endif
