/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rounds of a refinement in a file: one line each, appended and synced. */
#include "cli/rounds.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"

/* More rounds than anybody waits for. */
#define MOST_BYTES (64u << 20)

uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* ---- asking ---- */

const struct round *rounds_find(const struct rounds *rounds, uint64_t key)
{
	for (size_t i = 0; i < rounds->n; i++)
		if (rounds->list[i].key == key)
			return &rounds->list[i];
	return NULL;
}

const struct round *rounds_by_number(const struct rounds *rounds, unsigned number)
{
	return number && number <= rounds->n ? &rounds->list[number - 1] : NULL;
}

/* ---- the file ---- */

#define HEAD_FORMAT                                                                              \
	"learn-refine 2 %" PRIx64 " %d %d %" PRIx64 " %" PRIx64 " %" PRIu64 \
	" %u %u "
#define HEAD_WORD    strlen("learn-refine 2 ")
#define ROUND_FORMAT "%" PRIx64 " %d %zu %" PRIu64 " "

static int append_line(const struct rounds *rounds, const char *line)
{
	size_t n = strlen(line);
	ssize_t r = write(rounds->fd, line, n);

	if (r < 0 || (size_t)r != n)
		return diag_errno(r < 0 ? -errno : -ENOSPC, "cannot write '%s'", rounds->path);
	if (fdatasync(rounds->fd) < 0 && errno != EINVAL)
		return diag_errno(-errno, "cannot write '%s'", rounds->path);
	return 0;
}

static int remember(struct rounds *rounds, const struct round *round)
{
	struct round *list = reallocarray(rounds->list, rounds->n + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	rounds->list = list;
	list[rounds->n] = *round;
	list[rounds->n].number = (unsigned)rounds->n + 1;
	list[rounds->n].text = strdup(round->text);
	if (!list[rounds->n].text)
		return -ENOMEM;
	rounds->n++;
	return 0;
}

int rounds_add(struct rounds *rounds, const struct round *round)
{
	auto_free char *text = bytes_to_line(round->text, strlen(round->text)), *line = NULL;
	struct round one_line = *round;
	int r;

	one_line.text = text;

	if (!text || asprintf(&line, ROUND_FORMAT "%s\n", round->key, (int)round->outcome,
			      round->suspect, round->duration_ms, text) < 0)
		return diag_errno(-ENOMEM, "%s", rounds->path);
	r = append_line(rounds, line);
	return r < 0 ? r : remember(rounds, &one_line);
}

/* False for a line that is none: what follows is not believed either. */
static bool take_line(struct rounds *rounds, char *line)
{
	struct round round = { 0 };
	int outcome, at = 0;

	if (sscanf(line, ROUND_FORMAT "%n", &round.key, &outcome, &round.suspect,
		   &round.duration_ms, &at) < 4 ||
	    !at || outcome < OUTCOME_GOOD || outcome > OUTCOME_FAILED)
		return false;
	round.outcome = (enum outcome)outcome;
	round.text = line + at;
	return remember(rounds, &round) == 0;
}

static bool take_head(struct rounds *rounds, const char *line, uint64_t *key)
{
	struct reference *ref = &rounds->reference;
	int output, errors, own = 0;

	if (sscanf(line, HEAD_FORMAT "%n", key, &output, &errors, &ref->output, &ref->errors,
		   &ref->duration_ms, &ref->runs, &ref->jobs, &own) < 8 ||
	    !own)
		return false;
	ref->steady_output = output;
	ref->steady_errors = errors;
	ref->own = strndup(line + own, strcspn(line + own, "\n"));
	return ref->own;
}

/* Takes whole lines; the number of bytes that were good. */
static size_t take_lines(struct rounds *rounds, char *data, size_t at)
{
	for (;;) {
		char *end = strchr(data + at, '\n');

		if (!end)
			return at;
		*end = '\0';
		if (!take_line(rounds, data + at))
			return at;
		at = (size_t)(end - data) + 1;
	}
}

int rounds_open(const char *path, uint64_t key, struct rounds *ret)
{
	auto_free char *data = NULL;
	struct rounds rounds = { .fd = -1 };
	uint64_t found = 0;
	size_t size, good;
	char *end;
	struct stat st;
	int r;

	*ret = rounds;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return diag(-EEXIST, "'%s' is no regular file: give another -o", path);
	r = read_file(path, MOST_BYTES, &data, &size);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return diag_errno(r, "%s", path);
	end = strchr(data, '\n');
	if (!end && strncmp(data, HEAD_FORMAT, size < HEAD_WORD ? size : HEAD_WORD) == 0)
		return 0; /* broken off before anything was known */
	if (!end || !take_head(&rounds, data, &found) || found != key) {
		free(rounds.reference.own);
		return diag(-EEXIST,
			    "'%s' is what is left of refining something else (another command, "
			    "profile or option): remove it to begin anew, or give another -o",
			    path);
	}
	good = take_lines(&rounds, data, (size_t)(end - data) + 1);
	rounds.path = strdup(path);
	rounds.fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	*ret = rounds;
	/* A line that was being written when all ended goes. */
	if (!rounds.path || rounds.fd < 0 || ftruncate(rounds.fd, (off_t)good) < 0)
		return diag_errno(-errno, "cannot write '%s'", path);
	return 1;
}

int rounds_create(struct rounds *rounds, const char *path, uint64_t key,
		  const struct reference *ref)
{
	auto_free char *line = NULL;

	rounds->reference = *ref;
	rounds->path = strdup(path);
	rounds->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	if (!rounds->path || rounds->fd < 0)
		return diag_errno(-errno, "cannot write '%s'", path);
	if (asprintf(&line, HEAD_FORMAT "%s\n", key, ref->steady_output, ref->steady_errors,
		     ref->output, ref->errors, ref->duration_ms, ref->runs, ref->jobs,
		     ref->own ? ref->own : "") < 0)
		return diag_errno(-ENOMEM, "%s", path);
	return append_line(rounds, line);
}

void rounds_close(struct rounds *rounds)
{
	for (size_t i = 0; i < rounds->n; i++)
		free(rounds->list[i].text);
	free(rounds->list);
	free(rounds->path);
	free(rounds->reference.own);
	if (rounds->fd >= 0)
		close(rounds->fd);
	*rounds = (struct rounds){ .fd = -1 };
}
