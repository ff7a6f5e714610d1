/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that come to be traced by themselves. */
#include "tracer/door.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "tracer/attach.h"
#include "tracer/control.h"

/* Who comes says at once what it wants: nobody may keep us waiting. */
#define HELLO_MS 500

/* How often one tries whose first word came too late. */
#define MOST_KNOCKS 10

/* How long a program waits for a tracer that is busy, or hangs. */
#define ANSWER_S 10

/* Of those who come at the same time. */
#define BACKLOG 64

static int address_of(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;
	strcpy(ret->sun_path, path);
	return 0;
}

static void limit_wait(int fd, unsigned ms)
{
	const struct timeval limit = { ms / 1000, ms % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

/* Its number is 0 where our PID namespace has none for it. */
static struct ucred peer_of(int fd)
{
	struct ucred peer = { 0 };
	socklen_t size = sizeof(peer);

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
	return peer;
}

int door_listen(const char *path)
{
	auto_close int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address;
	int r = address_of(path, &address);

	if (r < 0 || fd < 0)
		return r < 0 ? r : -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || chmod(path, 0666) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return -errno;
	return take_fd(fd);
}

/* ---- who comes ---- */

static int wait_for_answer(int fd)
{
	char byte;
	ssize_t n;

	limit_wait(fd, ANSWER_S * 1000);
	do
		n = recv(fd, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return n == 1 ? 0 : -ECONNREFUSED;
}

static int knock_once(const char *path, const char *file)
{
	auto_close int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	int r = address_of(path, &address);
	struct ucred tracer;

	if (r < 0 || fd < 0)
		return r < 0 ? r : -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	tracer = peer_of(fd);
	if (tracer.uid != 0) /* Yama lets only root trace what is no child of its own */
		prctl(PR_SET_PTRACER,
		      tracer.pid > 0 ? (unsigned long)tracer.pid : PR_SET_PTRACER_ANY, 0, 0, 0);
	if (send(fd, file, strlen(file), MSG_NOSIGNAL) < 0)
		return -errno;
	return wait_for_answer(fd);
}

/* Who was not heard in time, on a busy machine, is sent away: it comes again. */
int door_knock(const char *path, const char *file)
{
	int r = knock_once(path, file);

	for (int i = 1; (r == -EPIPE || r == -ECONNRESET) && i < MOST_KNOCKS; i++)
		r = knock_once(path, file);
	return r;
}

/* ---- who lets in ---- */

/* Waits until somebody is at the door. Ends with its parent, and at no other signal. */
__attribute__((noreturn)) static void wait_at_door(int fd, pid_t parent)
{
	struct pollfd door = { .fd = fd, .events = POLLIN };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() == parent)
		poll(&door, 1, -1);
	_exit(0);
}

int door_open(struct tracing *t)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		wait_at_door(t->options->door->fd, parent);
	if (pid < 0)
		return -errno;
	t->porter = pid;
	return 0;
}

void door_close(struct tracing *t)
{
	if (t->porter)
		kill(t->porter, SIGKILL);
}

/* Into FILE: what it is going to execute. 0 or -errno. */
static int hear(int fd, char file[PATH_MAX])
{
	ssize_t n;

	limit_wait(fd, HELLO_MS);
	n = recv(fd, file, PATH_MAX - 1, 0);
	if (n <= 0)
		return n < 0 ? -errno : -EPIPE;
	file[n] = '\0';
	return 0;
}

/* Lets one in. Only what is ours can fail: -ENOMEM and the sink's errors. */
static int let_in(struct tracing *t, int fd)
{
	const struct trace_door *door = t->options->door;
	char file[PATH_MAX];
	pid_t pid = peer_of(fd).pid;
	int r;

	if (pid <= 0 || !door->knows(door->state, pid) || hear(fd, file) < 0)
		return 0;
	r = attach_newcomer(t, pid, file);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		diag_errno(r, "cannot trace process %d, which is to execute '%s'", (int)pid, file);
		return 0;
	}
	r = door->enter(door->state, pid);
	if (send(fd, "", 1, MSG_NOSIGNAL) < 0)
		return r; /* it has ended: its end will show */
	return r;
}

int door_answer(struct tracing *t, pid_t tid)
{
	int r = 0;

	if (tid != t->porter)
		return 0;
	t->porter = 0;
	while (r == 0) {
		auto_close int fd = accept4(t->options->door->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			break;
		if (t->ending == ENDING_NOT)
			r = let_in(t, fd);
	}
	if (r == 0 && t->ending == ENDING_NOT)
		r = door_open(t);
	return r < 0 ? r : 1;
}
