/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a process has started up. */
#include "tracer/phases.h"

#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/parse.h"
#include "sysdb/syscalls.h"

/* "RTMIN" or "RTMIN+3", as kill(1) has them; 0 when there is no such signal. */
static int realtime_signal(const char *name)
{
	const size_t n = strlen("RTMIN");
	uint64_t more = 0;

	if (strncmp(name, "RTMIN", n) != 0)
		return 0;
	if (name[n] && (name[n] != '+' ||
			parse_u64(name + n + 1, (uint64_t)(SIGRTMAX - SIGRTMIN), &more) < 0))
		return 0;
	return SIGRTMIN + (int)more;
}

/* "USR1" or "SIGUSR1"; 0 when there is no such signal. */
static int signal_by_name(const char *name)
{
	if (strncmp(name, "SIG", 3) == 0)
		name += 3;
	for (int signal = 1; signal < SIGRTMIN; signal++) {
		const char *known = sigabbrev_np(signal);

		if (known && strcmp(known, name) == 0)
			return signal;
	}
	return realtime_signal(name);
}

static int parse_signal(const char *name, struct phase_event *ret)
{
	struct phase_event event = { .kind = PHASE_AT_SIGNAL, .signal = signal_by_name(name) };

	if (!event.signal)
		return diag(-EINVAL, "--phase-at: unknown signal '%s'", name);
	*ret = event;
	return 0;
}

static int parse_path(const char *glob, struct phase_event *ret)
{
	if (glob[0] != '/' && glob[0] != '*')
		return diag(-EINVAL, "--phase-at: '%s' matches no absolute path", glob);
	*ret = (struct phase_event){ .kind = PHASE_AT_PATH, .glob = glob };
	return 0;
}

static int parse_call(const char *word, struct phase_event *ret)
{
	struct phase_event event = { .kind = PHASE_AT_CALL, .times = 1 };
	size_t n = strcspn(word, ":");

	if (word[n] && (parse_u64(word + n + 1, UINT64_MAX, &event.times) < 0 || !event.times))
		return diag(-EINVAL, "--phase-at: '%s' is no count of calls", word + n + 1);
	snprintf(event.call, sizeof(event.call), "%.*s", (int)n, word);
	if (syscall_number(arch_native(), event.call, &event.nr) < 0)
		return diag(-EINVAL, "--phase-at: unknown system call '%s'", event.call);
	*ret = event;
	return 0;
}

int phase_event_parse(const char *word, struct phase_event *ret)
{
	if (strncmp(word, "signal:", 7) == 0)
		return parse_signal(word + 7, ret);
	if (strncmp(word, "path:", 5) == 0)
		return parse_path(word + 5, ret);
	return parse_call(word, ret);
}

static bool is_call(const struct phase_event *event, const struct event_call *call)
{
	int nr = event->nr;

	return (call->arch == arch_native() || syscall_number(call->arch, event->call, &nr) == 0) &&
	       call->nr == nr;
}

void phases_at_call(const struct phase_event *event, struct task *task)
{
	struct process *p = task->process;

	if (event->kind == PHASE_AT_CALL && p->phase == PHASE_MAIN &&
	    is_call(event, &task->call) && ++p->phase_calls >= event->times)
		p->phase = PHASE_SERVING;
}

void phases_at_signal(const struct phase_event *event, struct task *task, int signal)
{
	if (event->kind == PHASE_AT_SIGNAL && event->signal == signal &&
	    task->process->phase == PHASE_MAIN)
		task->process->phase = PHASE_SERVING;
}

void phases_at_path(const struct phase_event *event, struct task *task, const char *path)
{
	if (event->kind == PHASE_AT_PATH && task->process->phase == PHASE_MAIN &&
	    fnmatch(event->glob, path, 0) == 0)
		task->process->phase = PHASE_SERVING;
}
