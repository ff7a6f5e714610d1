/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Modes of files as people write them, in octal. */
#include "sysdb/modes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

char *mode_format(uint64_t mode)
{
	char *text;

	return asprintf(&text, "%#" PRIo64, mode) < 0 ? NULL : text;
}

/* Eleven digits hold the 32 bits of an argument. */
#define MOST_DIGITS 12

int mode_parse(const char *word, uint64_t *ret)
{
	size_t length = strlen(word);
	uint64_t mode = 0;

	if (word[0] != '0' || length > MOST_DIGITS || strspn(word, "01234567") != length)
		return -EINVAL;
	for (const char *digit = word; *digit; digit++)
		mode = mode << 3 | (uint64_t)(*digit - '0');
	*ret = mode;
	return 0;
}
