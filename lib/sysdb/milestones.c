/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may lie behind a process. */
#include "sysdb/milestones.h"

#include <string.h>

#include "base/cleanup.h"

/*
 * Privileges given up, sockets made ready, the first wait for work or for a child. Signals are
 * not here: most handlers run when a program is about to end.
 */
static const char *const names[] = {
	"forked",
	"setsid", "chroot", "setuid", "setreuid", "setresuid",
	"bind", "listen", "connect", "accept", "accept4",
	"epoll_wait", "epoll_pwait", "epoll_pwait2", "poll", "ppoll", "select", "pselect6",
	"recvfrom", "recvmsg", "io_getevents", "io_uring_enter", "mq_timedreceive",
	"pause", "rt_sigsuspend", "rt_sigtimedwait", "nanosleep", "clock_nanosleep",
	"wait4", "waitid",
};
_Static_assert(ARRAY_SIZE(names) == N_MILESTONES, "one name a milestone");
_Static_assert(N_MILESTONES <= 32, "one bit a milestone");

const char *milestone_name(unsigned bit)
{
	return names[bit];
}

uint32_t milestone_from_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return 1u << i;
	return 0;
}

uint32_t milestone_of_call(const char *call)
{
	return milestone_from_name(call) & ~MILESTONE_FORKED;
}
