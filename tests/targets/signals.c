/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handles signals that tracers use themselves (SIGTRAP, SIGSYS), queued and from a child. */
#include <signal.h>

#include "target.h"

static volatile sig_atomic_t seen[65];
static volatile sig_atomic_t code, value;

static void handle(int signal, siginfo_t *info, void *context)
{
	(void)context;
	seen[signal]++;
	code = info->si_code;
	value = info->si_value.sival_int;
}

static void expect(int signal)
{
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_RESTART };

	must(sigaction(signal, &action, NULL));
	must(kill(getpid(), signal));
	check(seen[signal] == 1 && code == SI_USER);
	must(sigqueue(getpid(), signal, (union sigval){ .sival_int = 4711 }));
	check(seen[signal] == 2 && code == SI_QUEUE && value == 4711);
}

int main(void)
{
	static const int signals[] = { SIGTRAP, SIGSYS, SIGUSR1, SIGTERM, SIGCONT, SIGTSTP };
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO };
	sigset_t blocked, before;
	pid_t child;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		expect(signals[i]);
	must(sigaction(SIGCHLD, &action, NULL));
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	must(sigprocmask(SIG_BLOCK, &blocked, &before));
	child = (pid_t)must(fork());
	if (child == 0)
		_exit(0);
	while (!seen[SIGCHLD])
		sigsuspend(&before);
	check(code == CLD_EXITED && status_of(child) == 0);
	puts("12 signals and a child");
	return 0;
}
