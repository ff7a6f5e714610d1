/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * N rounds (200) of calls that never wait, under a timer of 100 us whose handler lacks SA_RESTART:
 * not one may fail. Prints how many calls were made.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "target.h"

static volatile sig_atomic_t ticks;

static void tick(int signal)
{
	(void)signal;
	ticks++;
}

static void use_file(void)
{
	char name[] = "/tmp/interrupted-XXXXXX", byte;
	int fd = (int)must(mkstemp(name));
	struct stat st;

	must(unlink(name));
	check(pwrite(fd, "x", 1, 4096) == 1);
	must(lseek(fd, 4096, SEEK_SET));
	check(read(fd, &byte, 1) == 1 && byte == 'x');
	must(fstat(fd, &st));
	must(ftruncate(fd, 0));
	must(fcntl(fd, F_SETFD, FD_CLOEXEC));
	must(close(fd));
}

static void use_pair(int type)
{
	int ends[2], epoll = (int)must(epoll_create1(0));
	struct epoll_event event = { .events = EPOLLIN };
	struct pollfd ready = { .events = POLLIN };
	char byte;

	must(socketpair(AF_UNIX, type, 0, ends));
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event));
	check(send(ends[1], "x", 1, 0) == 1);
	ready.fd = ends[0];
	check(poll(&ready, 1, 0) == 1);
	check(epoll_wait(epoll, &event, 1, 0) == 1);
	check(recv(ends[0], &byte, 1, 0) == 1);
	must(close(ends[0]));
	must(close(ends[1]));
	must(close(epoll));
}

static void use_memory(void)
{
	void *at = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(at != MAP_FAILED);
	must(mprotect(at, 4096, PROT_READ | PROT_WRITE));
	must(munmap(at, 8192));
}

/* fork(2) is restarted by the kernel itself; waiting may be interrupted. */
static void use_child(void)
{
	pid_t pid = (pid_t)must(fork()), ended;
	int status;

	if (pid == 0)
		_exit(0);
	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	check(ended == pid && status == 0);
}

int main(int argc, char **argv)
{
	const struct itimerval every = { { 0, 100 }, { 0, 100 } };
	const struct sigaction action = { .sa_handler = tick };
	long n = number(argc, argv, 1, 200);
	cpu_set_t cpus;
	int word = 0;

	must(sigaction(SIGALRM, &action, NULL));
	must(setitimer(ITIMER_REAL, &every, NULL));
	for (long i = 0; i < n || ticks < n; i++) {
		use_file();
		use_pair(SOCK_STREAM);
		use_pair(SOCK_DGRAM);
		use_memory();
		must(syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0));
		must(sched_getaffinity(0, sizeof(cpus), &cpus));
		must(sched_setaffinity(0, sizeof(cpus), &cpus));
		if (i % 16 == 0)
			use_child();
	}
	puts("no call failed");
	return 0;
}
