/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service finish: what was recorded becomes the drop-in that confines the service. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/spawn.h"
#include "cli/service.h"
#include "service/exec_lines.h"
#include "service/exposure.h"

#define MOST_BYTES (1u << 20)

/* ---- what was not tried ---- */

static void say_if_not_run(void *state, const char *name, const char *program)
{
	const struct profile *profile = state;

	if (strpbrk(program, "%$\\")) /* what the manager made of it is not known here */
		return;
	for (size_t i = 0; i < profile->n_runs; i++)
		if (profile->runs[i]->command[0] &&
		    strcmp(profile->runs[i]->command[0], program) == 0)
			return;
	diag_warn("%s=%s was not run while the unit was recorded: what it needs is not in the "
		  "drop-in",
		  name, program);
}

static int say_what_was_not_run(const struct unit *unit)
{
	struct profile *profile;
	int r = profile_read(unit->places.profile, &profile);

	if (r < 0)
		return r;
	r = exec_lines_each(&unit->own, say_if_not_run, profile);
	profile_free(profile);
	return r;
}

/* ---- a person's word ---- */

static int edit_file(const char *path)
{
	const char *editor = getenv("VISUAL");
	auto_free char *line = NULL;
	int status;

	if (!editor || !*editor)
		editor = getenv("EDITOR");
	if (!editor || !*editor)
		editor = "vi";
	if (asprintf(&line, "%s '%s'", editor, path) < 0) {
		line = NULL;
		return -ENOMEM;
	}
	fflush(stdout);
	status = system(line); /* with the terminal; editors have arguments */
	return status == 0 ? 0 : diag(-ECANCELED, "the editor failed: nothing is changed");
}

static int edit(char **text)
{
	char path[] = "/tmp/learn-edit-XXXXXX.conf";
	auto_close int fd = mkstemps(path, (int)strlen(".conf"));
	auto_free char *edited = NULL;
	size_t len;
	int r = fd < 0 ? -errno : 0;

	if (r == 0 && dprintf(fd, "%s", *text) < 0)
		r = -errno;
	if (r == 0)
		r = edit_file(path);
	if (r == 0)
		r = read_file(path, MOST_BYTES, &edited, &len);
	if (fd >= 0)
		unlink(path);
	if (r < 0)
		return r == -ECANCELED ? r : diag_errno(r, "cannot edit the drop-in");
	free(*text);
	*text = take_ptr(edited);
	return 0;
}

static int show(const struct unit *unit, const char *text)
{
	auto_free char *before = NULL, *after = NULL;

	fputs(text, stdout);
	if (exposure_of(unit, NULL, &before) == 0 && exposure_of(unit, text, &after) == 0)
		printf("# exposure (systemd-analyze security): %s before, %s with this drop-in\n",
		       before, after);
	return flush_stdout();
}

/* ---- in force ---- */

int service_previous(struct unit *unit, char **previous)
{
	size_t len;
	int r = undo_has(&unit->undo, unit->places.confining)
			? read_file(unit->places.confining, MOST_BYTES, previous, &len)
			: -ENOENT;

	if (r == -ENOENT) {
		*previous = strdup("");
		r = *previous ? 0 : -ENOMEM;
	}
	return r < 0 ? diag_errno(r, "%s", unit->places.confining) : 0;
}

int service_put(struct unit *unit, const char *text)
{
	int r = *text ? undo_write(&unit->undo, unit->places.confining, text, 0644)
		      : undo_remove(&unit->undo, unit->places.confining);

	if (r == 0)
		r = unit_reload_manager(unit);
	return r == 0 ? unit_refresh(unit) : r;
}

int service_verify(const struct service_request *request)
{
	int status;

	if (!request->verify)
		return 0;
	status =
		spawn((const char *const[]){ "/bin/sh", "-c", request->verify, NULL }, false, NULL);
	if (status < 0)
		return diag_errno(status, "cannot run --verify");
	return status == 0
		       ? 0
		       : diag(-EIO, "--verify failed with status %d: %s", status, request->verify);
}

/* The drop-in as it was before, and what goes with it. 0 or -errno after a message. */
static int take_back(struct unit *unit, const char *previous)
{
	bool as_user = unit_starts_as_user(unit);
	int r = 0;

	if (as_user && unit_is_active(unit))
		r = unit_stop(unit); /* its last commands are those of the drop-in, too */
	if (r == 0)
		r = service_put(unit, previous);
	if (r == 0 && as_user && !unit_starts_as_user(unit))
		r = service_leave_user(unit);
	return r;
}

static int roll_back(struct unit *unit, const char *previous)
{
	bool taken_back = take_back(unit, previous) == 0;

	if (unit_restart(unit, 0) < 0)
		diag(0, "%s does not come up without the drop-in either: see 'systemctl status %s'",
		     unit->name, unit->name);
	else if (taken_back)
		diag(0, "the drop-in is taken back; %s runs %s", unit->name,
		     *previous ? "with the one before" : "as it did before");
	else
		diag(0, "the drop-in cannot be taken back: 'learn service reset %s%s' when that is "
			"mended",
		     unit->user ? "--user " : "", unit->name);
	return EXIT_FAILURE;
}

/* Whatever went wrong, what was stopped to see its end runs again. */
static int start_again(const struct service_request *request, struct unit *unit)
{
	if (unit_was_stopped(unit) && unit_restart(unit, request->settle_ms) < 0)
		diag(0, "%s does not start again", unit->name);
	return EXIT_TROUBLE;
}

static int apply(const struct service_request *request, struct unit *unit, const char *text,
		 const char *previous, bool runs)
{
	if (service_put(unit, text) < 0) {
		service_put(unit, previous);
		return start_again(request, unit);
	}
	if (!runs) {
		diag(0, "%s does not run: %s counts from its next start on, untried", unit->name,
		     unit->places.confining);
		return EXIT_SUCCESS;
	}
	if (unit_restart(unit, request->settle_ms) < 0) {
		diag(0, "%s does not come up with the drop-in", unit->name);
		service_explain(request, unit, true);
		return roll_back(unit, previous);
	}
	if (service_verify(request) < 0) {
		service_explain(request, unit, false);
		return roll_back(unit, previous);
	}
	diag(0, "%s is confined by %s; 'learn service reset %s%s' takes it back", unit->name,
	     unit->places.confining, unit->user ? "--user " : "", unit->name);
	return EXIT_SUCCESS;
}

/* ---- the end of the recording ---- */

/* Its end is recorded too, and what is executed for it. */
static int end_recording(const struct service_request *request, struct unit *unit, bool *runs)
{
	*runs = unit_is_active(unit);
	if (!unit_is_recorded(unit))
		return 0;
	if (*runs && !request->no_restart && unit_stop(unit) < 0)
		return -EIO;
	if (unit_end_recording(unit) < 0 || unit_reload_manager(unit) < 0)
		return -EIO;
	return unit_refresh(unit);
}

/* Shows the drop-in, and puts it in force or lets the unit run as it did before. */
static int conclude(const struct service_request *request, struct unit *unit, char **text,
		    const char *previous, bool runs)
{
	bool shown = *text && say_what_was_not_run(unit) == 0 &&
		     (!request->edit || edit(text) == 0) && show(unit, *text) == 0;

	if (shown && request->apply)
		return apply(request, unit, *text, previous, runs && !request->no_restart);
	if (request->unprivileged && take_back(unit, previous) < 0)
		return start_again(request, unit);
	if (!unit_was_stopped(unit) || unit_restart(unit, request->settle_ms) == 0)
		return shown ? EXIT_SUCCESS : EXIT_TROUBLE;
	diag(0, "%s does not start again", unit->name);
	return EXIT_TROUBLE;
}

static int finish_as_root(const struct service_request *request, struct unit *unit,
			  const char *previous, bool runs)
{
	auto_free char *text = NULL;

	if (service_drop_in(request, unit, unit->places.profile, &text) < 0)
		text = NULL;
	return conclude(request, unit, &text, previous, runs);
}

/* What does not work as a user is confined as root, which is still less than was asked for. */
static int finish_as_user(const struct service_request *request, struct unit *unit,
			  const char *previous, bool runs)
{
	auto_free char *text = NULL;
	int r = service_as_user(request, unit, &text), status;

	status = r == -ECANCELED ? EXIT_FAILURE : conclude(request, unit, &text, previous, runs);
	if (status != EXIT_FAILURE)
		return status;
	diag(0, "%s goes on to start as root", unit->name);
	status = finish_as_root(request, unit, previous, runs);
	return status == EXIT_SUCCESS ? EXIT_FAILURE : status;
}

static int finish(const struct service_request *request, struct unit *unit)
{
	auto_free char *previous = NULL;
	bool runs = false;
	int status;

	if (service_previous(unit, &previous) < 0)
		return EXIT_TROUBLE;
	if (end_recording(request, unit, &runs) < 0)
		status = start_again(request, unit);
	else if (request->unprivileged || unit_starts_as_user(unit))
		status = finish_as_user(request, unit, previous, runs);
	else
		status = finish_as_root(request, unit, previous, runs);
	if (unit_go_on(unit) < 0)
		status = EXIT_FAILURE;
	return status;
}

/* What finish would write if it were to end the recording now. */
static int finish_dry(const struct service_request *request, struct unit *unit, char **text)
{
	if (unit_starts_as_user(unit))
		return service_as_user(request, unit, text);
	if (request->unprivileged)
		return diag(-EINVAL,
			    "service finish --unprivileged: whether it works is found out by "
			    "restarting %s, which --dry-run does not",
			    unit->name);
	return service_drop_in(request, unit, unit->places.profile, text);
}

int service_finish(struct service_request *r)
{
	struct unit cleanup(unit_clear) unit = { .turn = -1 };
	auto_free char *text = NULL;

	if (r->dry_run && (r->apply || r->edit))
		return diag(EXIT_TROUBLE, "service finish: --dry-run changes nothing: it goes with "
					  "neither --apply nor --edit");
	if (r->verify && !r->apply)
		return diag(EXIT_TROUBLE, "service finish: --verify is for --apply");
	if (r->unprivileged && (r->user || r->no_restart))
		return diag(EXIT_TROUBLE,
			    "service finish --unprivileged: %s",
			    r->user ? "a user's own units are that user's already"
				    : "the unit has to be restarted to find out: it does not go "
				      "with --no-restart");
	if (unit_find(r->unit_name, r->user, true, &unit) < 0)
		return EXIT_TROUBLE;
	if (r->unprivileged && !r->dry_run && !unit_is_active(&unit))
		return diag(EXIT_TROUBLE,
			    "service finish --unprivileged: %s does not run: start it first, so "
			    "that it can be tried", unit.name);
	if (!r->dry_run)
		return unit_take_turn(&unit) < 0 ? EXIT_TROUBLE : finish(r, &unit);
	if (finish_dry(r, &unit, &text) < 0 ||
	    say_what_was_not_run(&unit) < 0 || show(&unit, text) < 0)
		return EXIT_TROUBLE;
	return EXIT_SUCCESS;
}
