/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words into numbers: the whole word or nothing. */
#include "base/parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int parse_u64(const char *word, uint64_t max, uint64_t *ret)
{
	int base = strncmp(word, "0x", 2) == 0 ? 16 : 10;
	const char *digits = base == 16 ? word + 2 : word;
	unsigned long long value;
	char *end;

	/* strtoull takes blanks, signs and a second prefix: a digit must come first. */
	if (base == 16 ? !isxdigit((unsigned char)digits[0]) || digits[1] == 'x' || digits[1] == 'X'
		       : !isdigit((unsigned char)digits[0]))
		return -EINVAL;
	errno = 0;
	value = strtoull(digits, &end, base);
	if (*end)
		return -EINVAL;
	if (errno == ERANGE || value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}
