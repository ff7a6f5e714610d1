/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child stops itself; its parent sees that, lets it go on, sees that too, and then its end. */
#include <signal.h>

#include "target.h"

int main(void)
{
	int go_on[2], status;
	pid_t child;
	char byte = 0;

	must(pipe(go_on));
	child = (pid_t)must(fork());
	if (child == 0) {
		must(raise(SIGSTOP));
		must(read(go_on[0], &byte, 1));
		_exit(9);
	}
	must(waitpid(child, &status, WUNTRACED));
	check(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	usleep(20000);
	check(waitpid(child, &status, WNOHANG | WUNTRACED) == 0);
	must(kill(child, SIGCONT));
	must(waitpid(child, &status, WCONTINUED));
	check(WIFCONTINUED(status));
	must(write(go_on[1], &byte, 1));
	check(status_of(child) == 9);
	puts("stopped and continued");
	return 0;
}
