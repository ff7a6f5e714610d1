/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The policy as a drop-in for a systemd service.
 *
 * systemd's lists of system calls know names only, so they admit more than a policy that looks at
 * arguments. Every allow-list silently gets the group @default; a second line with ~ takes what the
 * policy has not away again, so that the list is exact.
 */
#include <inttypes.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/call_names.h"
#include "emitter/choices.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"
#include "emitter/systemd_directives.h"
#include "emitter/systemd_groups.h"
#include "emitter/systemd_paths.h"
#include "sysdb/names.h"
#include "sysdb/rlimits.h"

/* Lists go on in a further line of the same directive past this column. */
#define LINE_WIDTH 96

/* ---- lines ---- */

struct list {
	FILE *out;
	const char *start; /* "SystemCallFilter=" */
	size_t column;     /* 0: no line begun */
};

static void list_add(struct list *list, const char *word)
{
	size_t n = strlen(word);

	if (list->column && list->column + 1 + n > LINE_WIDTH) {
		fputc('\n', list->out);
		list->column = 0;
	}
	list->column += (size_t)fprintf(list->out, "%s%s", list->column ? " " : list->start, word);
}

static void list_end(struct list *list)
{
	if (list->column)
		fputc('\n', list->out);
	list->column = 0;
}

static void print_reason(FILE *out, const struct emit_options *options, const char *reason)
{
	if (!options->comments)
		return;
	fputs("# ", out);
	quote_comment(out, reason);
	fputc('\n', out);
}

/* ---- system calls ---- */

/* The one call that systemd itself makes between putting the filter on and the program's start. */
static const char execve_name[] = "execve";

/* Whether a group with index below N that is named has the call. */
static bool is_grouped(const struct policy *p, const struct systemd_groups *groups, size_t n,
		       const char *call)
{
	for (size_t i = 0; i < n; i++)
		if (systemd_group_has(groups, i, call) && systemd_group_is_allowed(groups, i, p))
			return true;
	return false;
}

/* The groups that have a call which those before them have not. */
static void print_groups(const struct policy *p, const struct systemd_groups *groups,
			 struct list *list)
{
	for (size_t i = 0; groups && i < groups->n; i++) {
		bool more = false;

		if (!systemd_group_is_allowed(groups, i, p))
			continue;
		for (size_t k = 0; !more && k < p->n_calls; k++)
			more = systemd_group_has(groups, i, p->calls[k].name) &&
			       !is_grouped(p, groups, i, p->calls[k].name);
		if (more)
			list_add(list, groups->v[i].name);
	}
}

static void print_allowed(const struct policy *p, const struct emit_options *options, FILE *out,
			  const char *start)
{
	const struct systemd_groups *groups = options->groups;
	struct list list = { .out = out, .start = start };

	print_groups(p, groups, &list);
	for (size_t i = 0; i < p->n_calls; i++) {
		const char *name = p->calls[i].name;

		if (is_call_name(name) && !call_is_repeated(p, i) &&
		    !(groups && is_grouped(p, groups, groups->n, name)))
			list_add(&list, name);
	}
	if (!policy_allows(p, execve_name))
		list_add(&list, execve_name);
	list_end(&list);
}

/* A denial with an answer of its own: systemd knows errno and kill, and refuses the default's. */
static bool has_answer(const struct policy *p, const struct policy_denial *denial)
{
	return (denial->action.kind == ACTION_ERRNO || denial->action.kind == ACTION_KILL) &&
	       !same_action(denial->action, p->action) && is_call_name(denial->name) &&
	       !policy_allows(p, denial->name) && strcmp(denial->name, execve_name) != 0;
}

/* Whether one of the first N denials gives the call an answer, on whatever architecture. */
static bool is_answered(const struct policy *p, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(p->denials[i].name, name) == 0 && has_answer(p, &p->denials[i]))
			return true;
	return false;
}

static int print_removed(const struct policy *p, const struct systemd_groups *groups, FILE *out)
{
	struct list list = { .out = out, .start = "SystemCallFilter=~" };
	auto_free const char **of_target = groups ? systemd_groups_default(groups) : NULL;

	if (groups && !of_target)
		return -ENOMEM;
	for (const char *const *name = of_target ? of_target : systemd_default_calls; *name; name++)
		if (call_exists(p, *name) && !policy_allows(p, *name) &&
		    !is_answered(p, p->n_denials, *name) && strcmp(*name, execve_name) != 0)
			list_add(&list, *name);
	list_end(&list);
	return 0;
}

/* The word after a call's name or after SystemCallErrorNumber=: "ENOSYS", "kill"; to be freed. */
static char *answer_word(struct action action)
{
	auto_free char *text = action_format(action);
	const char *colon = text ? strchr(text, ':') : NULL;

	return colon ? strdup(colon + 1) : take_ptr(text);
}

static void print_answers(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct list list = { .out = out, .start = "SystemCallFilter=~" };
	bool first = true;

	for (size_t i = 0; i < p->n_denials; i++) {
		const struct policy_denial *denial = &p->denials[i];
		auto_free char *answer = answer_word(denial->action), *word = NULL;

		if (!has_answer(p, denial) || is_answered(p, i, denial->name) || !answer)
			continue;
		if (asprintf(&word, "%s:%s", denial->name, answer) < 0) {
			word = NULL;
			continue;
		}
		if (first)
			print_reason(out, options, "not seen; with this answer a newer libc falls "
						   "back to older calls");
		first = false;
		list_add(&list, word);
	}
	list_end(&list);
}

static void print_default(const struct policy *p, const struct emit_options *options, FILE *out)
{
	auto_free char *word = answer_word(p->action);

	if (p->action.kind == ACTION_ERRNO && word) {
		print_reason(out, options, "what all other calls get");
		fprintf(out, "SystemCallErrorNumber=%s\n", word);
	} else if (p->action.kind == ACTION_TRAP) {
		print_reason(out, options,
			     "all other calls end the process: systemd has no 'trap'");
	} else if (p->action.kind == ACTION_KILL) {
		print_reason(out, options, "all other calls end the process with SIGSYS");
	}
}

static int print_calls(const struct policy *p, const struct emit_options *options, FILE *out)
{
	int err = 0;

	if (p->action.kind == ACTION_LOG) {
		print_reason(out, options, "calls that were not seen are logged and made");
		print_allowed(p, options, out, "SystemCallLog=~");
	} else {
		print_reason(out, options, "seen or implied, most frequent first");
		if (!policy_allows(p, execve_name))
			print_reason(out, options, "and execve, by which systemd starts it");
		print_allowed(p, options, out, "SystemCallFilter=");
		print_reason(out, options, "systemd adds these to every list: taken away again");
		err = print_removed(p, options->groups, out);
	}
	print_answers(p, options, out);
	print_nameless(out, "# ", p);
	print_default(p, options, out);
	return err;
}

static void print_architectures(const struct policy *p, const struct emit_options *options,
				FILE *out)
{
	uint32_t arches[4];
	size_t n = policy_arches(p, arches);

	print_reason(out, options, "the same calls by other numbers would pass a list of names");
	fputs("SystemCallArchitectures=native", out);
	for (size_t i = 1; i < n; i++)
		if (arches[i] == AUDIT_ARCH_I386)
			fputs(" x86", out);
	fputc('\n', out);
}

/* ---- sockets ---- */

static void print_families(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct list list = { .out = out, .start = "RestrictAddressFamilies=" };

	if (!p->n_families) {
		if (policy_allows(p, "socket") || policy_allows(p, "socketcall"))
			return; /* of which families is not known */
		print_reason(out, options, "no socket is made (since systemd 249)");
		list_add(&list, "none");
		list_end(&list);
		return;
	}
	for (size_t i = 0; i < p->n_families; i++) {
		auto_free char *name = name_format(NAME_FAMILY, p->families[i].family);

		if (!name || strncmp(name, "AF_", 3) != 0)
			return; /* one that cannot be named must not be forbidden */
	}
	print_reason(out, options, "the sockets that were made (since systemd 211)");
	for (size_t i = 0; i < p->n_families; i++) {
		auto_free char *name = name_format(NAME_FAMILY, p->families[i].family);

		if (name)
			list_add(&list, name);
	}
	list_end(&list);
}

/* ---- paths ---- */

/* "-": a path that is not there when the unit starts does not keep it from starting. */
static int print_writable(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct systemd_paths cleanup(systemd_paths_clear) paths = { 0 };
	int err = systemd_writable_paths(p, &paths);

	if (err < 0)
		return err;
	if (paths.n)
		print_reason(out, options, "written, or a name in it comes and goes");
	for (size_t i = 0; i < paths.n; i++) {
		fputs("ReadWritePaths=", out);
		quote_systemd_path(out, "-", paths.v[i]);
		fputc('\n', out);
	}
	return 0;
}

/* ---- directives that take a word ---- */

static void print_left_out(const struct systemd_directive *d, const char *obstacle,
			   const struct emit_options *options, FILE *out)
{
	if (!options->comments)
		return;
	fprintf(out, "# %s=%s is left out: ", d->name, d->value);
	quote_comment(out, obstacle);
	fputc('\n', out);
}

static void print_directive(const struct systemd_directive *d, const struct emit_options *options,
			    FILE *out)
{
	if (options->comments)
		fprintf(out, "# %s (since systemd %u)\n", d->why, d->since);
	fprintf(out, "%s=%s\n", d->name, d->value);
}

/* Of the rows of one name, the strictest first, the first that holds. */
static int print_directives(const struct policy *p, const struct emit_options *options, FILE *out)
{
	const char *done = "";
	int err = 0;

	for (const struct systemd_directive *d = systemd_directives; !err && d->name; d++) {
		auto_free char *obstacle = NULL;

		if (strcmp(d->name, done) == 0)
			continue;
		obstacle = systemd_obstacle(d, p);
		if (obstacle) {
			print_left_out(d, obstacle, options, out);
			continue;
		}
		done = d->name;
		print_directive(d, options, out);
		if (strcmp(d->value, "strict") == 0)
			err = print_writable(p, options, out);
	}
	return err;
}

/* ---- limits ---- */

static void print_limits(const struct policy *p, const struct emit_options *options, FILE *out)
{
	for (size_t i = 0; i < p->n_limits; i++) {
		const struct policy_limit *limit = &p->limits[i];
		const struct rlimit_info *info = rlimit_by_number(limit->resource);

		print_reason(out, options, limit->why);
		if (info->per_user)
			print_reason(out, options, "counted over all processes of the user");
		if (is_lifetime_limit(limit, options))
			print_reason(out, options, lifetime_reason);
		fprintf(out, "%sLimit%s=%" PRIu64 "%s\n",
			is_lifetime_limit(limit, options) ? "#" : "", info->name, limit->value,
			info->unit == UNIT_MICROSECONDS ? "us" : "");
	}
}

/* ---- the file ---- */

int emit_systemd(const struct policy *p, const struct emit_options *options, FILE *out)
{
	static const char *const usage[] = {
		"Install: /etc/systemd/system/UNIT.service.d/learn.conf; systemctl daemon-reload.",
		"A directive that a version of systemd does not know is ignored with a warning.",
		"Type=exec needs the call write as well, Type=notify the socket it notifies by.",
		NULL
	};
	int err;

	print_banner(out, "# ", "systemd", p, usage);
	fputs("[Service]\n", out);
	err = print_calls(p, options, out);
	print_architectures(p, options, out);
	print_families(p, options, out);
	if (!err)
		err = print_directives(p, options, out);
	print_limits(p, options, out);
	return err;
}
