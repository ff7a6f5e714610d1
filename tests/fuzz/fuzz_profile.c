/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profile reader on arbitrary bytes. What it accepts must survive the round trip in one
 * canonical form, and merge with itself without a change to any set.
 *
 * Built without -fsanitize=fuzzer it replays the files named as arguments, or without any the seed
 * corpus under $SRCDIR.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "profile/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The canonical text, for the caller to free. */
static char *print(const struct profile *p, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	if (!out || profile_print(p, out) < 0 || fclose(out) < 0)
		abort();
	return text;
}

static struct profile *parse(const char *data, size_t size)
{
	struct profile *p = NULL;

	if (profile_parse("input", data, size, &p) < 0 || !p)
		abort();
	return p;
}

/* The sizes of all sets of the first program, which merging with itself must not change. */
static size_t members(const struct profile *p)
{
	const struct profile_program *program = p->programs.n ? p->programs.entries[0].value : NULL;
	size_t n = p->n_runs + p->programs.n;

	if (program)
		n += program->calls.n + program->paths.n + program->sockets.n +
		     program->addresses.n + program->signals.n + program->libraries.n +
		     program->peaks.n + program->limits.n;
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct profile *p = NULL, *again;
	auto_free char *first = NULL, *second = NULL;
	size_t first_length, second_length, n;

	if (profile_parse("input", (const char *)data, size, &p) < 0)
		return 0;
	first = print(p, &first_length);
	again = parse(first, first_length);
	second = print(again, &second_length);
	if (first_length != second_length || memcmp(first, second, first_length) != 0)
		abort();
	n = members(again);
	if (profile_merge(&again, again) < 0 || members(again) != n)
		abort();
	profile_free(again);
	profile_free(p);
	return 0;
}

#ifndef FUZZING
#define CORPUS "corpus-profile"
#include "replay.h"
#endif
