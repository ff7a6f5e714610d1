/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a raw wait status is understood. */
#include "tracer/stop.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "tracer/control.h"

static struct stop decode_event(pid_t tid, int event, int signal)
{
	struct stop stop = { .tid = tid, .value = (long)control_event_message(tid) };

	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		stop.kind = STOP_FORK;
		break;
	case PTRACE_EVENT_EXEC:
		stop.kind = STOP_EXEC;
		break;
	case PTRACE_EVENT_EXIT:
		stop.kind = STOP_EXITING;
		break;
	case PTRACE_EVENT_STOP:
		stop.kind = signal == SIGTRAP ? STOP_EVENT : STOP_GROUP;
		stop.value = signal;
		break;
	default: /* no other event was asked for */
		stop.kind = STOP_EVENT;
		break;
	}
	return stop;
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
