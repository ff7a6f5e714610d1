/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reader and writer of the file agree on; private to this room. */
#ifndef LEARN_PROFILE_FILE_H
#define LEARN_PROFILE_FILE_H

#include <stdint.h>

#define PROFILE_FORMAT "learn-profile"
#define PROFILE_VERSION 1

/* "2026-11-22T07:05:00.123Z" and its NUL. */
#define TIMESTAMP_SIZE 25

/* Milliseconds since 1970 as RFC 3339 in UTC; times outside 1970 to 9999 become the nearest. */
void timestamp_format(int64_t ms, char text[TIMESTAMP_SIZE]);
/* 0, or -EINVAL for any other spelling than that of timestamp_format(). */
int timestamp_parse(const char *text, int64_t *ret);

#endif
