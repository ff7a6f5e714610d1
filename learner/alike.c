/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that are other ones in each run: process numbers, mkstemp's letters. */
#include "learner/alike.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_DIGITS	3 /* fewer are versions: libfoo.so.12, python3.11 */
#define LEAST_RANDOM	6 /* mkstemp(3); Python's tempfile has 8, mktemp(1) 10 */
#define LEAST_DIFFERENT 4

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return true;
}

enum letter { SMALL, CAPITAL, DIGIT };

static enum letter letter_of(char c)
{
	if (isdigit((unsigned char)c))
		return DIGIT;
	return isupper((unsigned char)c) ? CAPITAL : SMALL;
}

/* How often small letters, capitals and digits take turns: not at all in "secret", once in "file1".
 */
static size_t turns(const char *s, size_t n)
{
	size_t changes = 0;

	for (size_t i = 1; i < n; i++)
		changes += letter_of(s[i]) != letter_of(s[i - 1]);
	return changes;
}

static size_t differing(const char *a, const char *b, size_t n)
{
	size_t changes = 0;

	for (size_t i = 0; i < n; i++)
		changes += a[i] != b[i];
	return changes;
}

/* Words that no person would choose, and that are not each other's next number. */
static bool are_random(const char *a, const char *b, size_t n)
{
	size_t in_a = turns(a, n), in_b = turns(b, n);

	return in_a && in_b && in_a + in_b > 2 && differing(a, b, n) >= LEAST_DIFFERENT;
}

/* The run of letters and digits around S[AT], within the component: sets *START, returns length. */
static size_t run_around(const char *s, size_t n, size_t at, size_t *start)
{
	size_t begin = at, end = at;

	while (begin > 0 && is_word(s[begin - 1]))
		begin--;
	while (end < n && is_word(s[end]))
		end++;
	*start = begin;
	return end - begin;
}

static size_t same_start(const char *a, const char *b, size_t most)
{
	size_t n = 0;

	while (n < most && a[n] == b[n])
		n++;
	return n;
}

/* Two words that stand at the same place of a name. */
static bool words_alike(const char *a, size_t n, const char *b, size_t m)
{
	size_t same = same_start(a, b, n < m ? n : m);

	/* A number after the same letters: "worker1234". */
	while (same > 0 && isdigit((unsigned char)a[same - 1]))
		same--;
	if (n - same >= LEAST_DIGITS && m - same >= LEAST_DIGITS &&
	    all_digits(a + same, n - same) && all_digits(b + same, m - same))
		return true;
	return n == m && n >= LEAST_RANDOM && are_random(a, b, n);
}

/* One component of each path. */
static bool components_alike(const char *a, size_t n, const char *b, size_t m)
{
	for (size_t i = 0, j = 0;;) {
		size_t same = same_start(a + i, b + j, n - i < m - j ? n - i : m - j);
		size_t from_a, from_b, len_a, len_b;

		i += same;
		j += same;
		if (i == n && j == m)
			return true;
		len_a = run_around(a, n, i, &from_a);
		len_b = run_around(b, m, j, &from_b);
		if (!words_alike(a + from_a, len_a, b + from_b, len_b))
			return false;
		i = from_a + len_a;
		j = from_b + len_b;
	}
}

bool paths_alike(const char *a, const char *b)
{
	for (;;) {
		size_t n = strcspn(a, "/"), m = strcspn(b, "/");

		if (!components_alike(a, n, b, m))
			return false;
		if (!a[n] || !b[m])
			return a[n] == b[m];
		a += n + 1;
		b += m + 1;
	}
}

/* Whether another word may be alike: what words_alike() asks of each of both. */
static bool may_vary(const char *word, size_t n)
{
	return (n >= LEAST_DIGITS && all_digits(word + n - LEAST_DIGITS, LEAST_DIGITS)) ||
	       (n >= LEAST_RANDOM && turns(word, n));
}

char *path_shape(const char *path)
{
	char *shape = malloc(strlen(path) + 1), *to = shape;

	while (shape && *path) {
		size_t n = 0;

		while (is_word(path[n]))
			n++;
		if (may_vary(path, n)) {
			*to++ = '*';
		} else {
			n = n ? n : 1;
			to = mempcpy(to, path, n);
		}
		path += n;
	}
	if (shape)
		*to = '\0';
	return shape;
}
