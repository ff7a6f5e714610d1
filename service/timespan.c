/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of time as systemd writes them. */
#include "service/timespan.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define SECOND UINT64_C(1000000)

/* As systemctl(1) prints them: format_timespan(). */
static const struct {
	const char *name;
	uint64_t microseconds;
} units[] = {
	{ "us", 1 },
	{ "ms", SECOND / 1000 },
	{ "s", SECOND },
	{ "min", 60 * SECOND },
	{ "h", 3600 * SECOND },
	{ "d", 86400 * SECOND },
	{ "w", 7 * 86400 * SECOND },
	{ "month", 2629800 * SECOND },
	{ "y", 31557600 * SECOND },
};

static uint64_t unit_of(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strlen(units[i].name) == n && strncmp(units[i].name, word, n) == 0)
			return units[i].microseconds;
	return 0;
}

/* A whole number, and the part of it behind a point, of a unit. -EINVAL, else the rest of TEXT. */
static int take_part(const char **text, uint64_t *sum)
{
	const char *c = *text;
	uint64_t value = 0, below_one = 0, scale = 1, unit;
	size_t n;

	for (; *c >= '0' && *c <= '9' && value < UINT32_MAX; c++)
		value = 10 * value + (uint64_t)(*c - '0');
	if (c == *text)
		return -EINVAL;
	if (*c == '.')
		for (c++; *c >= '0' && *c <= '9'; c++) {
			if (scale < SECOND) {
				below_one = 10 * below_one + (uint64_t)(*c - '0');
				scale *= 10;
			}
		}
	n = strcspn(c, " ");
	unit = unit_of(c, n);
	if (!unit || value > INT64_MAX / unit)
		return -EINVAL;
	*sum += value * unit + below_one * unit / scale;
	*text = c + n + strspn(c + n, " ");
	return 0;
}

int timespan_parse(const char *text, uint64_t *ret)
{
	uint64_t sum = 0;

	do {
		if (take_part(&text, &sum) < 0)
			return -EINVAL;
	} while (*text);
	*ret = sum;
	return 0;
}
