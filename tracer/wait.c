/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where we wait for the kernel: children, tracees, and the signals that come meanwhile. */
#include "tracer/wait.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Signals that end or steer a command. */
static const struct {
	int signal;
	bool ends;
} passed_on[] = {
	{ SIGHUP, true },   { SIGINT, true },	{ SIGQUIT, true },   { SIGTERM, true },
	{ SIGUSR1, false }, { SIGUSR2, false }, { SIGWINCH, false },
};
#define N_PASSED ARRAY_SIZE(passed_on)

/* The terminal's stops: the command's to answer; we follow its example. */
static const int stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };
#define N_STOPS ARRAY_SIZE(stops)

/* What handlers look at, and the handlers that stood before: signals belong to the process. */
static struct {
	volatile pid_t leader;
	volatile sig_atomic_t ticked, asked;
	struct sigaction saved[N_PASSED], saved_stops[N_STOPS], saved_alarm;
} shared;

static bool ends_programs(int signal)
{
	for (size_t i = 0; i < N_PASSED; i++)
		if (passed_on[i].signal == signal)
			return passed_on[i].ends;
	return false;
}

/*
 * The terminal sends to the whole foreground process group, of which the command is part: it has
 * the signal already (si_code is SI_KERNEL). One that somebody sent to us is meant for it too.
 */
static void pass_on(int signal, siginfo_t *info, void *context)
{
	int saved_errno = errno;

	(void)context;
	if (shared.leader <= 0)
		shared.asked |= ends_programs(signal);
	else if (info->si_code <= 0 && info->si_pid != shared.leader)
		kill(shared.leader, signal);
	errno = saved_errno;
}

static void tick(int signal)
{
	(void)signal;
	shared.ticked = 1;
}

int wait_begin(pid_t leader)
{
	struct sigaction pass = { .sa_sigaction = pass_on, .sa_flags = SA_SIGINFO };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction alarm_action = { .sa_handler = tick };

	shared.leader = leader;
	shared.ticked = shared.asked = 0;
	for (size_t i = 0; i < N_PASSED; i++)
		if (sigaction(passed_on[i].signal, &pass, &shared.saved[i]) < 0)
			return -errno;
	for (size_t i = 0; i < N_STOPS; i++)
		if (sigaction(stops[i], &ignore, &shared.saved_stops[i]) < 0)
			return -errno;
	return sigaction(SIGALRM, &alarm_action, &shared.saved_alarm) < 0 ? -errno : 0;
}

void wait_tick_every(unsigned ms)
{
	const struct timeval interval = { ms / 1000, ms % 1000 * 1000 };
	const struct itimerval timer = { interval, interval };

	setitimer(ITIMER_REAL, &timer, NULL);
}

void wait_end(void)
{
	wait_tick_every(0);
	sigaction(SIGALRM, &shared.saved_alarm, NULL);
	for (size_t i = 0; i < N_STOPS; i++)
		sigaction(stops[i], &shared.saved_stops[i], NULL);
	for (size_t i = 0; i < N_PASSED; i++)
		sigaction(passed_on[i].signal, &shared.saved[i], NULL);
	shared.leader = 0;
}

void wait_without_leader(void)
{
	shared.leader = 0;
}

bool wait_asked(void)
{
	bool asked = shared.asked;

	shared.asked = 0;
	return asked;
}

/* The raw call: waitpid(3) is a cancellation point, which once for each stop of a tracee shows. */
static pid_t next_change(struct change *ret, int options)
{
	ret->tid = (pid_t)syscall(SYS_wait4, -1, &ret->status, __WALL | options, NULL);
	return ret->tid;
}

static bool make_room(struct changes *c)
{
	size_t capacity = c->capacity ? 2 * c->capacity : 16;
	struct change *more;

	if (c->n < c->capacity)
		return true;
	more = realloc(c->taken, capacity * sizeof(*more));
	if (!more)
		return false;
	c->taken = more;
	c->capacity = capacity;
	return true;
}

/*
 * For each change the kernel looks at the tracees one by one, 10 ns each, until it comes to one
 * that has changed: past all that were taken before it, and at last past all there are. The
 * interval keeps that below a tenth of what the stops cost.
 */
static void take_all(struct changes *c, size_t tracees)
{
	struct change change;

	c->next = c->n = c->given = 0;
	while (make_room(c) && next_change(&change, WNOHANG) > 0)
		c->taken[c->n++] = change;
	c->interval = 16 + tracees / 8 + c->n * c->n / 64;
}

int wait_any(struct changes *c, size_t tracees, struct change *ret)
{
	if (c->next < c->n) {
		*ret = c->taken[c->next++];
		return 1;
	}
	if (next_change(ret, 0) <= 0)
		return errno == ECHILD ? 0 : -errno;
	if (++c->given >= c->interval)
		take_all(c, tracees);
	return 1;
}

void wait_clear(struct changes *c)
{
	free(c->taken);
	*c = (struct changes){ 0 };
}

void wait_stop_too(int signal)
{
	const struct sigaction stop = { .sa_handler = SIG_DFL };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < N_STOPS; i++) {
		if (stops[i] != signal)
			continue;
		/* Not SIGSTOP: the kernel spares an orphaned process group, which nobody would
		 * wake. */
		sigaction(SIGTSTP, &stop, NULL);
		raise(SIGTSTP);
		sigaction(SIGTSTP, &ignore, NULL);
		if (shared.leader > 0)
			kill(shared.leader, SIGCONT); /* is one with the SIGCONT that `fg` sent */
	}
}

bool wait_ticked(void)
{
	bool ticked = shared.ticked;

	shared.ticked = 0;
	return ticked;
}
