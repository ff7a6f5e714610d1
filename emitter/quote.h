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

/*
 * A word for sh(1), bare where it can be. What would not show on a terminal is made by printf(1): a
 * newline at the end is lost then.
 */
void quote_shell(FILE *out, const char *word);

/* Whether a path can be written into a systemd unit at all: printable UTF-8 can. */
bool systemd_can_quote(const char *path);
/* A word of a systemd unit's list of paths, in quotes, after PREFIX ("-"). */
void quote_systemd_path(FILE *out, const char *prefix, const char *path);

/* Whether all bytes are UTF-8 text. */
bool is_utf8(const char *bytes);
/* A string of JSON, or a basic string of TOML, of UTF-8 text. */
void quote_json(FILE *out, const char *text);
/*
 * A path of an AppArmor rule, in quotes: any byte, and none of them a pattern or a variable. SUFFIX
 * follows as it is.
 */
void quote_apparmor(FILE *out, const char *path, const char *suffix);

/* Whether NAME is a C identifier. */
bool is_identifier(const char *name);
/* The nearest identifier to a file's name without its directory and suffix; to be freed. */
char *make_identifier(const char *path);

#endif
