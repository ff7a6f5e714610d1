/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service start and reset: the recording begins; all is taken back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/service.h"
#include "service/recording.h"

/* ---- start ---- */

static void say_how_to_go_on(const struct unit *unit, bool runs)
{
	const char *user = unit->user ? " --user" : "";

	if (!runs)
		diag(0, "%s will be recorded from its next start on", unit->name);
	else
		diag(0, "%s is being recorded", unit->name);
	diag(0, "let it do all that it is to be allowed, then: learn service finish%s --apply %s",
	     user, unit->name);
}

static int not_recordable(struct unit *unit)
{
	diag(0, "%s does not come up while it is recorded", unit->name);
	if (unit_end_recording(unit) == 0 && unit_reload_manager(unit) == 0 &&
	    unit_restart(unit, 0) == 0)
		diag(0, "%s runs again as it was; the journal has what happened: journalctl -u %s",
		     unit->name, unit->name);
	return EXIT_FAILURE;
}

int service_start(struct service_request *r)
{
	struct unit cleanup(unit_clear) unit = { .turn = -1 };
	bool restart, first;

	if (unit_find(r->unit_name, r->user, true, &unit) < 0 || unit_take_turn(&unit) < 0)
		return EXIT_TROUBLE;
	if (unit_is_recorded(&unit))
		return diag(EXIT_TROUBLE, "%s is being recorded already", unit.name);
	if (strcmp(property(&unit.facts, "NeedDaemonReload"), "yes") == 0)
		diag_warn("files of %s have changed since the manager has read them: it reads them "
			  "now",
			  unit.name);
	restart = unit_is_active(&unit) && !r->no_restart;
	first = !unit.undo.n;
	if (recording_begin(&unit, RECORDING_LEARNS) < 0) {
		if (first)
			undo_all(&unit.undo, NULL);
		return EXIT_TROUBLE;
	}
	if (restart && unit_restart(&unit, r->settle_ms) < 0)
		return not_recordable(&unit);
	say_how_to_go_on(&unit, restart);
	return EXIT_SUCCESS;
}

/* ---- reset ---- */

int service_reset(struct service_request *r)
{
	struct unit cleanup(unit_clear) unit = { .turn = -1 };
	int status = EXIT_SUCCESS;
	bool changed, failed, stopped;

	if (unit_find(r->unit_name, r->user, false, &unit) < 0 || unit_take_turn(&unit) < 0)
		return EXIT_TROUBLE;
	if (!unit.undo.n) {
		undo_all(&unit.undo, NULL); /* empty directories of a start that was cut short */
		diag(0, "there is nothing of learn's at %s", unit.name);
		return EXIT_SUCCESS;
	}
	/* Its last commands are those of the drop-in, too. */
	if (unit_starts_as_user(&unit) && unit_is_active(&unit) && unit_stop(&unit) < 0)
		return EXIT_TROUBLE;
	stopped = unit_was_stopped(&unit);
	changed = unit_is_recorded(&unit) || unit.learned.n;
	failed = strcmp(property(&unit.facts, "ActiveState"), "failed") == 0;
	if (unit_end_recording(&unit) < 0 ||
	    undo_remove(&unit.undo, unit.places.confining) < 0 ||
	    undo_gifts(&unit.undo) < 0 || unit_reload_manager(&unit) < 0) {
		if (stopped)
			unit_restart(&unit, 0); /* as it is, but not at rest */
		return EXIT_TROUBLE;
	}
	if ((stopped || (changed && !r->no_restart && (failed || unit_is_active(&unit)))) &&
	    unit_restart(&unit, 0) < 0)
		status = diag(EXIT_FAILURE, "%s does not come up as it was", unit.name);
	if (unit_go_on(&unit) < 0)
		status = EXIT_FAILURE;
	if (undo_all(&unit.undo, r->keep ? unit.places.profile : NULL) < 0)
		return EXIT_TROUBLE;
	if (status != EXIT_SUCCESS)
		return status;
	diag(0, "%s is as it was", unit.name);
	if (r->keep)
		diag(0, "its profile is %s", unit.places.profile);
	return EXIT_SUCCESS;
}
