/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A unit: what the manager says of it, and what its files say. */
#include "service/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "service/turn.h"

/* What all of learn asks of a unit. */
#define FACTS                                                                                      \
	"Id,LoadState,ActiveState,SubState,Type,Result,FragmentPath,DropInPaths,"                  \
	"NeedDaemonReload,RootDirectory,RootImage,NRestarts,InvocationID,ExecMainCode,"            \
	"ExecMainStatus,ExecMainPID,StatusText,User,DynamicUser,PrivateTmp,ProtectHome,"           \
	"RequiredBy,BoundBy,ConsistsOf,RemainAfterExit,CanReload,SystemCallFilter,"                \
	"SystemCallArchitectures,RestrictAddressFamilies,RestrictNamespaces,"                      \
	"CapabilityBoundingSet,AppArmorProfile,SELinuxContext,SmackProcessLabel,"                  \
	"TimeoutStartUSec,TimeoutStopUSec,WatchdogUSec,ExecMainStartTimestamp"

static int read_files(struct unit *unit)
{
	auto_free char *drop_ins = strdup(property(&unit->facts, "DropInPaths"));
	const char *fragment = property(&unit->facts, "FragmentPath");
	char *rest = drop_ins, *path;
	int r = drop_ins ? 0 : -ENOMEM;

	settings_clear(&unit->own);
	settings_clear(&unit->learned);
	if (r == 0 && *fragment)
		r = settings_read(&unit->own, fragment);
	while (r == 0 && (path = property_word(&rest))) {
		bool confining =
			strcmp(path, unit->places.confining) == 0 && undo_has(&unit->undo, path);

		if (strcmp(path, unit->places.recording) == 0 || access(path, F_OK) < 0)
			continue;
		r = settings_read(confining ? &unit->learned : &unit->own, path);
	}
	return r;
}

int unit_refresh(struct unit *unit)
{
	struct properties facts;
	int r = systemctl_show(unit->user, unit->name, FACTS, &facts);

	if (r < 0)
		return r;
	properties_clear(&unit->facts);
	unit->facts = facts;
	return read_files(unit);
}

static int check_is_service(const struct unit *unit)
{
	const char *state = property(&unit->facts, "LoadState");
	size_t n = strlen(unit->name), suffix = strlen(".service");

	if (n <= suffix || strcmp(unit->name + n - suffix, ".service") != 0)
		return diag(-EINVAL, "%s is no service: only services run programs to record",
			    unit->name);
	if (strcmp(state, "not-found") == 0)
		return diag(-ENOENT, "there is no unit %s%s", unit->name,
			    unit->user ? " of this user" : "; a user's own takes --user");
	if (strcmp(state, "loaded") != 0)
		return diag(-EINVAL, "%s cannot be used: the manager has it as '%s'", unit->name,
			    state);
	return 0;
}

/* The name that the manager uses: an alias and a name without suffix become the unit's own. */
static int find_name(const char *name, bool user, char **ret)
{
	struct properties cleanup(properties_clear) id = { 0 };
	const char *at = strchr(name, '@');
	int r;

	if (at && (!at[1] || strcmp(at, "@.service") == 0))
		return diag(-EINVAL, "%s is a template: name an instance of it, as in %.*sNAME",
			    name, (int)(at + 1 - name), name);
	r = systemctl_show(user, name, "Id", &id);
	if (r < 0)
		return r;
	if (!*property(&id, "Id"))
		return diag(-EIO, "the manager has no name for %s", name);
	*ret = strdup(property(&id, "Id"));
	return *ret ? 0 : diag(-ENOMEM, "out of memory");
}

int unit_find(const char *name, bool user, bool must_exist, struct unit *ret)
{
	struct unit cleanup(unit_clear) unit = { .user = user, .turn = -1 };
	int r = !*name || *name == '-' || strpbrk(name, "/*?[") /* systemctl has patterns */
			? diag(-EINVAL, "'%s' is no name of a unit", name)
			: find_name(name, user, &unit.name);

	if (r == 0)
		r = places_find(unit.name, user, &unit.places);
	if (r == 0)
		r = undo_open(&unit.undo, unit.places.state);
	if (r == 0)
		r = unit_refresh(&unit);
	if (r == 0 && must_exist)
		r = check_is_service(&unit);
	if (r < 0)
		return r;
	*ret = unit;
	unit = (struct unit){ .turn = -1 };
	return 0;
}

int unit_take_turn(struct unit *unit)
{
	struct undo undo;
	int turn = turn_take(unit->places.turn), r;

	if (turn == -EBUSY)
		return diag(turn, "another 'learn service' is at work on %s: let it end first",
			    unit->name);
	if (turn < 0)
		return diag_errno(turn, "%s", unit->places.turn);
	unit->turn = turn;
	r = undo_open(&undo, unit->places.state);
	if (r < 0)
		return r;
	undo_close(&unit->undo);
	unit->undo = undo;
	return unit_refresh(unit);
}

void unit_clear(struct unit *unit)
{
	free(unit->name);
	if (unit->places.turn)
		turn_end(unit->places.turn, unit->turn);
	places_clear(&unit->places);
	undo_close(&unit->undo);
	properties_clear(&unit->facts);
	settings_clear(&unit->own);
	settings_clear(&unit->learned);
	*unit = (struct unit){ .turn = -1 };
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

bool unit_is_active(const struct unit *unit)
{
	return is_one_of(
		property(&unit->facts, "ActiveState"),
		(const char *const[]){ "active", "activating", "reloading", "refreshing", NULL });
}

bool unit_is_recorded(const struct unit *unit)
{
	return access(unit->places.recording, F_OK) == 0;
}

bool unit_starts_as_user(const struct unit *unit)
{
	return settings_has(&unit->learned, "User");
}

const char *unit_profile(const struct unit *unit)
{
	return unit_starts_as_user(unit) ? unit->places.as_user : unit->places.profile;
}

int unit_reload_manager(const struct unit *unit)
{
	int status = systemctl(unit->user, false, (const char *const[]){ "daemon-reload", NULL });

	return status > 0 ? diag(-EIO, "systemctl daemon-reload failed") : status;
}

/* ---- up and down ---- */

#define LOOK_MS 100

static void sleep_ms(unsigned ms)
{
	const struct timespec time = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

/* A service that is to do its work and end, and has. Others that end well have given up. */
static bool is_done(const struct unit *unit)
{
	return strcmp(property(&unit->facts, "Type"), "oneshot") == 0 &&
	       strcmp(property(&unit->facts, "ActiveState"), "inactive") == 0 &&
	       strcmp(property(&unit->facts, "Result"), "success") == 0;
}

static int look(struct unit *unit, bool *up)
{
	int r = unit_refresh(unit);

	*up = r == 0 &&
	      (strcmp(property(&unit->facts, "ActiveState"), "active") == 0 || is_done(unit));
	return r;
}

int unit_restart(struct unit *unit, unsigned settle_ms)
{
	auto_free char *invocation = NULL;
	bool up = false;
	int r;

	systemctl(unit->user, true,
		  (const char *const[]){ "reset-failed", "--", unit->name, NULL });
	r = systemctl(unit->user, true, (const char *const[]){ "restart", "--", unit->name, NULL });
	if (r < 0)
		return r;
	r = look(unit, &up);
	invocation = strdup(property(&unit->facts, "InvocationID"));
	for (unsigned ms = 0; r == 0 && up && ms < settle_ms; ms += LOOK_MS) {
		sleep_ms(LOOK_MS);
		r = look(unit, &up);
		if (invocation && !is_done(unit) &&
		    strcmp(invocation, property(&unit->facts, "InvocationID")) != 0)
			up = false; /* it died, and the manager has started it again */
	}
	return r < 0 ? r : up ? 0 : -EIO;
}

/* Units that stop when this one does, and run now. */
static int active_dependents(const struct unit *unit, char **ret)
{
	static const char *const relations[] = { "RequiredBy", "BoundBy", "ConsistsOf" };
	size_t size;
	FILE *out = open_memstream(ret, &size);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(relations); i++) {
		auto_free char *names = strdup(property(&unit->facts, relations[i]));
		char *rest = names, *name;

		while (names && (name = property_word(&rest)))
			if (systemctl(unit->user, true,
				      (const char *const[]){ "is-active", "--quiet", "--", name,
							     NULL }) == 0)
				fprintf(out, "%s\n", name);
	}
	return fclose(out) == 0 ? 0 : -ENOMEM;
}

int unit_stop(struct unit *unit)
{
	auto_free char *others = NULL;
	int r = active_dependents(unit, &others);

	if (r < 0)
		return diag(r, "out of memory");
	r = undo_write(&unit->undo, unit->places.stopped, others, 0600);
	if (r < 0)
		return r;
	r = systemctl_unit(unit->user, "stop", unit->name);
	return r > 0 ? diag(-EIO, "%s cannot be stopped", unit->name) : r;
}

bool unit_was_stopped(const struct unit *unit)
{
	return undo_has(&unit->undo, unit->places.stopped);
}

#define MOST_NAMES (1u << 20)

int unit_go_on(struct unit *unit)
{
	auto_free char *names = NULL;
	char *rest, *name;
	size_t len;
	int r = read_file(unit->places.stopped, MOST_NAMES, &names, &len);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return diag_errno(r, "%s", unit->places.stopped);
	for (rest = names; (name = strsep(&rest, "\n"));)
		if (*name && systemctl_unit(unit->user, "start", name) != 0)
			r = diag(-EIO, "%s, which had to stop with %s, does not start again", name,
				 unit->name);
	return undo_remove(&unit->undo, unit->places.stopped) < 0 ? -EIO : r;
}

int unit_end_recording(struct unit *unit)
{
	int r = 0, first;

	if (undo_has(&unit->undo, unit->places.recorder_file))
		systemctl(unit->user, true,
			  (const char *const[]){ "stop", "--", unit->places.recorder, NULL });
	first = undo_remove(&unit->undo, unit->places.recording);
	r = undo_remove(&unit->undo, unit->places.recorder_file);
	if (first == 0)
		first = undo_remove(&unit->undo, unit->places.socket);
	return first < 0 ? first : r;
}
