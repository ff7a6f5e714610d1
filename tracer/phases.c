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
	return 0;
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
	char call[64];

	if (word[n] && (parse_u64(word + n + 1, UINT64_MAX, &event.times) < 0 || !event.times))
		return diag(-EINVAL, "--phase-at: '%s' is no count of calls", word + n + 1);
	snprintf(call, sizeof(call), "%.*s", (int)n, word);
	if (syscall_number(arch_native(), call, &event.nr) < 0)
		return diag(-EINVAL, "--phase-at: unknown system call '%s'", call);
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

void phases_at_call(const struct phase_event *event, struct task *task)
{
	struct process *p = task->process;

	if (event->kind == PHASE_AT_CALL && p->phase == PHASE_MAIN &&
	    task->call.nr == event->nr && task->call.arch == arch_native() &&
	    ++p->phase_calls >= event->times)
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
	    fnmatch(event->glob, path, FNM_PATHNAME) == 0)
		task->process->phase = PHASE_SERVING;
}
