/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service finish --unprivileged: a service started as the user that it becomes by itself. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/spawn.h"
#include "cli/service.h"
#include "learner/unprivileged.h"
#include "service/recording.h"

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

/* ---- who, and what it takes ---- */

static int find_paths(const struct service_request *request, const struct profile *profile,
		      const struct becomes *becomes, struct other_user *ret)
{
	struct policy_options quietly = request->policy;
	struct policy *policy = NULL;
	int r;

	quietly.quiet = true;
	r = policy_options_decide(&quietly, profile, &policy);
	if (r == 0)
		r = other_user_find(becomes->uid, becomes->has_group, becomes->gid, policy, ret);
	policy_free(policy);
	return r;
}

static int find(const struct service_request *request, const struct unit *unit,
		const struct profile *profile, struct other_user *ret)
{
	auto_free char *why_not = NULL;
	struct becomes becomes;
	int r = unprivileged_find(profile, &becomes, &why_not);

	if (r == -ENOENT)
		return diag(-ECANCELED, "%s cannot be started as another user: %s", unit->name,
			    why_not);
	if (r == 0)
		r = find_paths(request, profile, &becomes, ret);
	return r == -ENOENT ? -ECANCELED : r == -ENOMEM ? diag(r, "out of memory") : r;
}

/* ---- the trial ---- */

/* Of the drop-in only what it cannot start without: nothing is forbidden while it is tried. */
static void write_rights(const struct settings *settings, FILE *out)
{
	static const char *const names[] = {
		"AmbientCapabilities", "StateDirectory",     "StateDirectoryMode",
		"CacheDirectory",      "CacheDirectoryMode", "LogsDirectory",
		"LogsDirectoryMode",   NULL,
	};

	for (size_t i = 0; i < settings->n; i++)
		for (const char *const *name = names; *name; name++)
			if (strcmp(settings->v[i].name, *name) == 0)
				fprintf(out, "%s=%s\n", *name, settings->v[i].value);
}

static int trial_text(const struct service_request *request, const struct unit *unit,
		      const struct drop_in_source *source, char **ret)
{
	struct settings cleanup(settings_clear) settings = { 0 };
	struct service_request quietly = *request;
	auto_free char *emitted = NULL, *text = NULL;
	size_t size;
	FILE *out;
	int r;

	quietly.policy.quiet = true;
	r = service_emit(&quietly, unit, source, &emitted);
	if (r == 0)
		r = settings_parse(&settings, emitted);
	out = r == 0 ? open_memstream(&text, &size) : NULL;
	if (!out)
		return r < 0 ? r : -ENOMEM;
	fputs("# Written by learn: the unit is being tried as another user.\n[Service]\n", out);
	r = other_user_write(source->user, &unit->own, out);
	write_rights(&settings, out);
	if (fclose(out) != 0)
		r = -ENOMEM;
	if (r == 0)
		*ret = take_ptr(text);
	return r;
}

static int reload(struct unit *unit)
{
	const struct timespec while_it_reads = { .tv_sec = 1 };

	if (strcmp(property(&unit->facts, "CanReload"), "yes") != 0)
		return 0;
	if (systemctl_unit(unit->user, "reload", unit->name) != 0)
		return -EIO;
	nanosleep(&while_it_reads, NULL);
	if (unit_refresh(unit) < 0)
		return -EIO;
	return unit_is_active(unit) ? 0 : -EIO;
}

/* All that can be done with it without knowing it. 0 or -EIO after a message. */
static int exercise(const struct service_request *request, struct unit *unit, const char *user)
{
	if (unit_restart(unit, request->settle_ms) < 0)
		return diag(-EIO, "%s does not come up as %s", unit->name, user);
	if (service_verify(request) < 0)
		return diag(-EIO, "%s does not do as %s what it is for", unit->name, user);
	if (reload(unit) < 0)
		return diag(-EIO, "%s cannot be reloaded as %s", unit->name, user);
	return 0;
}

/* What the unit's processes said since then, the last of it. */
static void say_last_words(const struct unit *unit, time_t since)
{
	auto_free char *match = NULL, *from = NULL, *text = NULL;

	if (asprintf(&match, "_SYSTEMD%s_UNIT=%s", unit->user ? "_USER" : "", unit->name) < 0)
		match = NULL;
	if (asprintf(&from, "--since=@%lld", (long long)since) < 0)
		from = NULL;
	if (!match || !from ||
	    spawn((const char *const[]){ "journalctl", "-q", "--no-pager", "-o", "cat", "-n", "5",
					 from, match, NULL },
		  true, &text) != 0)
		return;
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		if (*line)
			diag(0, "it said: %s", line);
}

static int try(const struct service_request *request, struct unit *unit,
	       const struct other_user *user, const char *text)
{
	time_t since = time(NULL);
	int r = undo_remove(&unit->undo, unit->places.as_user);

	if (r == 0)
		r = other_user_hand_over(user, &unit->undo);
	if (r == 0)
		r = service_put(unit, text);
	if (r == 0)
		r = recording_begin(unit, RECORDING_LEARNS);
	if (r < 0)
		return r;
	r = exercise(request, unit, user->user);
	if (r < 0) {
		say_last_words(unit, since);
		for (size_t i = 0; i < user->doubts.n; i++)
			diag(0, "perhaps because: %s", user->doubts.v[i]);
	}
	if (unit_stop(unit) < 0 || unit_end_recording(unit) < 0 || unit_reload_manager(unit) < 0)
		return -EIO;
	if (unit_refresh(unit) < 0)
		return -EIO;
	return r < 0 ? -ECANCELED : 0;
}

static int try_and_take_back(const struct service_request *request, struct unit *unit,
			     const struct drop_in_source *source)
{
	auto_free char *previous = NULL, *text = NULL;
	int r = service_previous(unit, &previous);

	if (r == 0)
		r = trial_text(request, unit, source, &text);
	if (r < 0)
		return r;
	diag(0, "%s is tried as %s", unit->name, source->user->user);
	r = try(request, unit, source->user, text);
	if (r < 0 && (service_put(unit, previous) < 0 || service_leave_user(unit) < 0))
		return -EIO;
	return r;
}

int service_leave_user(struct unit *unit)
{
	int r = undo_gifts(&unit->undo);

	return r == 0 ? undo_remove(&unit->undo, unit->places.as_user) : r;
}

/* ---- the drop-in ---- */

/* It went on all the same; but what it did instead is for a person to judge. */
static int warn_of_refused(const struct profile *as_root, const struct profile *as_user,
			   const struct other_user *user)
{
	auto_free char *calls = NULL;
	int r = unprivileged_refused(as_root, as_user, &calls);

	if (r == 0 && *calls)
		diag_warn("as %s it was refused, and went on without, what it got as root: %s",
			  user->user, calls);
	return r;
}

static int compose(const struct service_request *request, const struct unit *unit,
		   const struct profile *as_root, const struct other_user *user, char **ret)
{
	cleanup(cleanup_profile) struct profile *as_user = NULL, *both = profile_new();
	int r = both ? profile_read(unit->places.as_user, &as_user) : -ENOMEM;

	if (r == 0)
		r = warn_of_refused(as_root, as_user, user);
	if (r == 0)
		r = profile_merge(&both, as_root);
	if (r == 0)
		r = profile_merge(&both, as_user);
	if (r == 0)
		r = service_drop_in_of(request, unit,
				       &(struct drop_in_source){ both, as_user, user }, ret);
	return r == -ENOMEM ? diag(r, "out of memory") : r;
}

int service_as_user(const struct service_request *request, struct unit *unit, char **ret)
{
	struct other_user cleanup(other_user_clear) user = { 0 };
	cleanup(cleanup_profile) struct profile *as_root = NULL, *nothing = profile_new();
	int r = nothing ? profile_read(unit->places.profile, &as_root) : -ENOMEM;

	if (r == 0)
		r = find(request, unit, as_root, &user);
	if (r == 0 && !unit_starts_as_user(unit))
		r = try_and_take_back(request, unit,
				      &(struct drop_in_source){ as_root, nothing, &user });
	return r < 0 ? r : compose(request, unit, as_root, &user, ret);
}
