/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Becomes a daemon by forking twice; the daemon outlives its parent and then writes FILE. */
#include <fcntl.h>
#include <sys/stat.h>

#include "target.h"

int main(int argc, char **argv)
{
	pid_t child;
	int fd;

	check(argc == 2);
	child = (pid_t)must(fork());
	if (child > 0)
		return status_of(child);
	must(setsid());
	if (must(fork()) > 0)
		_exit(0);
	usleep(300000);
	fd = (int)must(open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644));
	must(write(fd, "done\n", 5));
	must(close(fd));
	return 0;
}
