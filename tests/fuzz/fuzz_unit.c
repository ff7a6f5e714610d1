/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unit files of arbitrary bytes: what becomes of their commands is a unit file again, with as many
 * commands, of which each is recorded or as it was.
 *
 * Built without -fsanitize=fuzzer it replays the files named as arguments, or without any the seed
 * corpus under $SRCDIR.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "service/exec_lines.h"
#include "service/sandbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(const char *lines, int recorded)
{
	struct settings cleanup(settings_clear) again = { 0 };
	auto_free char *text = NULL;
	int found = 0;

	if (asprintf(&text, "[Service]\n%s", lines) < 0 || settings_parse(&again, text) < 0)
		abort();
	for (size_t i = 0; i < again.n; i++)
		found += strstr(again.v[i].value, "\"/learn\" service exec --socket \"/s\"") != NULL;
	if (found != recorded)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings cleanup(settings_clear) settings = { 0 };
	auto_free char *text = strndup((const char *)data, size), *lines = NULL;
	size_t length;
	FILE *out = open_memstream(&lines, &length);
	int recorded;

	if (!text || !out || settings_parse(&settings, text) < 0)
		abort();
	recorded = exec_lines_write(&settings, "/learn", "/s", out);
	if (fflush(out) != 0)
		abort();
	if (recorded >= 0 && !strstr(text, "/learn"))
		check_lines(lines, recorded);
	sandbox_write_neutral(&settings, 0, out);
	fclose(out);
	return 0;
}

#ifndef FUZZING
#define CORPUS "corpus-unit"
#include "replay.h"
#endif
