/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arbitrary bytes inside somebody else's syntax: nothing that a traced program named may end a
 * literal, start a line or become a directive.
 */
#ifndef LEARN_EMITTER_QUOTE_H
#define LEARN_EMITTER_QUOTE_H

#include <stdbool.h>
#include <stdio.h>

/* A C string literal with its quotes. */
void quote_c(FILE *out, const char *bytes);

/*
 * Text within a comment, of any of our formats: it stays on its line, ends no comment and, because
 * compilers warn of that, seems to begin none.
 */
void quote_comment(FILE *out, const char *bytes);

/* Whether a path can be written into a systemd unit at all: printable UTF-8 can. */
bool systemd_can_quote(const char *path);
/* A word of a systemd unit's list of paths, in quotes, after PREFIX ("-"). */
void quote_systemd_path(FILE *out, const char *prefix, const char *path);

/* Whether NAME is a C identifier. */
bool is_identifier(const char *name);
/* The nearest identifier to a file's name without its directory and suffix; to be freed. */
char *make_identifier(const char *path);

#endif
