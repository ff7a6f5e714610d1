/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SystemCallFilter= and what belongs to it.
 *
 * systemd's lists of system calls know names only, so they admit more than a policy that looks at
 * arguments. Every allow-list silently gets the group @default; a second line with ~ takes what the
 * policy has not away again, so that the list is exact.
 */
#include <errno.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/call_names.h"
#include "emitter/choices.h"
#include "emitter/ruled_out.h"
#include "emitter/systemd_directives.h"
#include "emitter/systemd_groups.h"
#include "emitter/systemd_writers.h"

/* Calls that no program of the service made, and that somebody makes on its behalf. */
struct extra_call {
	const char *name, *why;
	bool (*needed)(const struct policy *p, const struct emit_options *options);
};

static bool always(const struct policy *p, const struct emit_options *options)
{
	(void)p;
	(void)options;
	return true;
}

static bool is_type_exec(const struct policy *p, const struct emit_options *options)
{
	(void)p;
	return options->unit && options->unit->type && strcmp(options->unit->type, "exec") == 0;
}

static bool falls_back_to_clone(const struct policy *p, const struct emit_options *options)
{
	return policy_allows(p, "clone3") && systemd_holds("RestrictNamespaces", p, options);
}

static const struct extra_call extra_calls[] = {
	{ "execve", "and execve, by which systemd starts it", always },
	{ "write", "and write, by which systemd tells of a failed start for Type=exec",
	  is_type_exec },
	{ "clone", "and clone, because RestrictNamespaces= answers clone3 with ENOSYS",
	  falls_back_to_clone },
};

static bool is_extra(const struct policy *p, const struct emit_options *options, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(extra_calls); i++)
		if (strcmp(extra_calls[i].name, name) == 0)
			return extra_calls[i].needed(p, options);
	return false;
}

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
			 struct systemd_list *list)
{
	for (size_t i = 0; groups && i < groups->n; i++) {
		bool more = false;

		if (!systemd_group_is_allowed(groups, i, p))
			continue;
		for (size_t k = 0; !more && k < p->n_calls; k++)
			more = systemd_group_has(groups, i, p->calls[k].name) &&
			       !is_grouped(p, groups, i, p->calls[k].name);
		if (more)
			systemd_list_add(list, groups->v[i].name);
	}
}

static void print_allowed(const struct policy *p, const struct emit_options *options, FILE *out,
			  const char *start)
{
	const struct systemd_groups *groups = options->groups;
	struct systemd_list list = { .out = out, .start = start };

	for (size_t i = 0; i < ARRAY_SIZE(extra_calls); i++)
		if (!policy_allows(p, extra_calls[i].name) && extra_calls[i].needed(p, options))
			systemd_reason(out, options, extra_calls[i].why);
	print_groups(p, groups, &list);
	for (size_t i = 0; i < p->n_calls; i++) {
		const char *name = p->calls[i].name;

		if (is_call_name(name) && !call_is_repeated(p, i) &&
		    !(groups && is_grouped(p, groups, groups->n, name)))
			systemd_list_add(&list, name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(extra_calls); i++)
		if (!policy_allows(p, extra_calls[i].name) && extra_calls[i].needed(p, options))
			systemd_list_add(&list, extra_calls[i].name);
	systemd_list_end(&list);
}

/* A denial with an answer of its own: systemd knows errno and kill, and refuses the default's. */
static bool has_answer(const struct policy *p, const struct emit_options *options,
		       const struct policy_denial *denial)
{
	return (denial->action.kind == ACTION_ERRNO || denial->action.kind == ACTION_KILL) &&
	       !same_action(denial->action, p->action) && is_call_name(denial->name) &&
	       !policy_allows(p, denial->name) && !is_extra(p, options, denial->name);
}

/* Whether one of the first N denials gives the call an answer, on whatever architecture. */
static bool is_answered(const struct policy *p, const struct emit_options *options, size_t n,
			const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(p->denials[i].name, name) == 0 &&
		    has_answer(p, options, &p->denials[i]))
			return true;
	return false;
}

static int print_removed(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct systemd_list list = { .out = out, .start = "SystemCallFilter=~" };
	auto_free const char **of_target =
		options->groups ? systemd_groups_default(options->groups) : NULL;

	if (options->groups && !of_target)
		return -ENOMEM;
	for (const char *const *name = of_target ? of_target : systemd_default_calls; *name; name++)
		if (call_exists(p, *name) && !policy_allows(p, *name) &&
		    !is_answered(p, options, p->n_denials, *name) && !is_extra(p, options, *name))
			systemd_list_add(&list, *name);
	systemd_list_end(&list);
	return 0;
}

/* The word after a call's name or after SystemCallErrorNumber=: "ENOSYS", "kill"; to be freed. */
static char *answer_word(struct action action)
{
	auto_free char *text = action_format(action);
	const char *colon = text ? strchr(text, ':') : NULL;

	return colon ? strdup(colon + 1) : take_ptr(text);
}

static bool is_not_permitted(const struct policy_denial *denial)
{
	return denial->action.kind == ACTION_ERRNO && denial->action.error == EPERM;
}

static int print_answers_of(const struct policy *p, const struct emit_options *options,
			    bool not_permitted, const char *reason, FILE *out)
{
	struct systemd_list list = { .out = out, .start = "SystemCallFilter=~" };
	bool first = true;

	for (size_t i = 0; i < p->n_denials; i++) {
		const struct policy_denial *denial = &p->denials[i];
		auto_free char *answer = NULL, *word = NULL;

		if (is_not_permitted(denial) != not_permitted ||
		    !has_answer(p, options, denial) || is_answered(p, options, i, denial->name))
			continue;
		answer = answer_word(denial->action);
		if (!answer || asprintf(&word, "%s:%s", denial->name, answer) < 0) {
			word = NULL;
			return -ENOMEM;
		}
		if (first)
			systemd_reason(out, options, reason);
		first = false;
		systemd_list_add(&list, word);
	}
	systemd_list_end(&list);
	return 0;
}

static int print_answers(const struct policy *p, const struct emit_options *options, FILE *out)
{
	int err = print_answers_of(p, options, false,
				   "not seen; with this answer a newer libc falls back to older "
				   "calls", out);

	return err ? err
		   : print_answers_of(p, options, true,
				      "for root alone: the answer that the kernel has for others",
				      out);
}

int write_allowed_calls(const struct policy *p, const struct emit_options *options, FILE *out)
{
	int err;

	fputs("SystemCallFilter=\n", out);
	print_allowed(p, options, out, "SystemCallFilter=");
	systemd_reason(out, options, "systemd adds these to every list: taken away again");
	err = print_removed(p, options, out);
	if (!err)
		err = print_answers(p, options, out);
	if (options->comments)
		print_nameless(out, "# ", p);
	return err;
}

int write_logged_calls(const struct policy *p, const struct emit_options *options, FILE *out)
{
	fputs("SystemCallFilter=\nSystemCallLog=\n", out);
	print_allowed(p, options, out, "SystemCallLog=~");
	return print_answers(p, options, out);
}

int write_error_number(const struct policy *p, const struct emit_options *options, FILE *out)
{
	auto_free char *word = answer_word(p->action);

	if (!word)
		return -ENOMEM;
	if (p->action.kind == ACTION_ERRNO) {
		systemd_reason(out, options, "what all other calls get");
	} else {
		systemd_reason(out, options,
			       p->action.kind == ACTION_TRAP
				       ? "all other calls end the process: systemd has no 'trap'"
				       : "all other calls end the process with SIGSYS");
	}
	fprintf(out, "SystemCallErrorNumber=%s\n", p->action.kind == ACTION_ERRNO ? word : "");
	return 0;
}

int write_architectures(const struct policy *p, const struct emit_options *options, FILE *out)
{
	uint32_t arches[4];
	size_t n = policy_arches(p, arches);

	(void)options;
	fputs("SystemCallArchitectures=\nSystemCallArchitectures=native", out);
	for (size_t i = 1; i < n; i++)
		if (arches[i] == AUDIT_ARCH_I386)
			fputs(" x86", out);
	fputc('\n', out);
	return 0;
}
