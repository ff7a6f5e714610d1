/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service: what its words have in common. */
#ifndef LEARN_CLI_SERVICE_H
#define LEARN_CLI_SERVICE_H

#include <stdbool.h>

#include "cli/policy_options.h"
#include "emitter/emitters.h"
#include "service/other_user.h"
#include "service/unit.h"

struct service_request {
	struct policy_options policy;
	bool user, no_restart, apply, edit, dry_run, keep, rerun, addresses, unprivileged;
	enum emit_view view;
	const char *verify;
	unsigned settle_ms;
	const char *socket, *argv0; /* of `exec` */
	char **operands; /* after the word: the unit, or the command of `exec`; ends with NULL */
	const char *unit_name;
};

/* Each returns the exit status of learn. */
int service_start(struct service_request *request);
int service_finish(struct service_request *request);
int service_reset(struct service_request *request);
int service_why(struct service_request *request);
int service_record(struct service_request *request);
int service_exec(struct service_request *request);

/*
 * The drop-in for the profile in a file, as text to be freed. UNIT: settings of its own that would
 * add to those of the drop-in are reset first. 0 or -errno after a message.
 */
int service_drop_in(const struct service_request *request, const struct unit *unit,
		    const char *profile, char **ret);

/* What a drop-in is computed from. */
struct drop_in_source {
	const struct profile *profile;
	/* Not NULL: the unit is started as another user, as which it was recorded again. */
	const struct profile *as_user;
	const struct other_user *user;
};

/* The same for recordings that have been read; and the emitter's text alone. */
int service_drop_in_of(const struct service_request *request, const struct unit *unit,
		       const struct drop_in_source *source, char **ret);
int service_emit(const struct service_request *request, const struct unit *unit,
		 const struct drop_in_source *source, char **ret);

/* Our confining drop-in as it is, "" for none, to be freed. 0 or -errno after a message. */
int service_previous(struct unit *unit, char **ret);
/* Puts TEXT in its place ("": none) and has the manager read it. 0 or -errno after a message. */
int service_put(struct unit *unit, const char *text);
/* Whether the service does what it is for (--verify). 0 or -errno after a message. */
int service_verify(const struct service_request *request);

/*
 * The drop-in that starts the unit as the user that it becomes by itself. Unless it is so already,
 * that is tried first: it is stopped, recorded as that user and stopped again; a drop-in for that
 * is in force afterwards. 0; -ECANCELED after messages when it does not work, and all is as it was
 * but that the unit is stopped; or another -errno after a message.
 */
int service_as_user(const struct service_request *request, struct unit *unit, char **ret);
/* Takes back what that changed beside the drop-in. 0 or -errno after a message. */
int service_leave_user(struct unit *unit);

/* Says why the unit does not run, as far as can be found out: --rerun restarts it to find out. */
int service_explain(const struct service_request *request, struct unit *unit, bool rerun);

#endif
