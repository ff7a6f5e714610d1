/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of names, each once. */
#ifndef LEARN_SERVICE_NAMES_H
#define LEARN_SERVICE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct names {
	char **v;
	size_t n;
};

bool names_have(const struct names *names, const char *name);
/* Adds a copy unless it is there. 0 or -ENOMEM. */
int names_add(struct names *names, const char *name);
void names_clear(struct names *names);

#endif
