/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals that others send to us and that are meant for the command. */
#include "tracer/passing.h"

#include <signal.h>
#include <unistd.h>

#include "tracer/control.h"
#include "tracer/ending.h"
#include "tracer/tracing.h"

#define WAIT_MS	   20  /* for those that are sent to process after process */
#define WAIT_TICKS 3   /* in which the command's is seen, even if we had something else to do */
#define APART_MS   200 /* further apart than that are two signals, not one sent to both of us */
#define TICK_MS	   10

void passing_take(struct tracing *t)
{
	struct passing *p = &t->passing;
	struct sent sent;

	while (wait_sent(&sent))
		if (p->n < PASSING_MOST && !tasks_process(&t->tasks, sent.sender))
			p->waiting[p->n++] = (struct passing_signal){ sent, tracing_now_ms(), 0 };
}

void passing_note(struct tracing *t, const struct task *task, int signal)
{
	struct passing *p = &t->passing;
	siginfo_t info;

	if (task->process->pid != t->leader || !wait_passes(signal) ||
	    control_siginfo(task->tid, &info) < 0 || info.si_code > 0 || info.si_pid == getpid())
		return;
	p->came[p->next++ % PASSING_MOST] = (struct passing_signal){
		{ signal, info.si_code, info.si_pid, info.si_value }, tracing_now_ms(), 0
	};
}

/* Whether the command has it from the same sender: each one once. */
static bool has_come(struct passing *p, const struct passing_signal *signal)
{
	for (size_t i = 0; i < PASSING_MOST; i++) {
		struct passing_signal *came = &p->came[i];

		if (came->sent.signal != signal->sent.signal ||
		    came->sent.sender != signal->sent.sender || came->ms + APART_MS < signal->ms ||
		    signal->ms + APART_MS < came->ms)
			continue;
		came->sent.signal = 0;
		return true;
	}
	return false;
}

static void pass_on(const struct tracing *t, const struct sent *sent)
{
	if (sent->code == SI_QUEUE)
		sigqueue(t->leader, sent->signal, sent->value);
	else
		kill(t->leader, sent->signal);
}

void passing_tick(struct tracing *t)
{
	struct passing *p = &t->passing;
	const uint64_t now = tracing_now_ms();
	size_t kept = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct passing_signal *signal = &p->waiting[i];

		if (++signal->ticks < WAIT_TICKS || now < signal->ms + WAIT_MS)
			p->waiting[kept++] = *signal;
		else if (has_come(p, signal))
			continue;
		else if (!t->leader_ended)
			pass_on(t, &signal->sent);
		else if (wait_ends(signal->sent.signal))
			ending_begin(t);
	}
	p->n = kept;
}

unsigned passing_tick_ms(const struct tracing *t)
{
	return t->passing.n ? TICK_MS : 0;
}
