/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call as strace prints it: names and numbers become what the kernel saw. */
#include "importer/strace_call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "importer/importing.h"
#include "importer/loader.h"
#include "importer/text.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/names.h"

#define MOST_WORDS 12

/* A call being read. Strings that it had to make are its own. */
struct reading {
	struct importer *im;
	struct logged_task *task;
	const char *name;
	char *words[MOST_WORDS];
	size_t n_words;
	struct logged_call call;
	char *owned[8];
	size_t n_owned;
};

static void clear_reading(struct reading *r)
{
	for (size_t i = 0; i < r->n_owned; i++)
		free(r->owned[i]);
}

static char *own(struct reading *r, char *text)
{
	if (text && r->n_owned < ARRAY_SIZE(r->owned)) {
		r->owned[r->n_owned++] = text;
		return text;
	}
	free(text);
	return NULL;
}

/* ---- what kind of call ---- */

static bool is_named(const char *text, const char *name)
{
	size_t n = strlen(name);

	return strncmp(text, name, n) == 0 && text[n] == '(';
}

bool strace_call_forks(const char *text)
{
	return is_named(text, "clone") || is_named(text, "clone3") || is_named(text, "fork") ||
	       is_named(text, "vfork");
}

/* By name, or by -e raw=all's number in the first argument of clone. */
bool strace_call_makes_thread(const char *text)
{
	uint64_t flags;

	if (strstr(text, "CLONE_THREAD"))
		return true;
	if (!is_named(text, "clone"))
		return false;
	{
		auto_free char *first = strndup(text + 6, strcspn(text + 6, ",)"));

		return first && text_value(first, NULL, &flags) == 0 && flags & 0x10000;
	}
}

uint32_t strace_mode_arch(const char *mode, uint32_t native)
{
	if (strcmp(mode, "32") == 0 && native == AUDIT_ARCH_X86_64)
		return AUDIT_ARCH_I386;
	if (strcmp(mode, "32") == 0 && native == AUDIT_ARCH_AARCH64)
		return AUDIT_ARCH_ARM;
	return native;
}

/* ---- arguments ---- */

/* clone(child_stack=NULL, flags=..., child_tidptr=...): not in the order of the registers. */
static char *named_word(struct reading *r, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < r->n_words; i++)
		if (strncmp(r->words[i], name, n) == 0 && r->words[i][n] == '=')
			return r->words[i] + n + 1;
	return NULL;
}

/* The text of argument INDEX, or NULL where the log has none. */
static char *word_at(struct reading *r, unsigned index)
{
	if (strcmp(r->name, "clone") == 0 && index == 0 && named_word(r, "flags"))
		return named_word(r, "flags");
	return index < r->n_words ? r->words[index] : NULL;
}

static bool is_resuming(const struct reading *r)
{
	return r->n_words == 1 && strncmp(r->words[0], "<... resuming", 13) == 0;
}

static void read_argument(struct reading *r, unsigned index)
{
	const struct argspec *spec = argspec_of(r->name, index);
	const char *word = word_at(r, index);
	auto_free char *example = NULL;

	if (word && text_value(word, spec, &r->call.call.args[index]) == 0)
		return;
	r->call.call.unread_args |= (uint8_t)(1u << index);
	if (!spec || spec->shown_only || !word)
		return;
	if (asprintf(&example, "%s(%s)", r->name, word) >= 0)
		importing_note(&r->im->summary.unread_arguments, r->im->summary.unread_argument,
			       example);
}

static void read_arguments(struct reading *r)
{
	for (unsigned i = 0; i < 6; i++)
		read_argument(r, i);
}

/* ---- paths ---- */

static void read_path(struct reading *r, unsigned i)
{
	const struct path_arg *how = &r->call.info->paths[i];
	char *word = how->use == USE_NONE || how->path < 0 ? NULL : word_at(r, (unsigned)how->path);
	char *path = NULL;

	if (!word || strcmp(word, "NULL") == 0)
		return;
	if (how->use == USE_OPENAT2 && how->flags >= 0) {
		char *how_word = word_at(r, (unsigned)how->flags);
		char *flags = how_word ? text_member(how_word, "flags") : NULL;

		if (flags)
			text_value(flags, NULL, &r->call.call.args[how->flags]);
	}
	if (text_string(word, &path) < 0) {
		importing_note(&r->im->summary.unread_paths, r->im->summary.unread_path, word);
		return;
	}
	r->call.paths[i].path = own(r, path);
	if (how->dirfd >= 0 && word_at(r, (unsigned)how->dirfd))
		r->call.paths[i].dir = own(r, text_decoration(word_at(r, (unsigned)how->dirfd)));
}

/* -y: what an open returned says where links led. */
static void read_resolved(struct reading *r, const char *result)
{
	enum path_use use = r->call.info->paths[0].use;
	char *path;

	if ((use != USE_OPEN && use != USE_OPENAT2 && use != USE_CREAT) || !result ||
	    !r->call.paths[0].path)
		return;
	path = own(r, text_decoration(result));
	if (path)
		r->call.paths[0].path = path;
}

/* ---- socket addresses ---- */

/* The argument of htons(...) or inet_addr("..."), in place. */
static char *inside(char *word, const char *function)
{
	size_t n = strlen(function);
	char *end;

	if (!word || strncmp(word, function, n) != 0 || word[n] != '(')
		return NULL;
	word += n + 1;
	end = text_find(word, ")");
	*end = '\0';
	return word;
}

/* The bytes as they are in memory (-X raw, -X verbose), N of them; false where they are not. */
static bool raw_bytes(char *word, void *to, size_t n)
{
	auto_free char *bytes = NULL;
	size_t length;

	word[strcspn(word, " ")] = '\0'; /* a comment */
	if (text_bytes(word, &bytes, &length) < 0 || length != n)
		return false;
	memcpy(to, bytes, n);
	return true;
}

/* htons(80), or "\x00\x50". */
static bool read_port(char *word, uint16_t *ret)
{
	char *number = inside(word, "htons");
	uint64_t value;
	uint16_t raw;

	if (number ? parse_u64(number, UINT16_MAX, &value) < 0
		   : !word || !raw_bytes(word, &raw, sizeof(raw)))
		return false;
	*ret = number ? (uint16_t)value : ntohs(raw);
	return true;
}

/* WORD is a quoted address, or its bytes. */
static char *internet_address(char *word, int family)
{
	size_t n = family == AF_INET ? 4 : 16;
	char bytes[16], printed[INET6_ADDRSTRLEN], *text = NULL;

	if (!word)
		return NULL;
	if (strstr(word, "\\x") && raw_bytes(word, bytes, n))
		return strdup(inet_ntop(family, bytes, printed, sizeof(printed)));
	if (text_string(word, &text) == 0 && inet_pton(family, text, bytes) == 1)
		return text;
	free(text);
	return NULL;
}

static void read_internet(struct reading *r, char *port, char *address)
{
	struct logged_address *a = &r->call.address;

	if (read_port(port, &a->port))
		a->address = own(r, internet_address(address, a->family));
}

static void read_unix(struct reading *r, char *name)
{
	struct logged_address *a = &r->call.address;
	auto_free char *bytes = NULL, *text = NULL;
	char *abstract = NULL;

	if (!name || (text_string(name + (*name == '@'), &bytes) < 0 && *name != '@'))
		return;
	if (!bytes) /* a name with NUL bytes in it stays as strace wrote it */
		bytes = strdup(name + strspn(name, "@\""));
	if (!bytes || !*bytes)
		return;
	if (*name != '@') {
		a->path = own(r, take_ptr(bytes));
		return;
	}
	text = bytes_to_text(bytes, strlen(bytes));
	if (text && asprintf(&abstract, "@%s", text) >= 0)
		a->address = own(r, abstract);
}

/* "inet_pton(AF_INET6, "::1", &sin6_addr)" is a member without a name. */
static char *inet_pton_word(char *structure)
{
	char *at = strstr(structure, "inet_pton(AF_INET6, "), *words[3];

	at = at && !strstr(structure, "sin6_addr=") ? inside(at, "inet_pton") : NULL;
	if (!at)
		return text_member(structure, "sin6_addr");
	return text_split(at, words, 3) >= 2 ? words[1] : NULL;
}

static char *inet_addr_word(char *structure)
{
	char *word = text_member(structure, "sin_addr"), *address = inside(word, "inet_addr");

	return address ? address : word;
}

static void read_address(struct reading *r)
{
	char *word = word_at(r, (unsigned)r->call.info->address);
	/* Each look at a member cuts the text at its end: a copy for each. */
	char *family, *port, *rest;
	uint64_t number;

	if (!word || *word != '{')
		return;
	family = own(r, strdup(word));
	port = own(r, strdup(word));
	rest = own(r, strdup(word));
	family = family ? text_member(family, "sa_family") : NULL;
	if (!family || !port || !rest || text_value(family, NULL, &number) < 0)
		return;
	r->call.address.family = (int)number;
	if (r->call.address.family == AF_INET)
		read_internet(r, text_member(port, "sin_port"), inet_addr_word(rest));
	else if (r->call.address.family == AF_INET6)
		read_internet(r, text_member(port, "sin6_port"), inet_pton_word(rest));
	else if (r->call.address.family == AF_UNIX)
		read_unix(r, text_member(rest, "sun_path"));
}

/* ---- what fstat said ---- */

/* fstat(3, {st_mode=S_IFDIR|0755, ...}), newfstatat(3, "", {...}, AT_EMPTY_PATH). */
static void read_kind(struct reading *r)
{
	bool fstat = strcmp(r->name, "fstat") == 0 || strcmp(r->name, "fstat64") == 0;
	unsigned at = fstat ? 1 : 2;
	auto_free char *structure = word_at(r, at) ? strdup(word_at(r, at)) : NULL;
	char *mode;
	uint64_t bits;

	if (!structure || (!fstat && (strcmp(r->name, "newfstatat") != 0 ||
				      strcmp(word_at(r, 1), "\"\"") != 0)))
		return;
	mode = text_member(structure, "st_mode");
	if (mode && text_value(mode, NULL, &bits) == 0)
		r->call.is = path_kind_from_mode((mode_t)bits);
}

/* ---- results ---- */

/* "3</etc/passwd> <0.0001>", "-1 ENOENT (No such file or directory)", "0x7f...", "?" */
static void read_result(struct reading *r, const char *result)
{
	auto_free char *first = NULL, *error = NULL;
	uint64_t value;
	size_t n;
	int number;

	if (!result)
		return;
	n = strcspn(result, " <");
	first = strndup(result, n);
	if (!first || text_value(first, NULL, &value) < 0)
		return;
	r->call.has_result = true;
	r->call.result = (int64_t)value;
	result += n + strspn(result + n, " ");
	error = strndup(result, strcspn(result, " "));
	if (r->call.result != -1 || !error || *error != 'E')
		return;
	r->call.has_result = name_parse(NAME_ERROR, error, &number) == 0;
	r->call.result = r->call.has_result ? -(int64_t)number : 0;
}

/* ---- execve ---- */

/* The words of ["ls", "-l"], for the summary; what cannot be read is left out. */
static char **read_words(char *list)
{
	char *parts[64], **words = calloc(ARRAY_SIZE(parts) + 1, sizeof(*words));
	size_t n, kept = 0;

	if (!words || *list != '[')
		return words;
	list++;
	*text_find(list, "]") = '\0';
	n = text_split(list, parts, ARRAY_SIZE(parts));
	for (size_t i = 0; i < n; i++)
		if (text_string(parts[i], &words[kept]) == 0)
			kept++;
	return words;
}

static int emit_execute(const struct reading *r, int program, const char *path)
{
	struct event event = {
		.kind = EVENT_PATH,
		.origin = facts_origin(r->task),
		.call = &r->call.call,
		.path = { .path = path, .effects = PATH_EXECUTE, .kind = KIND_FILE },
	};

	event.origin.program = (uint32_t)program;
	return r->im->sink.event(r->im->sink.state, &event);
}

/* A program needs its own executable and its loader, whoever executed it. */
static int emit_executed(const struct reading *r, int program, const char *path)
{
	auto_free char *loader = loader_of(path);
	int err = emit_execute(r, program, path);

	return err == 0 && loader ? emit_execute(r, program, loader) : err;
}

/* The process is another program now; a thread that does this is alone afterwards. */
static int become(struct reading *r)
{
	const struct logged_path *path = &r->call.paths[0];
	struct process *process = r->task->process;
	auto_free char *absolute = NULL;
	int program;

	if (path->path)
		absolute = facts_absolute(path->path[0] == '/' ? ""
					  : path->dir          ? path->dir
							       : process->cwd,
					  path->path);
	program = importing_program(r->im, absolute ? absolute : r->im->options.program);
	if (program < 0)
		return program;
	if (process->program >= 0 && facts_settle_all(r->im, process) < 0)
		return -ENOMEM;
	if (absolute && emit_executed(r, program, absolute) < 0)
		return -ENOMEM;
	process->program = program;
	process->highest_fd = -1;
	return 0;
}

/* Who is to blame for a call before the first execve, and for that execve itself. */
static int find_program(struct reading *r, bool executes)
{
	char *list = executes ? word_at(r, r->call.info->paths[0].dirfd == NO_ARG ? 1 : 2) : NULL;
	int program;

	if (r->task->process->program >= 0)
		return 0;
	if (executes) {
		if (!r->im->summary.command && list)
			r->im->summary.command = read_words(list);
		return become(r);
	}
	program = importing_program(r->im, r->im->options.program);
	if (program < 0)
		return program;
	r->task->process->program = program;
	return 0;
}

/* ---- the call ---- */

static int resolve_name(struct reading *r)
{
	uint32_t arch = r->task->process->arch;
	uint64_t number;

	r->call.call.arch = arch;
	/* strace writes a number that it does not know in hexadecimal. */
	if (strncmp(r->name, "syscall_0x", 10) == 0 &&
	    parse_u64(r->name + 8, INT_MAX, &number) == 0) {
		r->call.call.nr = (int)number;
		return 0;
	}
	if (syscall_number(arch, r->name, &r->call.call.nr) < 0)
		return -ENOENT;
	r->call.info = syscall_info_by_name(r->name);
	return 0;
}

static void read_call(struct reading *r, const char *result)
{
	read_arguments(r);
	read_result(r, result);
	if (!r->call.info)
		return;
	read_path(r, 0);
	read_path(r, 1);
	read_kind(r);
	read_resolved(r, result);
	if (r->call.info->class == CLASS_ADDRESS && r->call.info->address >= 0)
		read_address(r);
	if (word_at(r, 0))
		r->call.descriptor = own(r, text_decoration(word_at(r, 0)));
	if (r->call.info->class == CLASS_MAP && word_at(r, 4) && !r->call.descriptor)
		r->call.mapped = own(r, text_decoration(word_at(r, 4)));
}

static int hand_on(struct reading *r)
{
	bool executes = r->call.info && r->call.info->class == CLASS_EXEC && r->call.has_result &&
			r->call.result == 0;
	bool first = r->task->process->program < 0;
	int err = find_program(r, executes), wanted;

	if (err < 0)
		return err;
	wanted = facts_hand_on(r->im, r->task, &r->call);
	if (wanted < 0)
		return wanted;
	r->im->strace.origin = facts_origin(r->task);
	r->im->strace.call = r->call.call;
	if (executes && !first)
		err = become(r);
	return err < 0 ? err : wanted;
}

int strace_call(struct importer *im, struct logged_task *task, char *text, const char *result,
		int64_t *value)
{
	cleanup(clear_reading) struct reading r = { .im = im, .task = task, .name = text };
	char *open = strchr(text, '(');

	*open = '\0';
	if (resolve_name(&r) < 0) {
		importing_note(&im->summary.unknown_calls, im->summary.unknown_call, text);
		return 0;
	}
	r.n_words = text_split(open + 1, r.words, MOST_WORDS);
	if (is_resuming(&r))
		r.n_words = 0;
	read_call(&r, result);
	*value = r.call.has_result ? r.call.result : -1;
	return hand_on(&r);
}
