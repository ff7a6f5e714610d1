/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The importer on arbitrary bytes, as each format. Whatever it makes of them, the profile must be
 * one that the reader takes.
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
#include "importer/importer.h"
#include "learner/recorder.h"
#include "profile/profile.h"
#include "sysdb/syscalls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_readable(const struct profile *p)
{
	auto_free char *text = NULL;
	struct profile *again = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (!out || profile_print(p, out) < 0 || fclose(out) < 0)
		abort();
	if (profile_parse("printed", text, length, &again) < 0)
		abort();
	profile_free(again);
}

static void import(enum log_format format, int pid, const char *data, size_t size)
{
	struct import_options options = { .format = format, .cwd = "/work", .program = "/unknown",
					  .arch = arch_native() };
	struct profile *profile = profile_new();
	struct recorder *recorder = recorder_new(profile);
	struct event_sink sink = recorder_sink(recorder);
	struct importer *im = importer_new(&sink, &options);
	const struct import_summary *summary;

	if (importer_parse(im, data, size, pid) == 0 && importer_end(im, &summary) == 0)
		check_readable(profile);
	importer_free(im);
	recorder_free(recorder);
	profile_free(profile);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	import(LOG_DETECT, 0, (const char *)data, size);
	import(LOG_STRACE, 7, (const char *)data, size);
	import(LOG_AUDIT, 0, (const char *)data, size);
	return 0;
}

#ifndef FUZZING
#define CORPUS "corpus-import"
#include "replay.h"
#endif
