/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a raw wait status is understood. */
#include "tracer/stop.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "tracer/control.h"

static struct stop decode_event(pid_t tid, int event, int signal)
{
	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		return (struct stop){ tid, STOP_FORK, (long)control_event_message(tid) };
	case PTRACE_EVENT_EXEC:
		return (struct stop){ tid, STOP_EXEC, (long)control_event_message(tid) };
	case PTRACE_EVENT_EXIT:
		return (struct stop){ tid, STOP_EXITING, (long)control_event_message(tid) };
	case PTRACE_EVENT_STOP:
		return (struct stop){ tid, signal == SIGTRAP ? STOP_EVENT : STOP_GROUP, signal };
	default: /* no other event was asked for */
		return (struct stop){ tid, STOP_EVENT, signal };
	}
}

struct stop stop_decode(pid_t tid, int status)
{
	int signal, event;

	if (WIFEXITED(status))
		return (struct stop){ tid, STOP_EXITED, WEXITSTATUS(status) };
	if (WIFSIGNALED(status))
		return (struct stop){ tid, STOP_KILLED, WTERMSIG(status) };
	signal = WSTOPSIG(status);
	event = (int)((unsigned)status >> 16);
	if (event == PTRACE_EVENT_SECCOMP) /* the hot one: has a message that nobody needs */
		return (struct stop){ tid, STOP_SECCOMP, 0 };
	if (event)
		return decode_event(tid, event, signal);
	if (signal == (SIGTRAP | 0x80)) /* PTRACE_O_TRACESYSGOOD */
		return (struct stop){ tid, STOP_SYSCALL, 0 };
	return (struct stop){ tid, STOP_SIGNAL, signal };
}
