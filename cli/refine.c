/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn refine: what a test can do without. */
#include "cli/refine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/verbs.h"
#include "enforcer/confine_capabilities.h"
#include "enforcer/enforcer.h"
#include "sysdb/capabilities.h"
#include "sysdb/landlock.h"
#include "sysdb/syscalls.h"

/* ---- what belongs together ---- */

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return text ? hash_bytes(hash, text, strlen(text) + 1) : hash_bytes(hash, "\1", 1);
}

static uint64_t hash_names(uint64_t hash, const struct policy_names *list)
{
	for (size_t i = 0; i < list->n; i++)
		hash = hash_text(hash, list->names[i]);
	return hash_text(hash, NULL);
}

static int hash_profile(uint64_t *hash, const struct profile *profile)
{
	auto_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r = out ? profile_print(profile, out) : -ENOMEM;

	if (out && fclose(out) != 0)
		r = -ENOMEM;
	if (r == 0)
		*hash = hash_bytes(*hash, text, size);
	return r;
}

/* All on which the outcome of a round may depend. */
static int make_key(struct refinement *f)
{
	const struct decide_options *d = &f->options.decide;
	auto_free char *cwd = getcwd(NULL, 0);
	const uint64_t held = capabilities_held();
	struct stat input = { 0 };
	const bool has_input = fstat(STDIN_FILENO, &input) == 0 && S_ISREG(input.st_mode);
	const uint64_t inode = has_input ? input.st_ino : 0;
	const int numbers[] = {
		f->expect,	     f->same_output,	   (int)f->plan.parts, f->plan.unsafe,
		f->plan.allow_drift, f->plan.keep_implied, f->plan.one_by_one, (int)f->retries,
		(int)d->action.kind, d->action.error,	   d->arguments,       (int)d->paths,
		(int)d->from,	     f->test.untraced,	   d->portable,	       (int)d->arch,
		d->no_baseline,	     d->no_vdso,	   d->no_fallback,
	};
	uint64_t hash = hash_bytes(HASH_BASIS, numbers, sizeof(numbers));

	for (char *const *word = f->test.command; *word; word++)
		hash = hash_text(hash, *word);
	hash = hash_text(hash, cwd);
	hash = hash_text(hash, f->test.check);
	hash = hash_text(hash, f->test.before);
	hash = hash_text(hash, d->program);
	hash = hash_names(hash, &f->options.allow);
	hash = hash_names(hash, &f->options.deny);
	hash = hash_bytes(hash, &held, sizeof(held));
	hash = hash_bytes(hash, &inode, sizeof(inode));
	f->key = hash_bytes(hash, &f->test.timeout_ms, sizeof(f->test.timeout_ms));
	if (f->evidence && hash_profile(&f->key, f->evidence) < 0)
		return diag_errno(-ENOMEM, "%s", f->profile);
	return 0;
}

/* ---- steps ---- */

static int name_files(struct refinement *f)
{
	if (asprintf(&f->rounds_path, "%s.rounds", f->output) < 0 ||
	    asprintf(&f->undisturbed_path, "%s.undisturbed", f->output) < 0)
		return diag(-ENOMEM, "out of memory");
	return profile_check_replaceable(f->output);
}

/* Nothing of a run under no policy is enforced; the filter of an empty one is not used. */
static int look_undisturbed(struct refinement *f)
{
	struct policy *nothing = policy_new();
	int r;

	if (!nothing)
		return diag(-ENOMEM, "out of memory");
	nothing->arch = arch_native();
	f->test.policy = nothing;
	r = refine_undisturbed(f, &f->rounds.reference);
	policy_free(nothing);
	return r < 0 ? r : profile_write(f->undisturbed, f->undisturbed_path);
}

static int go_on(struct refinement *f)
{
	if (!f->quiet)
		diag(0, "going on after round %zu ('%s')", f->rounds.n, f->rounds_path);
	if (f->jobs > f->rounds.reference.jobs) {
		f->jobs = f->rounds.reference.jobs;
		diag_warn("it was begun with --jobs=%u, and goes on with no more", f->jobs);
	}
	if (profile_read(f->undisturbed_path, &f->undisturbed) == 0)
		return 0;
	return diag(-EINVAL, "what is left is not whole: remove '%s' to begin anew",
		    f->rounds_path);
}

/* 0 with *RESUMED, or -errno after a message. */
static int begin(struct refinement *f, bool *resumed)
{
	int r = rounds_open(f->rounds_path, f->key, &f->rounds);

	if (r < 0)
		return r;
	*resumed = r > 0;
	r = *resumed ? go_on(f) : look_undisturbed(f);
	if (r == 0 && !f->test.timeout_ms)
		f->test.timeout_ms = refine_timeout(&f->rounds.reference);
	return r;
}

/* Earlier decisions are about the same evidence, and are made anew. */
static int make_policy(struct refinement *f)
{
	int r;

	if (!f->evidence) {
		f->evidence = profile_new();
		if (!f->evidence || profile_merge(&f->evidence, f->undisturbed) < 0)
			return diag(-ENOMEM, "out of memory");
	}
	profile_undecide(f->evidence);
	r = policy_options_decide(&f->options, f->evidence, &f->policy);
	if (r < 0)
		return r;
	if (f->policy->arch != arch_native())
		return diag(-EINVAL, "the policy is for another architecture: it cannot be tried "
				     "here");
	enforcement_warn(f->policy, LAYERS_ALL);
	return 0;
}

static bool denied_by_hand(const struct refinement *f, const char *capability)
{
	static const char prefix[] = "capability:";

	for (size_t i = 0; i < f->options.deny.n; i++)
		if (strncmp(f->options.deny.names[i], prefix, strlen(prefix)) == 0 &&
		    strcasecmp(f->options.deny.names[i] + strlen(prefix), capability) == 0)
			return true;
	return false;
}

/*
 * Evidence tells of few capabilities whether they are needed, trying of all: it begins with those
 * that TEST has. Fills in what of them the policy had before.
 */
static int add_capabilities(struct refinement *f, struct refine_host *host)
{
	struct policy *p = f->policy;
	const bool asked = f->plan.parts & REFINE_CAPS && p->as_root;

	for (size_t i = 0; i < p->n_capabilities; i++)
		host->evident |= UINT64_C(1) << p->capabilities[i].capability;
	for (int c = 0; asked && c < 64; c++) {
		auto_free char *name = NULL;

		if (!((host->capabilities & ~host->evident) >> c & 1))
			continue;
		name = capability_format(c);
		if (!name || (!denied_by_hand(f, name) &&
			      policy_add_capability(p, c, true, "TEST has it") < 0))
			return -ENOMEM;
	}
	policy_sort(p);
	return 0;
}

static int make_plan(struct refinement *f)
{
	struct refine_host host = { landlock_abi(), capabilities_held(), 0 };
	int r = add_capabilities(f, &host);

	if (r == 0)
		r = units_of_policy(f->policy, profile_weight(f->evidence), f->undisturbed, &host,
				    &f->units);

	if (r == 0)
		f->findings = calloc(f->units.n + 1, sizeof(*f->findings));
	if (r < 0 || !f->findings)
		return diag(-ENOMEM, "out of memory");
	f->plan.units = &f->units;
	f->plan.kills = f->policy->action.kind == ACTION_KILL;
	f->test.policy = f->policy;
	f->test.units = &f->units;
	f->test.undisturbed = f->undisturbed;
	return 0;
}

/* Units of some jobs alone: what one does without says nothing about another. */
static int note_own(struct refinement *f)
{
	char *own = calloc(f->units.n + 1, 1);

	if (!own)
		return diag(-ENOMEM, "out of memory");
	for (size_t i = 0; i < f->units.n; i++) {
		unsigned users = 0;

		for (unsigned job = 0; job < f->jobs; job++)
			users += unit_is_used(&f->units.list[i], f->alone[job]);
		own[i] = users && users < f->jobs ? '1' : '0';
	}
	f->rounds.reference.own = own;
	return 0;
}

static int keep_state(struct refinement *f, bool resumed)
{
	int r = resumed ? 0 : note_own(f);

	if (r == 0 && !resumed)
		r = rounds_create(&f->rounds, f->rounds_path, f->key, &f->rounds.reference);
	for (size_t i = 0; r == 0 && i < strlen(f->rounds.reference.own) && i < f->units.n; i++)
		f->units.list[i].own = f->rounds.reference.own[i] == '1';
	return r;
}

static int finish(struct refinement *f, bool complete)
{
	int r = refine_decide(f, f->evidence);

	r = r < 0 ? diag(r, "out of memory") : profile_write(f->evidence, f->output);
	if (r < 0)
		return r;
	if (!f->quiet)
		refine_report(f, complete, stdout);
	if (complete) {
		unlink(f->rounds_path);
		unlink(f->undisturbed_path);
	}
	return 0;
}

static int refine(struct refinement *f)
{
	bool resumed = false;
	int r = name_files(f);

	if (r == 0 && f->profile)
		r = profile_read(f->profile, &f->evidence);
	if (r == 0)
		r = make_key(f);
	if (r == 0)
		r = begin(f, &resumed);
	if (r == 0)
		r = make_policy(f);
	if (r == 0)
		r = make_plan(f);
	if (r == 0)
		r = keep_state(f, resumed);
	if (r == 0)
		r = refine_rounds(f);
	return r == 0 || r == -ETIME ? finish(f, r == 0) : r;
}

static void clear(struct refinement *f)
{
	policy_options_clear(&f->options);
	search_clear(&f->search);
	free(f->findings);
	units_clear(&f->units);
	policy_free(f->policy);
	profile_free(f->evidence);
	profile_free(f->undisturbed);
	for (unsigned i = 0; f->alone && i < f->rounds.reference.jobs; i++)
		profile_free(f->alone[i]);
	free(f->alone);
	free(f->rounds_path);
	free(f->undisturbed_path);
	rounds_close(&f->rounds);
}

int cmd_refine(const struct command *self, int argc, char **argv)
{
	struct refinement f = { .jobs = 1,
				.plan = { .parts = REFINE_ALL },
				.rounds = { .fd = -1 } };
	int status;

	policy_options_init(&f.options);
	status = refine_parse(self, argc, argv, &f);
	if (status < 0)
		status = refine(&f) < 0 ? EXIT_TROUBLE : EXIT_SUCCESS;
	clear(&f);
	return status;
}
