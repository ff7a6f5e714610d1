/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ptrace requests, one function each: what calls ptrace(2) is control.c, where
 * architectures differ control_arch.c, and registers.c for walks of stacks.
 *
 * A tracee can vanish at any moment (SIGKILL, exec by another thread): every request may return
 * -ESRCH, and that is no error but news that the next wait explains.
 */
#ifndef LEARN_TRACER_CONTROL_H
#define LEARN_TRACER_CONTROL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"

/*
 * PTRACE_SEIZE with all events. OURS: it was started by us, ends with us (PTRACE_O_EXITKILL) and
 * has our filter, which asks us (PTRACE_O_TRACESECCOMP). Else a filter that asks a tracer is the
 * program's own, and is to find none. 0 or -errno.
 */
int control_seize(pid_t tid, bool ours);

enum resume {
	RESUME_RUN,     /* to the next event: PTRACE_CONT */
	RESUME_TO_EXIT, /* to the exit of the current call: PTRACE_SYSCALL */
	RESUME_LISTEN,  /* stay stopped, as job control wants it: PTRACE_LISTEN */
};
/* Lets a stopped tracee go on; SIGNAL is delivered to it, 0 for none. */
int control_resume(pid_t tid, enum resume how, int signal);

/* Stops a running tracee with STOP_EVENT. */
int control_interrupt(pid_t tid);

/* Lets a stopped tracee go for good: nobody traces it any more. */
int control_detach(pid_t tid);

/* PTRACE_GETEVENTMSG; 0 for a vanished tracee. */
unsigned long control_event_message(pid_t tid);

/*
 * At STOP_SECCOMP or the entry half of STOP_SYSCALL: 0 and the call. At the exit half: 1 and the
 * return value. Else -errno.
 */
int control_syscall(pid_t tid, struct event_call *call, int64_t *result);
/*
 * At STOP_EXITING: the call the task was last in, from its registers (after a seccomp kill they
 * are those of the call's entry). 0; -EINVAL when it was in none, as the threads may have been that
 * die with the culprit; -ENOSYS on an architecture that is not known; -errno.
 */
int control_last_call(pid_t tid, struct event_call *ret);
/*
 * At STOP_EVENT and STOP_SIGNAL: the call that was broken into, with what the kernel made of it so
 * far: a negative error, of which those above 511 are the kernel's own orders to make the call
 * again (include/linux/errno.h). 0; -EINVAL when it was in none; -ENOSYS where not known how.
 */
int control_interrupted(pid_t tid, struct event_call *ret, int *error);
/* After a call, before the task goes on: changes what the call returned. 0, -ENOSYS or -errno. */
int control_set_result(pid_t tid, int64_t value);
/*
 * At STOP_SECCOMP: the call is not made and returns -ERROR, as if a filter had answered so
 * (SECCOMP_RET_ERRNO). 0, -ENOSYS where not known how, or -errno.
 */
int control_refuse(pid_t tid, int error);
/* At a call's entry: changes an argument. 0 or -errno; -ENOSYS where not known how. */
int control_set_arg(pid_t tid, uint32_t arch, unsigned index, uint64_t value);

/* The signal that is about to be delivered. 0 or -errno. */
int control_siginfo(pid_t tid, siginfo_t *ret);

/*
 * Puts a breakpoint instruction in the place of the one at ADDRESS, which is given back in *SAVED;
 * the page becomes the process's own copy. control_unbreak() puts it back.
 */
int control_break(pid_t tid, uint64_t address, uint32_t *saved);
int control_unbreak(pid_t tid, uint64_t address, uint32_t saved);

/*
 * At the signal-delivery-stop of a SIGTRAP: whether it is that of a breakpoint at ADDRESS. Then the
 * task is to go on there.
 */
bool control_broke(pid_t tid, uint64_t address);

#endif
