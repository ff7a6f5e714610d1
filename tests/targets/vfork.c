/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vfork, once with a child that ends and once with one that executes /bin/true. */
#include "target.h"

int main(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(5);
	must(pid);
	check(status_of(pid) == 5);

	pid = vfork();
	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	must(pid);
	check(status_of(pid) == 0);
	puts("vforked");
	return 0;
}
