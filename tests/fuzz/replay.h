/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main program of a fuzz target without a fuzzer: replays the files it is given, or all of the
 * directory CORPUS. To be included once, at the end of a target that defines CORPUS.
 */
#ifndef LEARN_TESTS_FUZZ_REPLAY_H
#define LEARN_TESTS_FUZZ_REPLAY_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "profile/profile.h"

static int replay(const char *path)
{
	auto_free char *data = NULL;
	size_t length;

	if (read_file(path, PROFILE_MAX_FILE, &data, &length) < 0) {
		perror(path);
		return 1;
	}
	return LLVMFuzzerTestOneInput((const uint8_t *)data, length);
}

static int replay_corpus(void)
{
	const char *srcdir = getenv("SRCDIR");
	auto_free char *directory = NULL;
	struct dirent *entry;
	int failed = 0, n = 0;
	DIR *dir;

	if (asprintf(&directory, "%s/tests/fuzz/" CORPUS, srcdir ? srcdir : ".") < 0)
		return 1;
	dir = opendir(directory);
	while (dir && (entry = readdir(dir))) {
		auto_free char *path = NULL;

		if (entry->d_name[0] == '.')
			continue;
		n++;
		failed |= asprintf(&path, "%s/%s", directory, entry->d_name) < 0 || replay(path);
	}
	if (dir)
		closedir(dir);
	if (!n)
		fprintf(stderr, "%s: no corpus\n", directory);
	return failed || !n;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	return argc > 1 ? failed : replay_corpus();
}

#endif
