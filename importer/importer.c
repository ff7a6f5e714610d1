/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logs of other tools: which files, in which format, in which order. */
#include "importer/importer.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/parse.h"
#include "importer/importing.h"

#define MOST_LOG_BYTES ((size_t)4 << 30)
#define LOOK_AT_LINES 200 /* to find out a format */

int log_format_from_name(const char *name)
{
	if (strcmp(name, "strace") == 0)
		return LOG_STRACE;
	return strcmp(name, "audit") == 0 ? LOG_AUDIT : -EINVAL;
}

/* ---- what the parts share ---- */

static int note_gap(struct importer *im, uint32_t program)
{
	struct event event = {
		.kind = EVENT_LIMIT,
		.origin = { .program = program, .phase = PHASE_MAIN },
		.limit = "imported from a log, which does not have most resource use, and perhaps "
			 "not where links in paths lead",
	};

	return im->sink.event(im->sink.state, &event);
}

int importing_program(struct importer *im, const char *path)
{
	uintptr_t known = (uintptr_t)map_get(&im->programs, path, strlen(path));
	size_t number = im->programs.n;
	struct event event = {
		.kind = EVENT_PROGRAM,
		.origin = { .program = (uint32_t)number, .phase = PHASE_MAIN },
		.program = { path, "" },
	};
	int r;

	if (known)
		return (int)(known - 1);
	r = map_put(&im->programs, path, strlen(path), (void *)(uintptr_t)(number + 1));
	if (r == 0)
		r = im->sink.event(im->sink.state, &event);
	if (r == 0)
		r = note_gap(im, (uint32_t)number);
	return r < 0 ? r : (int)number;
}

void importing_note(uint64_t *count, char example[IMPORT_EXAMPLE_SIZE], const char *what)
{
	if (!(*count)++)
		snprintf(example, IMPORT_EXAMPLE_SIZE, "%s", what);
}

void importing_time(struct importer *im, int64_t ms)
{
	if (!ms)
		return;
	if (!im->summary.first_ms || ms < im->summary.first_ms)
		im->summary.first_ms = ms;
	if (ms > im->summary.last_ms)
		im->summary.last_ms = ms;
}

/* ---- life ---- */

struct importer *importer_new(const struct event_sink *sink, const struct import_options *options)
{
	struct importer *im = calloc(1, sizeof(*im));

	if (!im)
		return NULL;
	im->sink = *sink;
	im->options = *options;
	im->summary.exit_status = -1;
	return im;
}

void importer_free(struct importer *im)
{
	if (!im)
		return;
	for (char **word = im->summary.command; word && *word; word++)
		free(*word);
	free(im->summary.command);
	map_clear(&im->programs, NULL);
	map_clear(&im->directories, NULL);
	processes_clear(&im->processes);
	strace_clear(&im->strace);
	audit_clear(&im->audit);
	free(im);
}

int importer_end(struct importer *im, const struct import_summary **ret)
{
	int r = audit_end(im);

	if (r == 0)
		r = strace_end(im);
	if (r == 0)
		*ret = &im->summary;
	return r;
}

/* ---- one log ---- */

/* The next line of what is left, for the caller to free; NULL at the end or without memory. */
static char *next_line(const char **data, const char *end)
{
	const char *start = *data, *newline;
	size_t n;

	if (start == end)
		return NULL;
	newline = memchr(start, '\n', (size_t)(end - start));
	n = newline ? (size_t)(newline - start) : (size_t)(end - start);
	*data = newline ? newline + 1 : end;
	if (n && start[n - 1] == '\r')
		n--;
	return strndup(start, n);
}

static enum log_format detect(const char *data, const char *end)
{
	char *line;

	for (size_t i = 0; i < LOOK_AT_LINES && (line = next_line(&data, end)); i++) {
		enum log_format format = audit_recognises(line)    ? LOG_AUDIT
					 : strace_recognises(line) ? LOG_STRACE
								   : LOG_DETECT;

		free(line);
		if (format != LOG_DETECT)
			return format;
	}
	return LOG_DETECT;
}

int importer_parse(struct importer *im, const char *data, size_t len, int pid)
{
	const char *end = data + len;
	enum log_format format = im->options.format;
	char *line;
	int r = 0;

	if (format == LOG_DETECT)
		format = detect(data, end);
	if (format == LOG_DETECT)
		return -EINVAL;
	im->strace.file_pid = pid;
	while (r == 0 && (line = next_line(&data, end))) {
		im->summary.lines++;
		r = format == LOG_AUDIT ? audit_line(im, line) : strace_line(im, line);
		free(line);
	}
	return r < 0 || format == LOG_AUDIT ? r : strace_end_file(im);
}

/* ---- many files ---- */

/* A file and, when it is one of `strace -ff`, the process that it is of. */
struct log_file {
	char *path;
	int pid;
	bool done;
};

struct log_files {
	struct log_file *list;
	size_t n;
};

static void clear_files(struct log_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		free(files->list[i].path);
	free(files->list);
}

/* "log.1234": the number, or 0. */
static int pid_of_name(const char *path)
{
	const char *dot = strrchr(path, '.');
	uint64_t pid;

	return dot && parse_u64(dot + 1, 1u << 22, &pid) == 0 ? (int)pid : 0;
}

static int add_file(struct log_files *files, const char *path)
{
	struct log_file *list = reallocarray(files->list, files->n + 1, sizeof(*list));
	char *copy = strdup(path);

	if (list)
		files->list = list;
	if (!list || !copy) {
		free(copy);
		return -ENOMEM;
	}
	list[files->n++] = (struct log_file){ .path = copy, .pid = pid_of_name(path) };
	return 0;
}

static int add_directory(struct log_files *files, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int r = dir ? 0 : -errno;

	while (dir && r == 0 && (entry = readdir(dir))) {
		auto_free char *name = NULL;
		struct stat st;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&name, "%s/%s", path, entry->d_name) < 0)
			r = -ENOMEM;
		else if (stat(name, &st) == 0 && S_ISREG(st.st_mode))
			r = add_file(files, name);
	}
	if (dir)
		closedir(dir);
	return r < 0 ? diag_errno(r, "%s", path) : 0;
}

static int by_pid(const void *left, const void *right)
{
	const struct log_file *a = left, *b = right;

	return a->pid == b->pid ? strcmp(a->path, b->path) : a->pid < b->pid ? -1 : 1;
}

/* Files of processes come after those of their parents, as far as is known yet. */
static struct log_file *next_file(const struct importer *im, struct log_files *files, bool ordered)
{
	struct log_file *first = NULL;

	for (size_t i = 0; i < files->n; i++) {
		struct log_file *file = &files->list[i];

		if (file->done)
			continue;
		if (!ordered || (file->pid && processes_find(&im->processes, file->pid)))
			return file;
		first = first ? first : file;
	}
	return first;
}

static int read_one(struct importer *im, const struct log_file *file, int pid)
{
	auto_free char *data = NULL;
	size_t len;
	int r = read_file(file->path, MOST_LOG_BYTES, &data, &len);

	if (r < 0)
		return diag_errno(r, "%s", file->path);
	r = importer_parse(im, data, len, pid);
	if (r == -EINVAL)
		return diag(r, "%s: no line of it is from strace or an audit log", file->path);
	return r < 0 ? diag_errno(r, "%s", file->path) : 0;
}

static int collect(struct log_files *files, char *const *names, size_t n)
{
	struct stat st;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = stat(names[i], &st) == 0 && S_ISDIR(st.st_mode) ? add_directory(files, names[i])
								    : add_file(files, names[i]);
	return r;
}

/* Several files that all end with a number are of one `strace -ff`. */
static bool are_of_processes(const struct log_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		if (!files->list[i].pid)
			return false;
	return files->n > 0;
}

int importer_read(struct importer *im, char *const *names, size_t n)
{
	cleanup(clear_files) struct log_files files = { 0 };
	struct log_file *file;
	bool of_processes;
	int r = collect(&files, names, n);

	if (r < 0)
		return r;
	of_processes = are_of_processes(&files);
	if (of_processes)
		qsort(files.list, files.n, sizeof(*files.list), by_pid);
	while (r == 0 && (file = next_file(im, &files, of_processes))) {
		file->done = true;
		r = read_one(im, file, of_processes ? file->pid : 0);
	}
	return r;
}
