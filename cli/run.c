/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn run: a command under its policy, and which call a process was killed for. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/policy_options.h"
#include "cli/verbs.h"
#include "emitter/filter.h"
#include "enforcer/enforcer.h"
#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"
#include "tracer/tracer.h"

const struct option_row run_options[] = {
	OPTIONS_END,
};

/* ---- the report of a denial ---- */

struct supervisor {
	const struct policy *policy;
	const char *profile; /* its file's name, for the advice */
};

/* "fcntl(3, F_GETFL, 0x7f..., ...)": numbers as a filter sees them, inspected ones by name. */
static void print_call(const char *name, const uint64_t args[6], FILE *out)
{
	fprintf(out, "%s(", name);
	for (unsigned i = 0; i < 6; i++) {
		const struct argspec *spec = argspec_of(name, i);
		auto_free char *text =
			spec ? argspec_format(spec, argspec_significant(spec, args[i])) : NULL;

		if (text)
			fprintf(out, "%s%s", i ? ", " : "", text);
		else
			fprintf(out, "%s%s%" PRIx64, i ? ", " : "", args[i] > 9 ? "0x" : "",
				args[i]);
	}
	fputc(')', out);
}

static void print_process(pid_t pid, FILE *out)
{
	char name[64], exe[PATH_MAX];
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/%d/exe", (int)pid);
	n = readlink(name, exe, sizeof(exe) - 1);
	fprintf(out, " in process %d", (int)pid);
	if (n > 0)
		fprintf(out, " (%.*s)", (int)n, exe);
}

/* What of the policy the call fails: it is not there at all, or an argument is not. */
static void print_rule(const struct policy *policy, const struct event_call *call, const char *name,
		       FILE *out)
{
	const struct policy_call *rule = policy_find_call(policy, call->arch, call->nr);

	fputs("learn:   rule: ", out);
	if (!rule) {
		fprintf(out, "%s is not in the policy\n", name);
		return;
	}
	for (size_t i = 0; i < rule->n_checks; i++) {
		const struct policy_check *check = &rule->checks[i];
		const struct argspec *spec = argspec_of(name, check->index);
		uint64_t value = call->args[check->index];
		auto_free char *text = NULL;

		if (policy_check_holds(check, value))
			continue;
		text = spec ? argspec_format(spec, argspec_significant(spec, value)) : NULL;
		fprintf(out, "the policy does not allow %s with argument %u%s%s = %s\n", name,
			check->index + 1, spec ? ", " : "", spec ? spec->arg : "",
			text ? text : "?");
		return;
	}
	fprintf(out, "%s is denied\n", name);
}

static void print_denial(const struct supervisor *s, const struct event *e, FILE *out)
{
	auto_free char *name = syscall_name(e->call->arch, e->call->nr);
	const char *arch = arch_name(e->call->arch);

	fputs("learn: denied: ", out);
	print_call(name ? name : "?", e->call->args, out);
	if (e->call->arch != s->policy->arch)
		fprintf(out, " [%s]", arch ? arch : "unknown architecture");
	print_process(e->origin.pid, out);
	fputc('\n', out);
	for (size_t i = 0; i < e->stack.n; i++)
		fprintf(out, "learn:   %s %s\n", i ? "     " : "from:", e->stack.frames[i]);
	if (name)
		print_rule(s->policy, e->call, name, out);
	if (name && e->call->arch == s->policy->arch)
		fprintf(out,
			"learn:   to allow it: --allow=%s, or record what the program did "
			"with 'learn -a -o %s -- ...'\n",
			name, s->profile);
}

/* Every thread of a killed process reports; the one whose call the policy denies is the cause. */
static int on_event(void *state, const struct event *e)
{
	const struct supervisor *s = state;
	auto_free char *report = NULL;
	size_t size = 0;
	FILE *out;

	if (e->kind != EVENT_KILLED ||
	    policy_decide(s->policy, e->call->arch, e->call->nr, e->call->args).kind != ACTION_KILL)
		return 0;
	out = open_memstream(&report, &size);
	if (!out)
		return -ENOMEM;
	print_denial(s, e, out);
	if (fclose(out) == 0) {
		ssize_t ignored = write(STDERR_FILENO, report, size);
		(void)ignored;
	}
	return 0;
}

static int on_call(void *state, const struct event_origin *origin, const struct event_call *call)
{
	(void)state;
	(void)origin;
	(void)call;
	return LESSON_NONE;
}

/* ---- the run ---- */

static int run(const struct policy *policy, const char *profile, char **command)
{
	struct filter filter;
	struct supervisor supervisor = { policy, profile };
	const struct event_sink sink = { .state = &supervisor, .call = on_call, .event = on_event };
	const struct phase_event no_phases = { .kind = PHASE_AT_NOTHING };
	struct trace_options options = {
		.command = command,
		.mode = TRACE_DEATHS,
		.phase_at = &no_phases,
	};
	struct enforcement enforcement = { .policy = policy };
	struct trace_result result;
	int r = filter_compile(policy, &filter);

	if (r < 0)
		return EXIT_LEARN;
	enforcement.filter = filter.insns;
	enforcement.filter_length = filter.n;
	options.prepare = enforce_self;
	options.prepare_state = &enforcement;
	enforcement_warn(policy);
	r = trace_run(&options, &sink, &result);
	filter_free(&filter);
	return r < 0 ? EXIT_LEARN : result.status;
}

/* -1 at the next operand, or an exit status. */
static int take_options(const struct command *self, struct option_parser *p,
			struct policy_options *options)
{
	int id;

	while ((id = options_next(p)) != OPTIONS_DONE) {
		if (id == OPTION_HELP)
			return command_help(self);
		if (id == OPTIONS_BAD || policy_options_take(options, id, p->value) < 0)
			return command_usage(self, EXIT_LEARN);
	}
	return -1;
}

/* Options may stand on either side of the profile. -1 with both set, or an exit status. */
static int parse(const struct command *self, int argc, char **argv, struct policy_options *options,
		 const char **profile, char ***command)
{
	struct option_parser p = { self->options, argc, argv, 1, NULL };
	int status = take_options(self, &p, options);

	if (status >= 0)
		return status;
	if (p.index < argc) {
		*profile = argv[p.index++];
		status = take_options(self, &p, options);
	}
	if (status < 0 && p.index >= argc) {
		diag(0, "run: a profile and a command are needed");
		return command_usage(self, EXIT_LEARN);
	}
	*command = argv + p.index;
	return status;
}

int cmd_run(const struct command *self, int argc, char **argv)
{
	cleanup(policy_options_clear) struct policy_options options;
	struct policy *policy = NULL;
	const char *profile = NULL;
	char **command = NULL;
	int status;

	policy_options_init(&options);
	status = parse(self, argc, argv, &options, &profile, &command);
	if (status >= 0)
		return status;
	if (policy_options_decide_file(&options, profile, &policy) < 0)
		return EXIT_LEARN;
	status = run(policy, profile, command);
	policy_free(policy);
	return status;
}
