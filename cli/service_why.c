/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service why: what keeps a service from running, and the line that mends it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/service.h"
#include "service/compare.h"
#include "service/failure.h"
#include "service/recording.h"

/* The unit's programs come and go once, unrestricted and recorded. */
static int run_unrestricted(const struct service_request *request, struct unit *unit)
{
	int r = undo_remove(&unit->undo, unit->places.rerun);

	if (r == 0)
		r = recording_begin(unit, RECORDING_WHY);
	if (r < 0)
		return r;
	if (unit_restart(unit, request->settle_ms) < 0)
		diag(0, "%s does not come up without its restrictions either", unit->name);
	r = unit_stop(unit);
	if (unit_end_recording(unit) < 0 || unit_reload_manager(unit) < 0)
		return -EIO;
	return r;
}

/* How many settings stand against what was seen; -errno after a message. */
static int compare(const struct service_request *request, struct unit *unit,
		   const struct restrictions *in_force, FILE *out)
{
	struct service_request quietly = *request; /* the policy itself is not the answer */
	auto_free char *needed = NULL;
	struct profile *seen = NULL;
	struct policy *policy = NULL;
	int r;

	quietly.policy.quiet = true;
	quietly.addresses = settings_has(&in_force->settings, "IPAddressDeny") ||
			    settings_has(&in_force->settings, "SocketBindDeny");
	if (settings_has(&in_force->settings, "TemporaryFileSystem"))
		quietly.view = VIEW_ONLY;
	quietly.policy.decide.view = quietly.view == VIEW_ONLY;
	r = service_drop_in(&quietly, unit, unit->places.rerun, &needed);
	if (r == 0)
		r = profile_read(unit->places.rerun, &seen);
	if (r == 0)
		r = policy_options_decide(&quietly.policy, seen, &policy);
	if (r == 0)
		r = compare_with_needs(in_force, &(struct needs){ seen, policy, needed }, out);
	policy_free(policy);
	profile_free(seen);
	return r;
}

static int explain_by_rerun(const struct service_request *request, struct unit *unit, FILE *out)
{
	struct restrictions cleanup(restrictions_clear) in_force = { .facts = { 0 } };
	int r = restrictions_of(unit, &in_force);

	if (r == 0)
		r = run_unrestricted(request, unit);
	if (r == 0)
		r = compare(request, unit, &in_force, out);
	if (undo_remove(&unit->undo, unit->places.rerun) < 0 && r >= 0)
		r = -EIO;
	if (r == 0)
		fprintf(out, "  none of its restrictions is known to stand against what it does "
			     "without them\n");
	return r;
}

int service_explain(const struct service_request *request, struct unit *unit, bool rerun)
{
	FILE *out = request->apply ? stderr : stdout; /* of finish, the drop-in is the result */
	enum failure failure = failure_tell(unit, out);
	int r = 0;

	if (rerun)
		r = explain_by_rerun(request, unit, out);
	else if (failure == FAILURE_OPEN || failure == FAILURE_CALL)
		fprintf(out,
			"  to know for sure: learn service why --rerun %s%s (it is restarted "
			"once without its restrictions)\n",
			unit->user ? "--user " : "", unit->name);
	if (fflush(out) != 0 || ferror(out))
		return diag_errno(errno ? -errno : -EIO, "standard output");
	return r < 0 ? r : 0;
}

int service_why(struct service_request *r)
{
	struct unit cleanup(unit_clear) unit = { .turn = -1 };
	bool ran;
	int err;

	if (unit_find(r->unit_name, r->user, true, &unit) < 0 ||
	    (r->rerun && unit_take_turn(&unit) < 0))
		return EXIT_TROUBLE;
	if (r->rerun && unit_is_recorded(&unit))
		return diag(EXIT_TROUBLE, "%s is being recorded: 'learn service finish' first",
			    unit.name);
	ran = unit_is_active(&unit);
	err = service_explain(r, &unit, r->rerun);
	if (r->rerun && ran && unit_restart(&unit, 0) < 0)
		diag(0, "%s does not come up again under its restrictions", unit.name);
	if (unit_go_on(&unit) < 0)
		err = -EIO;
	return err < 0 ? EXIT_TROUBLE : EXIT_SUCCESS;
}
