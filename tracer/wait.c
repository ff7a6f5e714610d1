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

/*
 * Signals that end or steer a command: more than these the kernel would end us for, and what we
 * trace with us, where a program sends them to its whole process group. Not SIGABRT and those of
 * faults, which are our own.
 */
static const struct {
	int signal;
	bool ends;
} passed_on[] = {
	{ SIGHUP, true },    { SIGINT, true },	   { SIGQUIT, true }, { SIGTERM, true },
	{ SIGUSR1, false },  { SIGUSR2, false },   { SIGWINCH, false }, { SIGVTALRM, false },
	{ SIGPROF, false },  { SIGIO, false },	   { SIGPWR, false }, { SIGXCPU, false },
	{ SIGSTKFLT, false },
};
#define N_PASSED ARRAY_SIZE(passed_on)
#define N_REALTIME 32 /* and SIGRTMIN and what comes after it */

/* The terminal's stops: the command's to answer; we follow its example. */
static const int stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };
#define N_STOPS ARRAY_SIZE(stops)

/* A write that fails (nobody reads our messages, a limit on the size of files) only fails. */
static const int of_writes[] = { SIGPIPE, SIGXFSZ };
#define N_WRITES ARRAY_SIZE(of_writes)

/* What handlers look at, and the handlers that stood before: signals belong to the process. */
static struct {
	volatile pid_t leader;
	volatile sig_atomic_t ticked, asked;
	struct sent sent[SENT_MOST]; /* a ring: the handler's at `came`, the loop's at `taken` */
	volatile sig_atomic_t came, taken;
	bool no_hangup; /* as nohup(1) has it */
	struct sigaction saved[N_PASSED], saved_realtime[N_REALTIME], saved_stops[N_STOPS],
		saved_writes[N_WRITES], saved_alarm;
} shared;

bool wait_passes(int signal)
{
	for (size_t i = 0; i < N_PASSED; i++)
		if (passed_on[i].signal == signal)
			return true;
	return signal >= SIGRTMIN && signal < SIGRTMIN + N_REALTIME;
}

bool wait_ends(int signal)
{
	if (signal == SIGHUP && shared.no_hangup)
		return false;
	for (size_t i = 0; i < N_PASSED; i++)
		if (passed_on[i].signal == signal)
			return passed_on[i].ends;
	return false;
}

/*
 * The terminal sends to the whole foreground process group, of which the command is part: it has
 * the signal already (si_code is SI_KERNEL). One that somebody sent to us may be meant for it too.
 */
static void take(int signal, siginfo_t *info, void *context)
{
	unsigned came = (unsigned)shared.came;

	(void)context;
	if (shared.leader <= 0) {
		shared.asked |= wait_ends(signal);
	} else if (info->si_code <= 0 && came - (unsigned)shared.taken < SENT_MOST) {
		shared.sent[came % SENT_MOST] =
			(struct sent){ signal, info->si_code, info->si_pid, info->si_value };
		shared.came = (sig_atomic_t)(came + 1);
	}
}

bool wait_sent(struct sent *ret)
{
	const unsigned taken = (unsigned)shared.taken;

	if (taken == (unsigned)shared.came)
		return false;
	*ret = shared.sent[taken % SENT_MOST];
	shared.taken = (sig_atomic_t)(taken + 1);
	return true;
}

static void only_fail(int signal)
{
	(void)signal;
}

static void tick(int signal)
{
	(void)signal;
	shared.ticked = 1;
}

/* Does to each signal what ACTION says, or back to SAVED where that is NULL. */
static int set_all(const struct sigaction *action, struct sigaction *saved, const int *signals,
		   size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sigaction(signals[i], action ? action : &saved[i], action ? &saved[i] : NULL) <
		    0)
			return -errno;
	return 0;
}

static int set_passed(const struct sigaction *action)
{
	int passed[N_PASSED], realtime[N_REALTIME], n = 0, r;

	for (size_t i = 0; i < N_PASSED; i++)
		passed[i] = passed_on[i].signal;
	while (n < N_REALTIME && SIGRTMIN + n <= SIGRTMAX) {
		realtime[n] = SIGRTMIN + n;
		n++;
	}
	r = set_all(action, shared.saved, passed, N_PASSED);
	return r < 0 ? r : set_all(action, shared.saved_realtime, realtime, (size_t)n);
}

int wait_begin(pid_t leader)
{
	struct sigaction pass = { .sa_sigaction = take, .sa_flags = SA_SIGINFO };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const struct sigaction fail = { .sa_handler = only_fail, .sa_flags = SA_RESTART };
	const struct sigaction alarm_action = { .sa_handler = tick };
	struct sigaction hangup;
	int r;

	sigfillset(&pass.sa_mask); /* one at a time in the ring */
	shared.leader = leader;
	shared.ticked = shared.asked = 0;
	shared.came = shared.taken = 0;
	shared.no_hangup = sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler == SIG_IGN;
	r = set_passed(&pass);
	if (r == 0)
		r = set_all(&ignore, shared.saved_stops, stops, N_STOPS);
	if (r == 0)
		r = set_all(&fail, shared.saved_writes, of_writes, N_WRITES);
	if (r < 0)
		return r;
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
	set_all(NULL, shared.saved_writes, of_writes, N_WRITES);
	set_all(NULL, shared.saved_stops, stops, N_STOPS);
	set_passed(NULL);
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
 * interval keeps that below a twentieth of what the stops cost.
 */
static void take_all(struct changes *c, size_t tracees)
{
	struct change change;

	c->next = c->n = c->given = 0;
	while (make_room(c) && next_change(&change, WNOHANG) > 0)
		c->taken[c->n++] = change;
	c->interval = 16 + tracees / 8 + c->n * c->n / 32;
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
