/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The syntax of values in strace's output. */
#ifndef LEARN_IMPORTER_TEXT_H
#define LEARN_IMPORTER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sysdb/argspecs.h"

/*
 * The first character of STOPS in S that is not within brackets, a string, a comment or the
 * decoration of a descriptor (3</etc/passwd>); or the end.
 */
char *text_find(char *s, const char *stops);

/* Splits at commas, in place; blanks around go. At most MOST; returns how many there are. */
size_t text_split(char *s, char *words[], size_t most);

/* S without the blanks around it; in place. */
char *text_trim(char *s);

/*
 * The bytes of a quoted string ("a\tb"), for the caller to free. -EINVAL where WORD is none, was
 * cut ("abc"...) or holds a NUL byte.
 */
int text_string(const char *word, char **ret);
/* The same where NUL bytes may be inside. */
int text_bytes(const char *word, char **ret, size_t *ret_len);

/*
 * What -y says a descriptor is (3</etc/passwd>), for the caller to free; NULL without. Only paths:
 * no sockets and pipes.
 */
char *text_decoration(const char *word);

/*
 * A number, by itself or with a comment, or names joined by '|'; SPEC's names are known, and those
 * that calls have in common. 0 or -EINVAL.
 */
int text_value(const char *word, const struct argspec *spec, uint64_t *ret);

/* The value of a member: "flags" of {flags=O_RDONLY, resolve=0}; NULL without. In place. */
char *text_member(char *word, const char *name);

#endif
