/* SPDX-License-Identifier: GPL-3.0-or-later */
/* N short-lived children (200), at most 20 at a time. */
#include "target.h"

int main(int argc, char **argv)
{
	long n = number(argc, argv, 1, 200), running = 0;
	int status;

	for (long i = 0; i < n; i++) {
		pid_t pid = (pid_t)must(fork());

		if (pid == 0)
			_exit(0);
		if (++running == 20) {
			must(wait(&status));
			check(WIFEXITED(status) && WEXITSTATUS(status) == 0);
			running--;
		}
	}
	while (running-- > 0) {
		must(wait(&status));
		check(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	printf("%ld children\n", n);
	return 0;
}
