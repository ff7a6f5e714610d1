/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of files that will be other ones in the next run. */
#include "learner/path_names.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* ---- one name ---- */

#define RANDOM_LENGTH	6 /* the Xs of mkstemp(3) */
#define PYTHON_LENGTH	8 /* tempfile: "tmp" and eight of a-z, 0-9 and _ */
#define SHORTEST_NUMBER 4 /* what is shorter may well be a version */

/* Letters and digits of at least two kinds, among them a capital: 19 in 20 random names have it. */
static bool is_random(const char *s)
{
	bool upper = false, other = false;

	for (size_t i = 0; i < RANDOM_LENGTH; i++) {
		if (!isalnum((unsigned char)s[i]))
			return false;
		upper = upper || isupper((unsigned char)s[i]);
		other = other || !isupper((unsigned char)s[i]);
	}
	return upper && other;
}

static bool is_python_temporary(const char *name, size_t length)
{
	if (length != strlen("tmp") + PYTHON_LENGTH || strncmp(name, "tmp", 3) != 0)
		return false;
	for (size_t i = 3; i < length; i++)
		if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) &&
		    name[i] != '_')
			return false;
	return true;
}

bool name_is_temporary(const char *name, size_t length)
{
	const char *tail = name + length - RANDOM_LENGTH;

	if (is_python_temporary(name, length))
		return true;
	if (length <= RANDOM_LENGTH || !is_random(tail))
		return false;
	return strchr("._-#", tail[-1]) ||
	       (length == RANDOM_LENGTH + 3 && strncmp(name, "tmp", 3) == 0);
}

/* ---- names that are alike ---- */

/* The length of the hexadecimal number with a digit in it at S, if it is long; else 0. */
static size_t number_length(const char *s, const char *end)
{
	size_t n = 0;
	bool digit = false;

	for (; s + n < end && isxdigit((unsigned char)s[n]) && !isupper((unsigned char)s[n]); n++)
		digit = digit || isdigit((unsigned char)s[n]);
	return digit && n >= SHORTEST_NUMBER ? n : 0;
}

/*
 * The first LENGTH bytes of PATH with `*` for numbers in the last name, for the caller to free. A
 * name without one stays as it is. NULL without memory.
 */
static char *make_mold(const char *path, size_t length)
{
	const char *end = path + length, *name = memrchr(path, '/', length);
	char *mold = malloc(length + 1), *to = mold;

	if (!mold)
		return NULL;
	for (const char *s = path; s < end;) {
		size_t number = name && s > name ? number_length(s, end) : 0;

		*to++ = number ? '*' : *s;
		s += number ? number : 1;
	}
	*to = '\0';
	return mold;
}

static bool has_number(const char *mold, const char *path, size_t length)
{
	return strlen(mold) != length || memcmp(mold, path, length) != 0;
}

static int add_prefix(struct name_molds *molds, const char *path, size_t length)
{
	auto_free char *mold = NULL;
	uintptr_t count;

	if (map_get(&molds->seen, path, length))
		return 0;
	if (map_put(&molds->seen, path, length, molds) < 0)
		return -ENOMEM;
	mold = make_mold(path, length);
	if (!mold)
		return -ENOMEM;
	if (!has_number(mold, path, length))
		return 0;
	/* The count is the value itself. */
	count = (uintptr_t)map_remove(&molds->molds, mold, strlen(mold));
	return map_put(&molds->molds, mold, strlen(mold), (void *)(count + 1));
}

int name_molds_add(struct name_molds *molds, const char *path)
{
	size_t length = strlen(path);

	for (size_t end = 1; end <= length; end++)
		if ((end == length || path[end] == '/') && add_prefix(molds, path, end) < 0)
			return -ENOMEM;
	return 0;
}

void name_molds_clear(struct name_molds *molds)
{
	map_clear(&molds->seen, NULL);
	map_clear(&molds->molds, NULL);
}

size_t name_molds_count(const struct name_molds *molds, const char *path, size_t length)
{
	auto_free char *mold = make_mold(path, length);

	if (!mold || !has_number(mold, path, length))
		return 0;
	return (uintptr_t)map_get(&molds->molds, mold, strlen(mold));
}
