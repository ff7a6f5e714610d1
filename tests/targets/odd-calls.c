/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "minus-one": the call with that number. "strict": seccomp's strict mode, and a call after it. */
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "target.h"

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "minus-one") == 0)
		syscall(-1);
	if (argc > 1 && strcmp(argv[1], "strict") == 0) {
		prctl(PR_SET_SECCOMP, 1, 0, 0, 0);
		getppid();
	}
	return 3;
}
