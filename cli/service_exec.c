/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn service exec: a service's command comes to be recorded, and is executed in our place. */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/service.h"
#include "tracer/door.h"
#include "tracer/launch.h"

/* systemd.exec(5): what a service exits with whose program cannot be executed. */
#define EXIT_EXEC 203

/* Recorded or not, the service is to run. */
int service_exec(struct service_request *r)
{
	char *const *command = r->operands;
	char path[PATH_MAX];
	int err = launch_find(command[0], path);

	if (err < 0)
		return diag_errno(EXIT_EXEC, "%s: %s", command[0], "cannot be executed");
	err = r->socket ? door_knock(r->socket, path) : -EINVAL;
	if (err < 0)
		diag_errno(err, "'%s' is not recorded: nobody answers at %s", path,
			   r->socket ? r->socket : "(no --socket)");
	if (r->argv0)
		r->operands[0] = (char *)r->argv0;
	execv(path, command);
	return diag_errno(EXIT_EXEC, "'%s' cannot be executed", path);
}
