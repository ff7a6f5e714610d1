/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command run without ptrace: its calls are listened to, or not watched at all. */
#include "tracer/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "tracer/hearing.h"
#include "tracer/launch.h"

/* The child's end of the socket, above what programs use; closed when the command is executed. */
#define SOCKET_LEAST 900

struct listener {
	struct hearing *hearing; /* or NULL */
	int fd;			 /* of notifications, or -1 */
};

/* ---- the child ---- */

/* A message with a descriptor: made before the filter, as then only sendmsg may be called. */
struct parcel {
	char byte;
	struct iovec content;
	struct msghdr message;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control; /* a header has no fixed size */
};

static void pack(struct parcel *p)
{
	struct cmsghdr *header = &p->control.header;

	memset(p, 0, sizeof(*p));
	p->content = (struct iovec){ &p->byte, 1 };
	p->message = (struct msghdr){ .msg_iov = &p->content,
				      .msg_iovlen = 1,
				      .msg_control = p->control.space,
				      .msg_controllen = sizeof(p->control.space) };
	*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(int)),
				    .cmsg_level = SOL_SOCKET,
				    .cmsg_type = SCM_RIGHTS };
}

/* All calls are notified, but for the one that hands the listener over. */
static int hand_over(int socket)
{
	struct parcel parcel;
	const uint32_t message = (uint32_t)(uintptr_t)&parcel.message;
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, message, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	};
	const struct sock_fprog program = { ARRAY_SIZE(insns), insns };
	int fd;

	pack(&parcel);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			  &program);
	if (fd < 0)
		return -errno;
	memcpy(CMSG_DATA(&parcel.control.header), &fd, sizeof(fd));
	return syscall(SYS_sendmsg, socket, &parcel.message, 0) < 0 ? -errno : 0;
}

__attribute__((noreturn)) static void child(const struct listen_options *o, const char *path,
					    int socket, bool listened)
{
	int r;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	r = o->prepare ? o->prepare(o->prepare_state) : 0;
	if (r < 0)
		_exit(EXIT_TROUBLE);
	r = listened ? hand_over(socket) : 0;
	if (r < 0) {
		diag_errno(r, "cannot listen to calls (seccomp_unotify(2))");
		_exit(EXIT_TROUBLE);
	}
	execve(path, o->command, environ);
	/* Under a policy no call is sure to be made. */
	syscall(SYS_exit_group, errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
	__builtin_trap();
}

/* ---- what is heard ---- */

static int take_listener(int socket)
{
	struct parcel parcel;
	int fd;

	pack(&parcel);
	if (recvmsg(socket, &parcel.message, MSG_CMSG_CLOEXEC) != 1 ||
	    parcel.message.msg_controllen < CMSG_LEN(sizeof(int)))
		return -EIO; /* the child has said why */
	memcpy(&fd, CMSG_DATA(&parcel.control.header), sizeof(fd));
	return fd;
}

/* One call is told of and let go on. */
static int hear(struct listener *l, bool *first)
{
	struct seccomp_notif heard = { 0 };
	struct seccomp_notif_resp answer = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
	int r = 0;

	if (ioctl(l->fd, SECCOMP_IOCTL_NOTIF_RECV, &heard) < 0)
		return errno == EINTR || errno == ENOENT ? 0 : -errno;
	if (!*first) /* that is our own execve */
		r = hearing_tell(l->hearing, &heard);
	*first = false;
	answer.id = heard.id;
	if (ioctl(l->fd, SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 && errno != ENOENT)
		r = r < 0 ? r : -errno;
	return r;
}

/* ---- the run ---- */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Until the command has ended. 0, -ETIME, -EOWNERDEAD when the guardian has, or -errno. */
static int watch(struct listener *l, int pidfd, int guardian, uint64_t timeout_ms)
{
	const int64_t end = now_ms() + (int64_t)timeout_ms;
	bool first = true;

	for (;;) {
		struct pollfd polls[] = {
			{ pidfd, POLLIN, 0 },
			{ l->fd, POLLIN, 0 },
			{ guardian, POLLIN, 0 },
		};
		int64_t left = end - now_ms();
		int r = 0;

		if (timeout_ms && left <= 0)
			return -ETIME;
		if (poll(polls, ARRAY_SIZE(polls), timeout_ms ? (int)left : -1) < 0 &&
		    errno != EINTR)
			return -errno;
		if (polls[2].revents)
			return -EOWNERDEAD;
		if (polls[0].revents)
			return 0;
		if (polls[1].revents & POLLIN)
			r = hear(l, &first);
		else if (polls[1].revents) /* nobody is left who calls, but one that ends */
			l->fd = -1;
		if (r < 0)
			return r;
	}
}

/* What has lost its parent is our child now: see PR_SET_CHILD_SUBREAPER. */
static void kill_children(void)
{
	char path[64];
	long pid;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	for (;;) {
		auto_fclose FILE *in = fopen(path, "re");

		while (in && fscanf(in, "%ld", &pid) == 1)
			kill((pid_t)pid, SIGKILL);
		if (waitpid(-1, NULL, 0) < 0 && errno != EINTR)
			return;
	}
}

static void conclude(int status, struct trace_result *ret)
{
	ret->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	ret->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	ret->status = ret->signal ? EXIT_SIGNALED + ret->signal : ret->exit_status;
	ret->started = ret->complete = true;
}

static int follow(const struct listen_options *o, struct listener *l, pid_t pid, int socket,
		  struct trace_result *ret)
{
	auto_close int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	auto_close int guardian =
		o->guardian ? (int)syscall(SYS_pidfd_open, o->guardian, 0) : -1;
	auto_close int heard = l->hearing ? take_listener(socket) : -1;
	int status = 0, r = pidfd < 0 || (o->guardian && guardian < 0) ? -errno : 0;

	if (r == 0 && l->hearing && heard < 0)
		r = heard;
	l->fd = heard;
	if (r == 0)
		r = watch(l, pidfd, guardian, o->timeout_ms);
	if (r < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	kill_children();
	*ret = (struct trace_result){ .timed_out = r == -ETIME };
	conclude(status, ret);
	return r == -ETIME ? 0 : r;
}

static int run(const struct listen_options *o, const char *path, struct listener *l,
	       struct trace_result *ret)
{
	int ends[2], r;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) < 0 ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		child(o, path, fcntl(ends[1], F_DUPFD_CLOEXEC, SOCKET_LEAST), l->hearing);
	close(ends[1]);
	r = pid < 0 ? -errno : follow(o, l, pid, ends[0], ret);
	close(ends[0]);
	return r;
}

int listen_run(const struct listen_options *o, const struct event_sink *sink,
	       struct trace_result *ret)
{
	struct listener l = { .fd = -1 };
	char path[PATH_MAX];
	int r = launch_find(o->command[0], path);

	if (r < 0)
		return diag_errno(r, "cannot execute '%s'", o->command[0]);
	if (sink)
		r = hearing_new(sink, path, &l.hearing);
	if (r == 0)
		r = run(o, path, &l, ret);
	hearing_free(l.hearing);
	return r < 0 ? diag_errno(r, "cannot run '%s' without ptrace", o->command[0]) : 0;
}
