/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words into numbers: the whole word or nothing. */
#ifndef LEARN_BASE_PARSE_H
#define LEARN_BASE_PARSE_H

#include <stdint.h>

/*
 * Reads an unsigned number in decimal, or in hexadecimal after 0x; no sign, no white space.
 * Returns 0, -EINVAL, or -ERANGE past MAX; *ret is untouched on failure.
 */
int parse_u64(const char *word, uint64_t max, uint64_t *ret);

#endif
