/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles as files: reading, replacing, refusing to replace what is none. */
#include "profile/file.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/parse.h"
#include "profile/profile.h"

/* ---- points in time ---- */

#define LAST_MS 253402300799999 /* 9999-12-31T23:59:59.999Z */

void timestamp_format(int64_t ms, char text[TIMESTAMP_SIZE])
{
	int64_t within = ms < 0 ? 0 : ms > LAST_MS ? LAST_MS : ms;
	time_t seconds = (time_t)(within / 1000);
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(text, TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, TIMESTAMP_SIZE - n, ".%03dZ", (int)(within % 1000));
}

int timestamp_parse(const char *text, int64_t *ret)
{
	char again[TIMESTAMP_SIZE];
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t ms;

	if (!rest || strlen(rest) != strlen(".123Z"))
		return -EINVAL;
	ms = (int64_t)timegm(&tm) * 1000;
	for (int digit = 1, weight = 100; digit <= 3; digit++, weight /= 10)
		ms += (rest[digit] - '0') * weight;
	timestamp_format(ms, again);
	if (strcmp(again, text) != 0) /* other spellings, days that no month has */
		return -EINVAL;
	*ret = ms;
	return 0;
}

/* ---- files ---- */

int profile_read(const char *path, struct profile **ret)
{
	auto_free char *data = NULL;
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	size_t len;
	int err = read_file(path, PROFILE_MAX_FILE, &data, &len);

	if (err < 0)
		return diag_errno(err, "%s", name);
	return profile_parse(name, data, len, ret);
}

int profile_write(const struct profile *p, const char *path)
{
	struct new_file file;
	int err = new_file_open(&file, path);

	if (err < 0)
		return diag_errno(err, "cannot write '%s'", path);
	err = profile_print(p, file.out);
	if (err < 0)
		new_file_abandon(&file);
	else
		err = new_file_commit(&file);
	return err < 0 ? diag_errno(err, "cannot write '%s'", path) : 0;
}

/* Whether the document is a profile of any version: one that we wrote says so at once. */
static bool is_profile(const char *data, size_t len)
{
	static const char beginning[] = "{\n  \"format\": \"" PROFILE_FORMAT "\"";
	json_t *document;
	const char *format;
	bool yes;

	if (len >= strlen(beginning) && memcmp(data, beginning, strlen(beginning)) == 0)
		return true;
	document = json_loadb(data, len, 0, NULL);
	format = json_string_value(json_object_get(document, "format"));
	yes = format && strcmp(format, PROFILE_FORMAT) == 0;
	json_decref(document);
	return yes;
}

int profile_check_replaceable(const char *path)
{
	auto_free char *data = NULL;
	struct stat st;
	size_t len;
	int err;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : diag_errno(-errno, "%s", path);
	if (S_ISDIR(st.st_mode))
		return diag_errno(-EISDIR, "%s", path);
	if (!S_ISREG(st.st_mode))
		return 0;
	err = read_file(path, PROFILE_MAX_FILE, &data, &len);
	if (err < 0 && err != -EFBIG)
		return diag_errno(err, "%s", path);
	if (err == -EFBIG || (len && !is_profile(data, len)))
		return diag(-EEXIST, "%s: exists and is no learn profile: not replaced", path);
	return 0;
}

int profile_check_spared(const char *path)
{
	auto_free char *data = NULL;
	struct stat st;
	size_t len;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) ||
	    read_file(path, PROFILE_MAX_FILE, &data, &len) < 0 || !is_profile(data, len))
		return 0;
	return diag(-EEXIST, "%s: is a learn profile: not replaced by what is none", path);
}
