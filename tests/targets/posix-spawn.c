/* SPDX-License-Identifier: GPL-3.0-or-later */
/* posix_spawn of /bin/true, and of a file that is not there. */
#include <errno.h>
#include <spawn.h>

#include "target.h"

int main(void)
{
	char name[] = "true", *argv[] = { name, NULL };
	pid_t pid;

	check(posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ) == 0);
	check(status_of(pid) == 0);
	check(posix_spawn(&pid, "/nonexistent", NULL, NULL, argv, environ) == ENOENT);
	puts("spawned");
	return 0;
}
