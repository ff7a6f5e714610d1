/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn run: a command under its policy, and what it was denied. */
#include <errno.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/denial_report.h"
#include "cli/observe.h"
#include "cli/policy_options.h"
#include "cli/supervise.h"
#include "cli/verbs.h"
#include "emitter/filter.h"
#include "profile/profile.h"
#include "sysdb/syscalls.h"
#include "tracer/launch.h"

enum { ID_EXEC = 0x200, ID_OBSERVE, ID_LAYERS };

const struct option_row run_options[] = {
	{ ID_EXEC, 0, "exec", NULL,
	  "become the command: nobody watches it, and nothing is said of what it is denied" },
	{ ID_OBSERVE, 0, "observe", "[FILE]",
	  "deny nothing: say what would be denied, and add what the command does to the profile in "
	  "FILE (default: to PROFILE)" },
	{ ID_LAYERS, 0, "layers", "NAME[,...]",
	  "enforce only these of calls, files, limits and capabilities (default: all)" },
	{ 'q', 'q', "quiet", NULL, "no warnings about the policy; denials are told all the same" },
	OPTIONS_END,
};

struct run {
	bool exec, observe;
	unsigned layers;      /* LAYER_* */
	const char *observed; /* where that goes; NULL: the profile */
	struct policy_options options;
	struct rerun rerun; /* with profile and command */
};

/* ---- watched ---- */

static void on_denial(void *state, const struct denial *denial)
{
	denial_report(state, denial);
}

static void tell_observed(const struct supervised *done, const char *output)
{
	diag(0, "%zu kind%s of denials; '%s' holds what the command did", done->denials.n,
	     done->denials.n == 1 ? "" : "s", output);
}

static void tell_hindrances(unsigned hindered)
{
	if (hindered & HINDERED_LISTENER)
		diag_warn("the command asked for a seccomp listener, which it cannot have while "
			  "it is watched (EBUSY): --exec lets it");
	if (hindered & HINDERED_TRACING)
		diag_warn("the command asked to trace or to be traced (ptrace), which it cannot "
			  "while it is watched (EPERM): --exec lets it");
}

static int save_early_end(struct observation *observation)
{
	if (observation && observation_has_begun(observation) &&
	    observation_save(observation, NULL) == 0)
		diag(0, "the run ended early; '%s' holds what was seen",
		     observation_output(observation));
	return EXIT_LEARN;
}

/* The exit status: the command's if it ran. */
static int watch(const struct supervision *supervision, struct observation *observation)
{
	struct supervised done;
	int status;

	if (supervise(supervision, &done) < 0)
		return save_early_end(observation);
	status = done.trace.status;
	denial_report_end(supervision->state, &done.denials, status != 0);
	tell_hindrances(done.hindered);
	if (done.unwatched)
		diag_warn("the policy is for a program that makes tasks which cannot be watched: "
			  "of denials only deaths were reported");
	if (observation && done.trace.started) {
		if (observation_save(observation, &done.trace) < 0)
			status = EXIT_LEARN;
		else
			tell_observed(&done, observation_output(observation));
	}
	supervised_clear(&done);
	return status;
}

/* A listener that the command may have precedes us, who cannot answer some calls then. */
static bool may_listen(const struct policy *policy)
{
	const uint64_t args[6] = { SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER };
	int nr;

	return syscall_number(policy->arch, "seccomp", &nr) == 0 &&
	       policy_decide(policy, policy->arch, nr, args).kind == ACTION_ALLOW;
}

static int run_watched(struct run *run, const struct purpose *purpose)
{
	const struct policy *policy = purpose->policy;
	struct denial_report report = { policy, purpose, &run->rerun, run->observe, 0 };
	struct supervision supervision = {
		.policy = policy,
		.command = run->rerun.command,
		.layers = run->layers,
		.input = -1,
		.output = -1,
		.errors = -1,
		.failures = !run->observe,
		.rules = !may_listen(policy),
		.observe = run->observe,
		.denied = on_denial,
		.state = &report,
	};
	struct observation *observation;
	int status;

	if (!run->observe) {
		if (!run->options.quiet)
			enforcement_warn(policy, supervision.layers);
		return watch(&supervision, NULL);
	}
	observation = observation_new(run->observed ? run->observed : run->rerun.profile,
				      run->rerun.command);
	if (!observation)
		return EXIT_LEARN;
	supervision.trace = observation_sink(observation);
	status = watch(&supervision, observation);
	observation_free(observation);
	return status;
}

/* ---- alone ---- */

/* The policy is on: whether the message can be written is for it to say. */
static int say_if_allowed(const struct policy *policy, const char *name, int error)
{
	const uint64_t args[6] = { STDERR_FILENO };
	int nr;

	if (syscall_number(policy->arch, "write", &nr) == 0 &&
	    policy_decide(policy, policy->arch, nr, args).kind == ACTION_ALLOW)
		diag_errno(error, "cannot execute '%s'", name);
	return error == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
}

/* Becomes the command; returns only the status of a failure. */
static int run_alone(const struct run *run, const struct policy *policy)
{
	struct filter cleanup(filter_free) filter = { 0 };
	struct enforcement enforcement = { .policy = policy, .layers = run->layers };
	const char *name = run->rerun.command[0];
	char path[PATH_MAX];
	int r = launch_find(name, path);

	if (r < 0) {
		diag_errno(r, "cannot execute '%s'", name);
		return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
	}
	if (filter_compile(policy, &filter) < 0)
		return EXIT_LEARN;
	enforcement.filter = filter.insns;
	enforcement.filter_length = filter.n;
	if (!run->options.quiet)
		enforcement_warn(policy, enforcement.layers);
	if (enforce_self(&enforcement) < 0)
		return EXIT_LEARN;
	execve(path, run->rerun.command, environ);
	return say_if_allowed(policy, name, -errno);
}

/* ---- the command line ---- */

static const struct {
	const char *name;
	unsigned layer;
} layers[] = {
	{ "calls", LAYER_CALLS },
	{ "files", LAYER_FILES },
	{ "limits", LAYER_LIMITS },
	{ "capabilities", LAYER_CAPABILITIES },
};

static unsigned layer_of(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(layers); i++)
		if (strlen(layers[i].name) == length && strncmp(layers[i].name, name, length) == 0)
			return layers[i].layer;
	return 0;
}

static int take_layers(struct run *run, const char *value)
{
	unsigned chosen = 0;

	for (const char *name = value;; name++) {
		const size_t length = strcspn(name, ",");
		const unsigned layer = layer_of(name, length);

		if (!layer)
			return diag(-EINVAL,
				    "--layers: '%.*s' is none of calls, files, limits and "
				    "capabilities",
				    (int)length, name);
		chosen |= layer;
		name += length;
		if (!*name)
			break;
	}
	run->layers = chosen;
	return 0;
}

/* 0, 1 or -errno after a message. */
static int take_option(struct run *run, int id, const char *value)
{
	switch (id) {
	case ID_EXEC:
		run->exec = true;
		return 0;
	case ID_OBSERVE:
		run->observe = true;
		run->observed = value;
		return 0;
	case 'q':
		run->options.quiet = true;
		return 0;
	case ID_LAYERS:
		return take_layers(run, value);
	default:
		return policy_options_take(&run->options, id, value);
	}
}

/* Remembers an option as it was given; policy_options has the words of --allow and --deny. */
static int keep_words(struct run *run, char **words, int n)
{
	static const char *const apart[] = { "--allow", "--deny", "--observe" };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(apart); i++)
		if (strncmp(words[0], apart[i], strlen(apart[i])) == 0)
			return 0;
	for (int i = 0; i < n && r == 0; i++)
		r = words_add(&run->rerun.options, words[i]);
	return r;
}

/* -1 at the next operand, or an exit status. */
static int take_options(const struct command *self, struct option_parser *p, struct run *run)
{
	int id, first = p->index;

	while ((id = options_next(p)) != OPTIONS_DONE) {
		if (id == OPTION_HELP)
			return command_help(self);
		if (id == OPTIONS_BAD || take_option(run, id, p->value) < 0)
			return command_usage(self, EXIT_LEARN);
		if (keep_words(run, p->argv + first, p->index - first) < 0)
			return diag(EXIT_LEARN, "out of memory");
		first = p->index;
	}
	return -1;
}

static int check_combination(const struct run *run)
{
	if (run->exec && run->observe)
		return diag(-EINVAL, "run: --exec leaves nobody who could --observe");
	if (run->observe && !run->observed && strcmp(run->rerun.profile, "-") == 0)
		return diag(-EINVAL, "run: --observe needs a file here: --observe=FILE");
	return 0;
}

/* Options may stand on either side of the profile. -1 with both set, or an exit status. */
static int parse(const struct command *self, int argc, char **argv, struct run *run)
{
	struct option_parser p = { self->options, argc, argv, .index = 1 };
	int status = take_options(self, &p, run);

	if (status >= 0)
		return status;
	if (p.index < argc) {
		run->rerun.profile = argv[p.index++];
		status = take_options(self, &p, run);
	}
	if (status < 0 && p.index >= argc) {
		diag(0, "run: a profile and a command are needed");
		return command_usage(self, EXIT_LEARN);
	}
	run->rerun.command = argv + p.index;
	if (status < 0 && check_combination(run) < 0)
		return command_usage(self, EXIT_LEARN);
	return status;
}

/* What the policy would be, had nothing been decided by trying; NULL when nothing was. */
static int decide_without(const struct run *run, const struct profile *profile,
			  struct policy **ret)
{
	struct policy_options options = run->options;

	if (!profile->decisions.n || options.decide.no_decisions)
		return 0;
	options.quiet = true;
	options.decide.no_decisions = true;
	return policy_options_decide(&options, profile, ret);
}

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

static void cleanup_policy(struct policy **policy)
{
	policy_free(*policy);
}

/* To observe is to compare, too: nothing of what the command does here could agree. */
static int check_arch(const struct policy *policy)
{
	const char *theirs = arch_name(policy->arch), *ours = arch_name(arch_native());

	if (policy->arch == arch_native())
		return 0;
	return diag(-EINVAL,
		    "run: the policy is for %s: it cannot be applied here; record here and merge, "
		    "or try --arch=%s --portable, which finds calls by their names",
		    theirs ? theirs : "another architecture", ours ? ours : "native");
}

static int run_command(struct run *run)
{
	cleanup(cleanup_profile) struct profile *profile = NULL;
	cleanup(cleanup_policy) struct policy *policy = NULL, *undecided = NULL;

	if (profile_read(run->rerun.profile, &profile) < 0 ||
	    policy_options_decide(&run->options, profile, &policy) < 0 || check_arch(policy) < 0)
		return EXIT_LEARN;
	if (run->exec)
		return run_alone(run, policy);
	if (decide_without(run, profile, &undecided) < 0)
		return EXIT_LEARN;
	return run_watched(run, &(const struct purpose){ profile, policy, undecided });
}

int cmd_run(const struct command *self, int argc, char **argv)
{
	struct run run = {
		.layers = LAYERS_ALL,
		.rerun = { .learn = program_invocation_name, .policy_options = &run.options },
	};
	int status;

	policy_options_init(&run.options);
	status = parse(self, argc, argv, &run);
	if (status < 0)
		status = run_command(&run);
	rerun_clear(&run.rerun);
	policy_options_clear(&run.options);
	return status;
}
