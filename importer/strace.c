/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output of strace(1): lines become calls, and calls of processes. */
#include "importer/strace.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "importer/facts.h"
#include "importer/importing.h"
#include "importer/strace_call.h"
#include "importer/strace_line.h"
#include "importer/text.h"

/* ---- stacks (-k) ---- */

static int flush_stack(struct importer *im)
{
	struct strace_reader *s = &im->strace;
	int r = 0;

	if (s->wants_stack && s->n_frames)
		r = facts_stack(im, &s->origin, &s->call, (const char *const *)s->frames,
				s->n_frames);
	for (size_t i = 0; i < s->n_frames; i++)
		free(s->frames[i]);
	s->n_frames = 0;
	s->wants_stack = false;
	return r;
}

/* "/lib/libc.so.6(read+0x12) [0x1234]" is written "libc.so.6!read+0x12"; for the caller to free. */
static char *frame_name(const char *text)
{
	const char *open = strrchr(text, '('), *close = open ? strchr(open, ')') : NULL;
	const char *slash, *address;
	char *name;
	int n;

	if (!close)
		return NULL;
	slash = memrchr(text, '/', (size_t)(open - text));
	text = slash ? slash + 1 : text;
	address = strstr(close, "[0x");
	if (open[1] == '+' || close == open + 1)
		n = address ? asprintf(&name, "%.*s+%.*s", (int)(open - text), text,
				       (int)strcspn(address + 1, "]"), address + 1)
			    : -1;
	else
		n = asprintf(&name, "%.*s!%.*s", (int)(open - text), text,
			     (int)(close - open - 1), open + 1);
	return n < 0 ? NULL : name;
}

static void add_frame(struct strace_reader *s, const char *text)
{
	char *name = s->wants_stack && s->n_frames < MOST_LOGGED_FRAMES ? frame_name(text) : NULL;

	if (name)
		s->frames[s->n_frames++] = name;
}

/* ---- tasks ---- */

/* Who is making a task right now: where a task comes from whose clone has not returned yet. */
static const struct logged_task *forking_task(const struct importer *im)
{
	const struct logged_task *latest = NULL;

	for (size_t i = 0; i < im->processes.by_tid.n; i++) {
		const struct logged_task *task = im->processes.by_tid.entries[i].value;

		if (task->pending && strace_call_forks(task->pending) &&
		    (!latest || task->since > latest->since))
			latest = task;
	}
	return latest;
}

/*
 * Without -o, lines have a number only while there are several processes. The one whose lines had
 * none gets this number until its own shows up.
 */
#define NAMELESS INT_MAX

/* Whether LINE, with a number that is new, is from the process that had none until now. */
static bool is_nameless(const struct importer *im, const struct logged_task *nameless,
			const struct strace_line *line)
{
	size_t n = strlen(line->name ? line->name : "");

	if (map_get(&im->strace.announced, &line->pid, sizeof(line->pid)))
		return false;
	if (!nameless->pending || !strace_call_forks(nameless->pending))
		return true;
	return line->kind == LINE_RESUMED && strncmp(nameless->pending, line->name, n) == 0 &&
	       nameless->pending[n] == '(';
}

/* Whose line it is; 0 or -ENOMEM. */
static int find_pid(struct importer *im, struct strace_line *line)
{
	struct logged_task *nameless = processes_find(&im->processes, NAMELESS);
	const struct map *tasks = &im->processes.by_tid;

	if (!line->pid)
		line->pid = im->strace.file_pid;
	if (!line->pid && tasks->n == 1)
		line->pid = ((struct logged_task *)tasks->entries[0].value)->tid;
	if (!line->pid)
		line->pid = !tasks->n || nameless ? NAMELESS : im->strace.first_pid;
	if (!nameless || processes_find(&im->processes, line->pid) ||
	    !is_nameless(im, nameless, line))
		return 0;
	if (im->strace.first_pid == NAMELESS)
		im->strace.first_pid = line->pid;
	return processes_rename(&im->processes, nameless, line->pid);
}

static struct logged_task *task_of(struct importer *im, pid_t tid)
{
	struct logged_task *task = processes_find(&im->processes, tid);
	const struct logged_task *parent;

	if (task)
		return task;
	parent = forking_task(im);
	task = processes_add(&im->processes, tid, parent,
			     parent && strace_call_makes_thread(parent->pending));
	if (!task || parent)
		return task;
	task->process->arch = im->options.arch;
	return process_set_cwd(task->process, im->options.cwd) < 0 ? NULL : task;
}

/* The task may have begun, and even ended, before the call that made it returned. */
static int note_fork(struct importer *im, const struct logged_task *task, const char *call,
		     int64_t result)
{
	if (result <= 0 || !strace_call_forks(call) ||
	    processes_find(&im->processes, (pid_t)result) ||
	    processes_ended_since(&im->processes, (pid_t)result, task->since))
		return 0;
	return processes_add(&im->processes, (pid_t)result, task, strace_call_makes_thread(call))
		       ? 0
		       : -ENOMEM;
}

static int note_end(struct importer *im, struct logged_task *task, const struct strace_line *line)
{
	int r = task->process->tasks == 1 ? facts_settle_all(im, task->process) : 0;

	if (task->tid == im->strace.first_pid) {
		im->summary.exit_status = line->kind == LINE_EXITED ? line->status : -1;
		im->summary.signal = line->kind == LINE_KILLED ? line->status : 0;
	}
	processes_remove(&im->processes, task, im->strace.n_lines);
	return r;
}

/* ---- calls ---- */

/* A whole call: "name(arguments" and its result, or NULL where none is known. */
static int take_call(struct importer *im, struct logged_task *task, const char *call,
		     const char *result)
{
	auto_free char *copy = strdup(call);
	int64_t value = -1;
	int r;

	if (!copy)
		return -ENOMEM;
	r = strace_call(im, task, copy, result, &value);
	if (r < 0)
		return r;
	im->strace.wants_stack = r > 0;
	return note_fork(im, task, call, value);
}

static int take_pending(struct importer *im, struct logged_task *task, const char *rest,
			const char *result)
{
	auto_free char *pending = take_ptr(task->pending), *whole = NULL;

	if (asprintf(&whole, "%s%s", pending, rest) < 0)
		return -ENOMEM;
	return take_call(im, task, whole, result);
}

/* A call begins: what was pending never returned. */
static int begin_call(struct importer *im, struct logged_task *task, const struct strace_line *line)
{
	int r = task->pending ? take_pending(im, task, "", NULL) : 0;

	if (r < 0)
		return r;
	if (asprintf(&task->pending, "%s(%s", line->name, line->arguments) < 0) {
		task->pending = NULL;
		return -ENOMEM;
	}
	task->since = im->strace.n_lines;
	return 0;
}

/* execve in a thread that is not the first: it goes on under the number of the first. */
static int change_pid(struct importer *im, struct logged_task *task, pid_t to)
{
	struct logged_task *first = processes_find(&im->processes, to);

	if (!first || first == task)
		return 0;
	free(first->pending);
	first->pending = take_ptr(task->pending);
	first->since = task->since;
	processes_remove(&im->processes, task, im->strace.n_lines);
	return 0;
}

static int take_line(struct importer *im, struct logged_task *task, const struct strace_line *line)
{
	int r;

	switch (line->kind) {
	case LINE_CALL:
		r = begin_call(im, task, line);
		return r < 0 ? r : take_pending(im, task, "", line->result);
	case LINE_UNFINISHED:
		r = begin_call(im, task, line);
		return r < 0 || !line->pid_changed ? r : change_pid(im, task, line->pid_changed);
	case LINE_RESUMED:
		if (!task->pending) { /* the log began in the middle of it */
			auto_free char *call = NULL;

			if (asprintf(&call, "%s(", line->name) < 0)
				return -ENOMEM;
			return take_call(im, task, call, line->result);
		}
		return take_pending(im, task, line->arguments, line->result);
	case LINE_EXITED:
	case LINE_KILLED:
		r = task->pending ? take_pending(im, task, "", NULL) : 0;
		return r < 0 ? r : note_end(im, task, line);
	case LINE_MODE:
		task->process->arch = strace_mode_arch(line->text, im->options.arch);
		return 0;
	case LINE_FRAME:
	case LINE_NOTHING:
	case LINE_UNKNOWN:
		return 0;
	}
	return 0;
}

/* ---- lines ---- */

/* "strace: Process 12 attached" */
static int announce(struct strace_reader *s, const char *digits)
{
	static char mark;
	auto_free char *word = strndup(digits, strspn(digits, "0123456789"));
	uint64_t value;
	pid_t pid;

	if (!word || parse_u64(word, INT_MAX, &value) < 0)
		return word ? 0 : -ENOMEM;
	pid = (pid_t)value;
	return map_get(&s->announced, &pid, sizeof(pid))
		       ? 0
		       : map_put(&s->announced, &pid, sizeof(pid), &mark);
}

static void drop_held(struct importer *im)
{
	if (im->strace.held)
		importing_note(&im->summary.unknown_lines, im->summary.unknown_line,
			       im->strace.held);
	free(take_ptr(im->strace.held));
}

/* Whether the line makes no sense by itself. */
static bool is_rest(const char *line)
{
	auto_free char *copy = strdup(line);
	struct strace_line parsed;

	if (!copy)
		return false;
	strace_line_parse(copy, &parsed);
	return parsed.kind == LINE_UNKNOWN;
}

/* The announcement in LINE, from the name that strace was started by (/usr/bin/strace), or NULL. */
static char *find_announcement(char *line, char **digits)
{
	static const char mark[] = "strace: Process ";
	char *at = strstr(line, mark), *word = at, *slash;

	if (!at)
		return NULL;
	*digits = at + strlen(mark);
	while (word > line && (isalnum((unsigned char)word[-1]) || strchr("/._-", word[-1])))
		word--;
	slash = memchr(word, '/', (size_t)(at - word));
	return slash ? slash : at;
}

/*
 * strace -f on a terminal: a new process is announced in the middle of a line. Returns the line to
 * parse, for the caller to free; NULL when there is none yet (or no memory: -ENOMEM in *ERROR).
 */
static char *mend(struct importer *im, char *line, int *error)
{
	static const char end[] = " attached";
	struct strace_reader *s = &im->strace;
	char *digits, *at = find_announcement(line, &digits), *whole = NULL;
	size_t n = strlen(line);

	*error = at ? announce(s, digits) : 0;
	if (*error < 0)
		return NULL;
	if (at == line) {
		*error = (whole = strdup("")) ? 0 : -ENOMEM;
		return whole;
	}
	if (at && n > strlen(end) && strcmp(line + n - strlen(end), end) == 0) {
		*at = '\0';
		drop_held(im);
		s->held = strdup(line);
		*error = s->held ? 0 : -ENOMEM;
		return NULL;
	}
	if (s->held && is_rest(line)) {
		if (asprintf(&whole, "%s%s", s->held, line) < 0)
			whole = NULL;
		free(take_ptr(s->held));
	} else {
		whole = strdup(line);
	}
	*error = whole ? 0 : -ENOMEM;
	return whole;
}

int strace_line(struct importer *im, char *text)
{
	struct strace_reader *s = &im->strace;
	struct strace_line line;
	struct logged_task *task;
	int r = 0;
	auto_free char *whole = mend(im, text, &r), *original = whole ? strdup(whole) : NULL;

	s->n_lines++;
	if (!whole || !original)
		return whole ? -ENOMEM : r;
	strace_line_parse(whole, &line);
	if (line.kind == LINE_FRAME) {
		add_frame(s, line.text);
		return 0;
	}
	r = flush_stack(im);
	if (r < 0)
		return r;
	if (line.kind == LINE_UNKNOWN)
		importing_note(&im->summary.unknown_lines, im->summary.unknown_line, original);
	if (line.kind == LINE_UNKNOWN || line.kind == LINE_NOTHING)
		return 0;
	importing_time(im, line.ms);
	if (find_pid(im, &line) < 0)
		return -ENOMEM;
	s->first_pid = s->first_pid ? s->first_pid : line.pid;
	task = task_of(im, line.pid);
	return task ? take_line(im, task, &line) : -ENOMEM;
}

int strace_end_file(struct importer *im)
{
	drop_held(im);
	return flush_stack(im);
}

int strace_end(struct importer *im)
{
	int r = 0;

	im->summary.complete = im->processes.by_tid.n == 0 && im->summary.calls;
	for (size_t i = 0; i < im->processes.by_tid.n && r == 0; i++) {
		struct logged_task *task = im->processes.by_tid.entries[i].value;

		if (task->pending)
			r = take_pending(im, task, "", NULL);
		if (r == 0)
			r = facts_settle_all(im, task->process);
	}
	return r;
}

void strace_clear(struct strace_reader *s)
{
	free(s->held);
	map_clear(&s->announced, NULL);
	for (size_t i = 0; i < s->n_frames; i++)
		free(s->frames[i]);
}

bool strace_recognises(char *text)
{
	struct strace_line line;

	strace_line_parse(text, &line);
	return line.kind != LINE_UNKNOWN && line.kind != LINE_NOTHING && line.kind != LINE_FRAME;
}
