/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services that start as root and become one user themselves: they may be started as that one. */
#include "learner/unprivileged.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "learner/capabilities.h"
#include "learner/decision.h"
#include "sysdb/capabilities.h"
#include "sysdb/effects.h"

/* Whom the kernel shows where it knows no better, and whom services share that should not. */
#define NOBODY 65534

/* ---- whom it becomes ---- */

static const struct {
	const char *call;
	unsigned n_arguments;
	bool group;
} changes[] = {
	{ "setuid", 1, false },	  { "setuid32", 1, false },   { "setreuid", 2, false },
	{ "setreuid32", 2, false }, { "setresuid", 3, false }, { "setresuid32", 3, false },
	{ "setgid", 1, true },	  { "setgid32", 1, true },    { "setregid", 2, true },
	{ "setregid32", 2, true },  { "setresgid", 3, true },  { "setresgid32", 3, true },
};

/* One number, while no second one comes. */
struct one {
	uint32_t id;
	bool any, several, unknown; /* unknown: the values were too many, or not recorded */
};

static void count_id(struct one *one, uint32_t id)
{
	if (id == 0 || id == UINT32_MAX) /* root; or unchanged */
		return;
	one->several = one->several || (one->any && one->id != id);
	one->any = true;
	one->id = id;
}

static bool had_success(const struct profile_call *call)
{
	bool success = call->n_results == 0;

	for (size_t i = 0; i < call->n_results; i++)
		success = success || call->results[i].value == 0;
	return success;
}

static void count_call(const struct profile_call *call, struct one *user, struct one *group)
{
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct one *one = changes[i].group ? group : user;

		if (strcmp(call->name, changes[i].call) != 0 || !had_success(call))
			continue;
		for (unsigned k = 0; k < changes[i].n_arguments; k++) {
			const struct profile_arg *arg = profile_call_arg(call, k);

			one->unknown = one->unknown || !arg || arg->many;
			for (size_t v = 0; arg && v < arg->n_values; v++)
				count_id(one, (uint32_t)arg->values[v].value);
		}
	}
}

static const char *pam_file(const struct profile_program *program)
{
	for (size_t i = 0; i < program->paths.n; i++) {
		const struct profile_path *path = program->paths.entries[i].value;

		if (path_is_within(path->path, "/etc/pam.d") && (path->effects & PATH_READ))
			return path->path;
	}
	return NULL;
}

static int refuse(char **why_not, const char *reason, const char *subject)
{
	return asprintf(why_not, "%s%s", reason, subject) < 0 ? -ENOMEM : -ENOENT;
}

static int judge(const struct one *user, const struct one *group, const char *pam, char **why_not)
{
	if (pam)
		return refuse(why_not, "it acts for users who log in, as it uses PAM: ", pam);
	if (user->unknown)
		return refuse(why_not, "the recording does not tell which user it becomes", "");
	if (!user->any)
		return refuse(why_not, "it was not seen to become another user than root", "");
	if (user->several)
		return refuse(why_not, "it becomes several users", "");
	if (group->several || group->unknown)
		return refuse(why_not, "it becomes several groups", "");
	if (user->id == NOBODY)
		return refuse(why_not, "it becomes nobody, whom others share: give it a user of "
				       "its own", "");
	return 0;
}

int unprivileged_find(const struct profile *profile, struct becomes *ret, char **why_not)
{
	struct one user = { 0 }, group = { 0 };
	const char *pam = NULL;
	bool root = false;
	int r;

	for (size_t i = 0; i < profile->n_runs; i++)
		root = root || profile->runs[i]->uid == 0;
	if (!root)
		return refuse(why_not, "it does not start as root", "");
	for (size_t i = 0; i < profile->programs.n; i++) {
		const struct profile_program *program = profile->programs.entries[i].value;

		pam = pam ? pam : pam_file(program);
		for (size_t k = 0; k < program->calls.n; k++)
			count_call(program->calls.entries[k].value, &user, &group);
	}
	r = judge(&user, &group, pam, why_not);
	if (r == 0)
		*ret = (struct becomes){ user.id, group.any, group.id };
	return r;
}

/* ---- without what only the change needed ---- */

/* What the kernel answers to a user by EPERM, or does for what the user has anyway. */
static const char *const calls_of_root[] = {
	"capset",      "chown",	    "chown32",	 "fchown",	"fchown32",  "fchownat",
	"lchown",      "lchown32",  "setfsgid",	 "setfsgid32",	"setfsuid",  "setfsuid32",
	"setgid",      "setgid32",  "setgroups", "setgroups32", "setregid",  "setregid32",
	"setresgid",   "setresgid32", "setresuid", "setresuid32", "setreuid", "setreuid32",
	"setuid",      "setuid32",
};

static bool is_of_root(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls_of_root); i++)
		if (strcmp(calls_of_root[i], name) == 0)
			return true;
	return false;
}

static int refuse_calls(struct decision *d, const struct tally *as_user)
{
	static const struct action not_permitted = { .kind = ACTION_ERRNO, .error = EPERM };
	struct policy *p = d->policy;

	for (size_t i = p->n_calls; i-- > 0;) {
		const struct policy_call *call = &p->calls[i];

		if (!is_of_root(call->name) || tally_may_have_worked(as_user, call->name) ||
		    is_allowed_by_hand(d, call->name))
			continue;
		if (!policy_add_denial(p, call->arch, call->nr, call->name, not_permitted,
				       "for root alone, and no more started as root"))
			return -ENOMEM;
		policy_drop_call(p, i);
	}
	return 0;
}

int unprivileged_apply(struct decision *d)
{
	static const struct selection all = { NULL, PHASE_LOAD, 0 };
	struct tally cleanup(tally_clear) as_user = { 0 };
	struct policy *p = d->policy;
	int r = tally_make(d->options->as_user, &all, &as_user);

	if (r == 0)
		r = refuse_calls(d, &as_user);
	for (size_t i = p->n_capabilities; i-- > 0;)
		if (p->capabilities[i].guess ||
		    capability_is_for_users(p->capabilities[i].capability))
			policy_drop_capability(p, i);
	if (r == 0)
		r = capabilities_add(d->options->as_user, &as_user, p);
	p->as_root = false;
	return r;
}

/* ---- what it misses as that user ---- */

static bool was_refused(const struct profile_call *call)
{
	for (size_t i = 0; i < call->n_results; i++)
		if (call->results[i].value == EPERM || call->results[i].value == EACCES)
			return true;
	return false;
}

/* Whether some call of that name was refused in the profile. */
static bool refuses(const struct profile *profile, const char *name)
{
	for (size_t i = 0; i < profile->programs.n; i++) {
		const struct profile_program *program = profile->programs.entries[i].value;

		for (size_t k = 0; k < program->calls.n; k++) {
			const struct profile_call *call = program->calls.entries[k].value;

			if (strcmp(call->name, name) == 0 && was_refused(call))
				return true;
		}
	}
	return false;
}

/* A file of root's making that it cannot remove is removed for it. */
static bool is_told(const char *name)
{
	return !is_of_root(name) && strcmp(name, "unlink") != 0 && strcmp(name, "unlinkat") != 0;
}

int unprivileged_refused(const struct profile *as_root, const struct profile *as_user,
			 char **ret)
{
	static const struct selection all = { NULL, PHASE_LOAD, 0 };
	struct tally cleanup(tally_clear) tally = { 0 };
	size_t size;
	FILE *out;
	int r = tally_make(as_user, &all, &tally);

	if (r < 0)
		return r;
	out = open_memstream(ret, &size);
	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < tally.calls.n; i++) {
		const struct call_tally *call = tally.calls.entries[i].value;

		if (is_told(call->name) && refuses(as_user, call->name) &&
		    !refuses(as_root, call->name))
			fprintf(out, "%s%s", ftell(out) ? ", " : "", call->name);
	}
	return fclose(out) == 0 ? 0 : -ENOMEM;
}
