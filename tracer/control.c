/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ptrace requests that are the same on all architectures, one function each. */
#include "tracer/control.h"

#include <errno.h>
#include <sys/ptrace.h>

int control_seize(pid_t tid, bool ours)
{
	const unsigned long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
				      PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
				      PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |
				      (ours ? PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP : 0);

	return ptrace(PTRACE_SEIZE, tid, 0L, options) < 0 ? -errno : 0;
}

int control_resume(pid_t tid, enum resume how, int signal)
{
	static const enum __ptrace_request requests[] = {
		[RESUME_RUN] = PTRACE_CONT,
		[RESUME_TO_EXIT] = PTRACE_SYSCALL,
		[RESUME_LISTEN] = PTRACE_LISTEN,
	};

	return ptrace(requests[how], tid, 0L, (long)signal) < 0 ? -errno : 0;
}

int control_interrupt(pid_t tid)
{
	return ptrace(PTRACE_INTERRUPT, tid, 0L, 0L) < 0 ? -errno : 0;
}

int control_detach(pid_t tid)
{
	return ptrace(PTRACE_DETACH, tid, 0L, 0L) < 0 ? -errno : 0;
}

unsigned long control_event_message(pid_t tid)
{
	unsigned long message = 0;

	return ptrace(PTRACE_GETEVENTMSG, tid, 0L, &message) < 0 ? 0 : message;
}

int control_syscall(pid_t tid, struct event_call *call, int64_t *result)
{
	struct __ptrace_syscall_info info;
	const __uint64_t *args;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) < 0)
		return -errno;
	if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		*result = info.exit.rval;
		return 1;
	}
	if (info.op == PTRACE_SYSCALL_INFO_SECCOMP) {
		call->nr = (int)info.seccomp.nr;
		args = info.seccomp.args;
	} else if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		call->nr = (int)info.entry.nr;
		args = info.entry.args;
	} else {
		return -EINVAL;
	}
	call->arch = info.arch;
	call->ip = info.instruction_pointer;
	for (int i = 0; i < 6; i++)
		call->args[i] = args[i];
	return 0;
}

int control_siginfo(pid_t tid, siginfo_t *ret)
{
	return ptrace(PTRACE_GETSIGINFO, tid, 0L, ret) < 0 ? -errno : 0;
}
