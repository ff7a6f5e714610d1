/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arbitrary bytes as UTF-8 text and back.
 *
 * Paths and arguments are bytes; JSON and terminals take text. In the text form a backslash is
 * written `\\` and every byte that is no part of a valid UTF-8 sequence `\xHH`; all else stands
 * for itself. The form is canonical: text = bytes_to_text(bytes) has one spelling.
 */
#ifndef LEARN_BASE_BYTES_H
#define LEARN_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the valid UTF-8 sequence at S (1 to 4), or 0 (RFC 3629: no surrogates). */
size_t utf8_sequence(const char *s, size_t len);

/* Whether the sequence of N bytes at S moves, hides or reorders what is around it. */
bool utf8_is_control(const char *s, size_t n);

/* The text form of LEN bytes, for the caller to free; NULL without memory. */
char *bytes_to_text(const char *bytes, size_t len);

/*
 * As bytes_to_text(), with control characters written `\xHH` byte by byte too, and characters that
 * change the direction of writing: one line that does nothing to a terminal but show. For the
 * caller to free; NULL without memory.
 */
char *bytes_to_line(const char *bytes, size_t len);

/*
 * The bytes of a text form, NUL-terminated, for the caller to free. -EINVAL for an escape that is
 * none, for one that is not canonical (`\x41`) and for a NUL byte; -ENOMEM.
 */
int text_to_bytes(const char *text, char **ret);

#endif
