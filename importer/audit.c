/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Audit records: the lines with the same number are one call. */
#include "importer/audit.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "importer/audit_fields.h"
#include "importer/facts.h"
#include "importer/importing.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/syscalls.h"

#define DIGITS "0123456789"

/* ---- the records of an event ---- */

/* Those of SYSCALL; SECCOMP has none. */
static void read_arguments(struct importer *im, const struct audit_record *record, const char *call)
{
	struct audit_reader *a = &im->audit;

	for (unsigned i = 0; i < ARRAY_SIZE(a->args); i++) {
		const struct argspec *spec = argspec_of(call, i);
		auto_free char *example = NULL;

		if (audit_argument(record, call, i, &a->args[i]) == 0)
			a->unread_args &= (uint8_t) ~(1u << i);
		else if (record->words && spec && !spec->shown_only &&
			 asprintf(&example, "%s of %s", spec->arg, call) >= 0)
			importing_note(&im->summary.unread_arguments, im->summary.unread_argument,
				       example);
	}
}

static int take_call(struct importer *im, const struct audit_record *record, bool seccomp)
{
	struct audit_reader *a = &im->audit;
	auto_free char *call = NULL;
	uint64_t pid = 0;

	if (audit_arch(record, &a->arch) < 0 || audit_syscall(record, a->arch, &a->nr) < 0) {
		call = audit_field(record, "syscall");
		importing_note(&im->summary.unknown_calls, im->summary.unknown_call,
			       call ? call : "(none)");
		return 0;
	}
	call = syscall_name(a->arch, a->nr);
	if (!call)
		return -ENOMEM;
	a->called = true;
	a->unread_args = 0x3f;
	audit_number(record, "pid", &pid);
	a->pid = (pid_t)(pid & INT_MAX);
	free(a->exe);
	a->exe = audit_path(record, "exe");
	if (seccomp)
		return 0;
	read_arguments(im, record, call);
	a->has_result = audit_exit(record, &a->result) == 0;
	return 0;
}

static int take_syscall(struct importer *im, const struct audit_record *record)
{
	return take_call(im, record, false);
}

static int take_seccomp(struct importer *im, const struct audit_record *record)
{
	return take_call(im, record, true);
}

static int take_cwd(struct importer *im, const struct audit_record *record)
{
	free(im->audit.cwd);
	im->audit.cwd = audit_path(record, "cwd");
	return 0;
}

static int take_address(struct importer *im, const struct audit_record *record)
{
	audit_address(record, &im->audit.address);
	return 0;
}

/* PARENT is the directory of another record. ausearch has the records of an event backwards. */
static int take_path(struct importer *im, const struct audit_record *record)
{
	struct audit_reader *a = &im->audit;
	auto_free char *type = audit_field(record, "nametype");
	struct audit_path path = { .kind = audit_kind(record) };
	size_t at = a->n_paths;

	if (a->n_paths == MOST_AUDIT_PATHS || (type && strcmp(type, "PARENT") == 0))
		return 0;
	if (type && strcmp(type, "CREATE") == 0)
		path.kind = KIND_MISSING;
	audit_number(record, "item", &path.item);
	path.name = audit_path(record, "name");
	if (!path.name)
		return 0;
	for (; at && a->paths[at - 1].item > path.item; at--)
		a->paths[at] = a->paths[at - 1];
	a->paths[at] = path;
	a->n_paths++;
	return 0;
}

/* ---- an event ---- */

static struct logged_task *task_of(struct importer *im)
{
	const struct audit_reader *a = &im->audit;
	struct logged_task *task = processes_find(&im->processes, a->pid);
	int program =
		importing_program(im, a->exe && a->exe[0] == '/' ? a->exe : im->options.program);

	if (program < 0)
		return NULL;
	if (!task)
		task = processes_add(&im->processes, a->pid, NULL, false);
	if (!task || process_set_cwd(task->process,
				     a->cwd && a->cwd[0] == '/' ? a->cwd : im->options.cwd) < 0)
		return NULL;
	task->process->program = program;
	return task;
}

/* The records name the paths in the order of the arguments, after their directories. */
static void fill_paths(const struct audit_reader *a, struct logged_call *call)
{
	for (size_t i = 0, p = 0; i < MOST_LOGGED_PATHS && p < a->n_paths; i++) {
		if (call->info->paths[i].use == USE_NONE)
			continue;
		call->paths[i].path = a->paths[p].name;
		call->paths[i].kind = a->paths[p].kind;
		p++;
	}
}

static void fill_address(const struct audit_reader *a, struct logged_address *to)
{
	const struct audit_address *address = &a->address;

	to->family = address->family;
	to->port = address->port;
	if (!*address->text)
		return;
	if (address->family == AF_UNIX && address->text[0] != '@')
		to->path = address->text;
	else
		to->address = address->text;
}

static int finish_event(struct importer *im)
{
	const struct audit_reader *a = &im->audit;
	struct logged_call call = { .has_result = a->has_result, .result = a->result };
	auto_free char *name = NULL;
	struct logged_task *task;
	int r;

	if (!a->called)
		return 0;
	call.call =
		(struct event_call){ .arch = a->arch, .nr = a->nr, .unread_args = a->unread_args };
	memcpy(call.call.args, a->args, sizeof(a->args));
	name = syscall_name(a->arch, a->nr);
	task = name ? task_of(im) : NULL;
	if (!task)
		return -ENOMEM;
	call.info = syscall_info_by_name(name);
	if (call.info) {
		fill_paths(a, &call);
		if (call.info->class == CLASS_ADDRESS)
			fill_address(a, &call.address);
	}
	r = facts_hand_on(im, task, &call);
	return r < 0 ? r : 0;
}

void audit_clear(struct audit_reader *a)
{
	for (size_t i = 0; i < a->n_paths; i++)
		free(a->paths[i].name);
	free(a->id);
	free(a->exe);
	free(a->cwd);
	*a = (struct audit_reader){ 0 };
}

int audit_end(struct importer *im)
{
	int r = finish_event(im);

	audit_clear(&im->audit);
	return r;
}

/* ---- lines ---- */

/* By name, as auditd writes them, and by number, as the kernel does (linux/audit.h). */
static const struct {
	const char *name, *number;
	int (*take)(struct importer *im, const struct audit_record *record);
} types[] = {
	{ "SYSCALL", "1300", take_syscall },  { "SECCOMP", "1326", take_seccomp },
	{ "CWD", "1307", take_cwd },	      { "PATH", "1302", take_path },
	{ "SOCKADDR", "1306", take_address },
};

/* "audit(1509000000.123:42)": the number, for the caller to free; *rest is what follows. */
static char *event_id(char *line, char **rest)
{
	char *at = strstr(line, "audit("), *end = at ? strchr(at, ')') : NULL;

	if (!end)
		return NULL;
	at += strlen("audit(");
	*rest = end + 1 + strspn(end + 1, ": ");
	return strndup(at, (size_t)(end - at));
}

/* "1509000000.123:42" */
static int64_t time_of(const char *id)
{
	size_t n = strspn(id, DIGITS);
	auto_free char *seconds = strndup(id, n);
	uint64_t value;

	if (!seconds || n > 12 || id[n] != '.' || parse_u64(seconds, (uint64_t)1 << 40, &value) < 0)
		return 0;
	return (int64_t)value * 1000;
}

/* `ausearch -i` has the time of an event as a date, in the order of the locale. */
static bool is_worded(const char *id)
{
	return id[strspn(id, DIGITS ".:")] != '\0';
}

bool audit_recognises(const char *line)
{
	return strstr(line, "audit(") && strstr(line, "type=");
}

/* What stands between the records of ausearch. */
static bool is_separator(const char *line)
{
	return !*line || strncmp(line, "----", 4) == 0 || strncmp(line, "time->", 6) == 0;
}

static int begin_event(struct importer *im, char *id)
{
	int r = audit_end(im);

	im->audit.id = id;
	importing_time(im, time_of(id));
	return r;
}

int audit_line(struct importer *im, char *line)
{
	const struct audit_record whole = { line, false };
	auto_free char *type = audit_field(&whole, "type"), *id = NULL;
	struct audit_record record;
	char *rest = line;
	int r = 0;

	id = audit_recognises(line) ? event_id(line, &rest) : NULL;
	if (!type || !id) {
		if (!is_separator(line))
			importing_note(&im->summary.unknown_lines, im->summary.unknown_line, line);
		return 0;
	}
	record = (struct audit_record){ rest, is_worded(id) };
	if (!im->audit.id || strcmp(im->audit.id, id) != 0)
		r = begin_event(im, take_ptr(id));
	for (size_t i = 0; i < ARRAY_SIZE(types) && r == 0; i++)
		if (strcmp(types[i].name, type) == 0 || strcmp(types[i].number, type) == 0)
			return types[i].take(im, &record);
	return r;
}
