/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three children, one after the other, the last with a child of its own: four getppid in all. */
#include "target.h"

static int child(int depth)
{
	pid_t pid;

	getppid();
	if (depth == 0)
		return 7;
	pid = (pid_t)must(fork());
	if (pid == 0)
		_exit(child(depth - 1));
	return status_of(pid);
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		pid_t pid = (pid_t)must(fork());

		if (pid == 0)
			_exit(child(i == 2));
		check(status_of(pid) == 7);
	}
	puts("forked");
	return 0;
}
