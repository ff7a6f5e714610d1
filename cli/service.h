/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service: what its words have in common. */
#ifndef LEARN_CLI_SERVICE_H
#define LEARN_CLI_SERVICE_H

#include <stdbool.h>

#include "cli/policy_options.h"
#include "emitter/emitters.h"
#include "service/unit.h"

struct service_request {
	struct policy_options policy;
	bool user, no_restart, apply, edit, dry_run, keep, rerun, addresses;
	enum emit_view view;
	const char *verify;
	unsigned settle_s;
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

/* Says why the unit does not run, as far as can be found out: --rerun restarts it to find out. */
int service_explain(const struct service_request *request, struct unit *unit, bool rerun);

#endif
