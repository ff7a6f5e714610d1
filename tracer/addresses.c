/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket addresses in calls: IPv4, IPv6, UNIX. */
#include "tracer/addresses.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/net.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "tracer/memory.h"
#include "tracer/lookup.h"

/* SOCK_STREAM and so on of the tracee's descriptor, 0 when it cannot be found out. */
static int socket_type(const struct task *task, int fd)
{
	auto_close int process = (int)syscall(SYS_pidfd_open, task->process->pid, 0);
	auto_close int copy = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	int type = 0;
	socklen_t len = sizeof(type);

	if (copy < 0 || getsockopt(copy, SOL_SOCKET, SO_TYPE, &type, &len) < 0)
		return 0;
	return type;
}

static int emit_address(const struct tracing *t, const struct task *task, bool bind, int family,
			const char *address, uint16_t port)
{
	struct event event = {
		.kind = EVENT_ADDRESS,
		.call = &task->call,
		.address = { .use = bind ? ADDRESS_BIND : ADDRESS_CONNECT,
			     .family = family,
			     .type = socket_type(task, (int)task->call.args[0]),
			     .address = address,
			     .port = port },
	};

	return tracing_emit(t, task, &event);
}

/* unix(7): a name that starts with a NUL byte is abstract; all of them are '@' in the event. */
static int abstract_address(const struct tracing *t, const struct task *task, bool bind,
			    const struct sockaddr_un *un, size_t n)
{
	char name[sizeof(un->sun_path) + 1];

	for (size_t i = 0; i < n; i++)
		name[i] = un->sun_path[i] ? un->sun_path[i] : '@';
	name[n] = '\0';
	return emit_address(t, task, bind, AF_UNIX, name, 0);
}

/* A pathname: bind makes an entry, the others follow a link to a socket. */
static int unix_address(const struct tracing *t, struct task *task, bool bind,
			const struct sockaddr_un *un, size_t len)
{
	const size_t n = len - offsetof(struct sockaddr_un, sun_path);
	char path[sizeof(un->sun_path) + 1];
	struct lookup_request request = { path, AT_FDCWD, bind ? LAST_ENTRY : LAST_FOLLOWED, 0 };
	struct event event = { .kind = EVENT_PATH, .call = &task->call };
	struct place place;

	if (len <= offsetof(struct sockaddr_un, sun_path))
		return 0;
	if (!un->sun_path[0])
		return abstract_address(t, task, bind, un, n);
	snprintf(path, sizeof(path), "%.*s", (int)n, un->sun_path);
	if (lookup_path(&t->lookup, task, &request, &place) < 0 || (bind && !place.in_reach))
		return 0;
	event.path.path = place.path;
	event.path.kind = place.kind;
	event.path.effects = bind ? PATH_CREATE_SOCKET : PATH_CONNECT;
	return tracing_emit(t, task, &event);
}

/* The LEN bytes at POINTER in the tracee: where a call binds, connects or sends to. */
static int note_address(const struct tracing *t, struct task *task, bool bind, uint64_t pointer,
			size_t len)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	} a = { 0 };
	char text[INET6_ADDRSTRLEN];

	if (len > sizeof(a))
		len = sizeof(a);
	if (!pointer || len < sizeof(sa_family_t) || memory_read(task->tid, pointer, &a, len) < 0)
		return 0;
	if (a.any.sa_family == AF_UNIX)
		return unix_address(t, task, bind, &a.un, len);
	/* Old programs bind IPv4 sockets to no family (net/ipv4/af_inet.c). */
	if ((a.any.sa_family == AF_INET || (bind && a.any.sa_family == AF_UNSPEC)) &&
	    len >= sizeof(a.in)) {
		inet_ntop(AF_INET, &a.in.sin_addr, text, sizeof(text));
		return emit_address(t, task, bind, AF_INET, text, ntohs(a.in.sin_port));
	}
	if (a.any.sa_family == AF_INET6 && len >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
		inet_ntop(AF_INET6, &a.in6.sin6_addr, text, sizeof(text));
		return emit_address(t, task, bind, AF_INET6, text, ntohs(a.in6.sin6_port));
	}
	return 0;
}

int addresses_of_call(const struct tracing *t, struct task *task, const struct syscall_info *info)
{
	const uint64_t *args = task->call.args;

	return note_address(t, task, strcmp(info->name, "bind") == 0, args[info->address],
			    (uint32_t)args[info->address + 1]);
}

/* ---- messages ---- */

/* The head of the tracee's struct msghdr, and the size of its struct mmsghdr. */
struct wide_msghdr {
	uint64_t name;
	uint32_t length;
};
struct narrow_msghdr {
	uint32_t name, length;
};
#define WIDE_MMSGHDR 64
#define NARROW_MMSGHDR 32

static int note_message(const struct tracing *t, struct task *task, bool narrow, uint64_t pointer)
{
	union {
		struct wide_msghdr wide;
		struct narrow_msghdr narrow;
	} u;
	size_t size = narrow ? sizeof(u.narrow) : sizeof(u.wide);

	if (memory_read(task->tid, pointer, &u, size) < 0)
		return 0;
	return note_address(t, task, false, narrow ? u.narrow.name : u.wide.name,
			    narrow ? u.narrow.length : u.wide.length);
}

#define MOST_MESSAGES 1024 /* the kernel's UIO_MAXIOV, where sendmmsg(2) stops */

int addresses_of_messages(const struct tracing *t, struct task *task,
			  const struct syscall_info *info)
{
	const bool narrow = !(task->call.arch & __AUDIT_ARCH_64BIT);
	const uint64_t size = narrow ? NARROW_MMSGHDR : WIDE_MMSGHDR;
	uint64_t n = info->class == CLASS_MESSAGES ? (uint32_t)task->call.args[2] : 1;
	int r = 0;

	if (n > MOST_MESSAGES)
		n = MOST_MESSAGES;
	for (uint64_t i = 0; i < n && r >= 0; i++)
		r = note_message(t, task, narrow, task->call.args[1] + i * size);
	return r;
}

/* ---- i386's socketcall(2) ---- */

static const struct {
	const char *name; /* NULL: nothing in it to look at */
	unsigned n_args;
} socketcalls[] = {
	[SYS_SOCKET] = { "socket", 3 },	      [SYS_BIND] = { "bind", 3 },
	[SYS_CONNECT] = { "connect", 3 },     [SYS_SOCKETPAIR] = { "socketpair", 4 },
	[SYS_SENDTO] = { "sendto", 6 },	      [SYS_SENDMSG] = { "sendmsg", 3 },
	[SYS_SENDMMSG] = { "sendmmsg", 4 },
};

const struct syscall_info *addresses_unpack(const struct task *task, struct event_call *ret)
{
	const uint64_t which = task->call.args[0];
	uint32_t args[6];
	unsigned n;

	if (which >= ARRAY_SIZE(socketcalls) || !socketcalls[which].name)
		return NULL;
	n = socketcalls[which].n_args;
	if (memory_read(task->tid, task->call.args[1], args, n * sizeof(*args)) < 0)
		return NULL;
	*ret = task->call;
	for (unsigned i = 0; i < n; i++)
		ret->args[i] = args[i];
	return syscall_info_by_name(socketcalls[which].name);
}
