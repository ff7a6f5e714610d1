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

/* ---- the letters of a short template: mktemp(1) takes three, and mostly gets XXXX or more ---- */

#define SHORTEST_TAIL 4

/* Of the letters and digits that END follows, behind a separator in NAME; 0 when more or fewer. */
static size_t tail_length(const char *name, const char *end)
{
	size_t n = 0;

	while (end - n > name && isalnum((unsigned char)end[-1 - (ptrdiff_t)n]))
		n++;
	if (n < SHORTEST_TAIL || n >= RANDOM_LENGTH || end - n <= name + 1)
		return 0;
	return strchr("._-#", end[-1 - (ptrdiff_t)n]) ? n : 0;
}

/* A capital inside, among others: 4 in 5 of such tails have one, and few suffixes of people's. */
static bool is_random_tail(const char *tail, size_t n)
{
	bool inside = false, other = false;

	for (size_t i = 0; i < n; i++) {
		inside = inside || (i && isupper((unsigned char)tail[i]));
		other = other || !isupper((unsigned char)tail[i]);
	}
	return inside && other;
}

/* ---- molds: what is the same in names that are alike ---- */

struct mold {
	char *text; /* for the caller to free; NULL without memory */
	bool any;   /* there is something else in it than in the path */
	bool sure;  /* and it is no word of a person's */
};

/* Of the first LENGTH bytes of PATH: `*` for numbers in the last name, or `?` for its tail. */
static struct mold make_mold(const char *path, size_t length)
{
	const char *end = path + length, *name = memrchr(path, '/', length);
	struct mold mold = { .text = malloc(length + 1) };
	char *to = mold.text;
	size_t tail;

	if (!to)
		return mold;
	for (const char *s = path; s < end;) {
		size_t number = name && s > name ? number_length(s, end) : 0;

		*to++ = number ? '*' : *s;
		s += number ? number : 1;
		mold.any = mold.sure = mold.sure || number;
	}
	*to = '\0';
	tail = name && !mold.any ? tail_length(name, end) : 0;
	if (tail) {
		mold.any = true;
		mold.sure = is_random_tail(end - tail, tail);
		memset(to - tail, '?', tail);
	}
	return mold;
}

static void clear_mold(struct mold *mold)
{
	free(mold->text);
}

/* What a map of molds holds: a count, doubled, and one for a mold that some name is sure of. */
static uintptr_t with_one_more(uintptr_t held, bool sure)
{
	return (held + 2) | sure;
}

static size_t count_held(uintptr_t held)
{
	return held & 1 ? held >> 1 : 0;
}

static int add_prefix(struct name_molds *molds, const char *path, size_t length)
{
	struct mold cleanup(clear_mold) mold = { 0 };
	uintptr_t held;

	if (map_get(&molds->seen, path, length))
		return 0;
	if (map_put(&molds->seen, path, length, molds) < 0)
		return -ENOMEM;
	mold = make_mold(path, length);
	if (!mold.text)
		return -ENOMEM;
	if (!mold.any)
		return 0;
	held = (uintptr_t)map_remove(&molds->molds, mold.text, strlen(mold.text));
	return map_put(&molds->molds, mold.text, strlen(mold.text),
		       (void *)with_one_more(held, mold.sure));
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
	struct mold cleanup(clear_mold) mold = make_mold(path, length);

	if (!mold.text || !mold.any)
		return 0;
	return count_held((uintptr_t)map_get(&molds->molds, mold.text, strlen(mold.text)));
}
