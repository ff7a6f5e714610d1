/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Audit records: the lines with the same number are one call. */
#include "importer/audit.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "importer/facts.h"
#include "importer/importing.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/names.h"

#define DIGITS "0123456789"

/* ---- fields ---- */

/* The value of "NAME=" in a record, for the caller to free; without quotes. NULL without. */
static char *field(const char *record, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strstr(record, name); at; at = strstr(at + 1, name)) {
		const char *value = at + n + 1;

		if (at[n] != '=' || (at > record && !strchr(" \t:(", at[-1])))
			continue;
		if (*value == '"')
			return strndup(value + 1, strcspn(value + 1, "\""));
		return strndup(value, strcspn(value, " \t\035"));
	}
	return NULL;
}

static int hex_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* The bytes of an even number of hexadecimal digits; their number, or 0 for anything else. */
static size_t from_hex(const char *text, char *bytes, size_t most)
{
	size_t n = strlen(text) / 2;

	if (strlen(text) % 2 || n > most)
		return 0;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		bytes[i] = (char)(high * 16 + low);
	}
	return n;
}

/*
 * A path: quoted, or in hexadecimal where it has blanks or the like (audit_log_untrustedstring()).
 * For the caller to free; NULL for "(null)" and without.
 */
static char *path_field(const char *record, const char *name)
{
	auto_free char *value = field(record, name);
	char bytes[PATH_MAX];
	size_t n = value ? from_hex(value, bytes, sizeof(bytes) - 1) : 0;

	if (!value || strcmp(value, "(null)") == 0)
		return NULL;
	bytes[n] = '\0';
	return n && strlen(bytes) == n ? strdup(bytes) : take_ptr(value);
}

static int number_field(const char *record, const char *name, uint64_t *ret)
{
	auto_free char *value = field(record, name);

	return value && parse_u64(value, UINT64_MAX, ret) == 0 ? 0 : -EINVAL;
}

/* ---- the records of an event ---- */

/* A hexadecimal number without 0x, or libseccomp's or ausearch's name ("x86_64"). */
static int read_arch(const char *record, uint32_t *ret)
{
	auto_free char *value = field(record, "arch"), *hex = NULL;

	if (!value)
		return -EINVAL;
	if (arch_parse(value, ret) == 0)
		return 0;
	if (strcmp(value, "i386") == 0)
		return arch_parse("x86", ret);
	return asprintf(&hex, "0x%s", value) < 0 ? -ENOMEM : arch_parse(hex, ret);
}

static int read_number(const char *record, uint32_t arch, int *ret)
{
	auto_free char *value = field(record, "syscall");
	uint64_t nr;

	if (!value)
		return -EINVAL;
	if (parse_u64(value, INT_MAX, &nr) < 0)
		return syscall_number(arch, value, ret);
	*ret = (int)nr;
	return 0;
}

/* a0= to a3= are in hexadecimal without 0x; ausearch -i has names, which are not read. */
static void read_arguments(struct audit_reader *a, const char *record)
{
	for (unsigned i = 0; i < ARRAY_SIZE(a->args); i++) {
		char name[] = { 'a', (char)('0' + i), '\0' };
		auto_free char *value = field(record, name), *hex = NULL;

		if (value &&
		    asprintf(&hex, "0x%s", strncmp(value, "0x", 2) == 0 ? value + 2 : value) >= 0 &&
		    parse_u64(hex, UINT64_MAX, &a->args[i]) == 0)
			a->unread_args &= (uint8_t) ~(1u << i);
	}
}

static void read_result(struct audit_reader *a, const char *record)
{
	auto_free char *value = field(record, "exit");
	int error;

	if (!value)
		return;
	if (name_parse(NAME_ERROR, value, &error) == 0) {
		a->has_result = true;
		a->result = isalpha((unsigned char)*value) ? -(int64_t)error : error;
	}
}

static int take_call(struct importer *im, const char *record, bool seccomp)
{
	struct audit_reader *a = &im->audit;
	uint64_t pid = 0;

	if (read_arch(record, &a->arch) < 0 || read_number(record, a->arch, &a->nr) < 0) {
		auto_free char *call = field(record, "syscall");

		importing_note(&im->summary.unknown_calls, im->summary.unknown_call,
			       call ? call : "(none)");
		return 0;
	}
	a->called = true;
	a->unread_args = 0x3f;
	number_field(record, "pid", &pid);
	a->pid = (pid_t)(pid & INT_MAX);
	free(a->exe);
	a->exe = path_field(record, "exe");
	if (!seccomp) {
		read_arguments(a, record);
		read_result(a, record);
	}
	return 0;
}

static int take_syscall(struct importer *im, const char *record)
{
	return take_call(im, record, false);
}

static int take_seccomp(struct importer *im, const char *record)
{
	return take_call(im, record, true);
}

static int take_cwd(struct importer *im, const char *record)
{
	free(im->audit.cwd);
	im->audit.cwd = path_field(record, "cwd");
	return 0;
}

static int take_address(struct importer *im, const char *record)
{
	free(im->audit.address);
	im->audit.address = field(record, "saddr");
	return 0;
}

/* PARENT is the directory of another record. */
static int take_path(struct importer *im, const char *record)
{
	struct audit_reader *a = &im->audit;
	auto_free char *type = field(record, "nametype"), *mode = field(record, "mode");
	struct audit_path *path = &a->paths[a->n_paths];
	uint64_t bits = 0;

	if (a->n_paths == MOST_AUDIT_PATHS || (type && strcmp(type, "PARENT") == 0))
		return 0;
	for (const char *c = mode; c && *c >= '0' && *c <= '7'; c++)
		bits = (bits * 8 + (uint64_t)(*c - '0')) & 0xffffffff;
	path->kind = bits ? path_kind_from_mode((mode_t)bits) : 0;
	if (type && strcmp(type, "CREATE") == 0)
		path->kind = KIND_MISSING;
	path->name = path_field(record, "name");
	a->n_paths += path->name != NULL;
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

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
	char bytes[sizeof(struct sockaddr_un) + 1];
};

/* TEXT has room for the printed address. */
static void fill_address(const struct audit_reader *a, union address *raw, char text[256],
			 struct logged_address *to)
{
	size_t n = a->address ? from_hex(a->address, raw->bytes, sizeof(raw->bytes) - 1) : 0;
	auto_free char *name = NULL;

	if (n < sizeof(sa_family_t))
		return;
	to->family = raw->any.sa_family;
	if (to->family == AF_INET && n >= sizeof(raw->in)) {
		to->address = inet_ntop(AF_INET, &raw->in.sin_addr, text, 256);
		to->port = ntohs(raw->in.sin_port);
	} else if (to->family == AF_INET6 && n >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
		to->address = inet_ntop(AF_INET6, &raw->in6.sin6_addr, text, 256);
		to->port = ntohs(raw->in6.sin6_port);
	} else if (to->family == AF_UNIX && n > offsetof(struct sockaddr_un, sun_path)) {
		n -= offsetof(struct sockaddr_un, sun_path);
		if (raw->un.sun_path[0]) {
			to->path = raw->un.sun_path;
			return;
		}
		name = bytes_to_text(raw->un.sun_path + 1, n - 1);
		snprintf(text, 256, "@%.250s", name ? name : "");
		to->address = text;
	}
}

static int finish_event(struct importer *im)
{
	const struct audit_reader *a = &im->audit;
	struct logged_call call = { .has_result = a->has_result, .result = a->result };
	union address raw = { .bytes = { 0 } };
	auto_free char *name = NULL;
	char text[256];
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
			fill_address(a, &raw, text, &call.address);
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
	free(a->address);
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
	int (*take)(struct importer *im, const char *record);
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
	auto_free char *type = field(line, "type"), *id = NULL;
	char *rest = line;
	int r = 0;

	id = audit_recognises(line) ? event_id(line, &rest) : NULL;
	if (!type || !id) {
		if (!is_separator(line))
			importing_note(&im->summary.unknown_lines, im->summary.unknown_line, line);
		return 0;
	}
	if (!im->audit.id || strcmp(im->audit.id, id) != 0)
		r = begin_event(im, take_ptr(id));
	for (size_t i = 0; i < ARRAY_SIZE(types) && r == 0; i++)
		if (strcmp(types[i].name, type) == 0 || strcmp(types[i].number, type) == 0)
			return types[i].take(im, rest);
	return r;
}
