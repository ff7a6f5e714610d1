/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket addresses in calls: IPv4, IPv6, UNIX. */
#include "tracer/addresses.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "tracer/memory.h"
#include "tracer/paths.h"

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

/* unix(7): a name that starts with a NUL byte is abstract; one byte of nothing is autobind. */
static int unix_address(const struct tracing *t, const struct task *task, bool bind,
			const struct sockaddr_un *un, size_t len)
{
	size_t n = len - offsetof(struct sockaddr_un, sun_path);
	struct path_action action;
	struct event event = { .kind = EVENT_PATH, .call = &task->call };
	char path[sizeof(un->sun_path) + 1];

	if (len <= offsetof(struct sockaddr_un, sun_path))
		return 0;
	if (!un->sun_path[0]) {
		auto_free char *text = bytes_to_text(un->sun_path + 1, n - 1);
		char name[4 * sizeof(un->sun_path) + 2];

		snprintf(name, sizeof(name), "@%s", text ? text : "");
		return emit_address(t, task, bind, AF_UNIX, name, 0);
	}
	snprintf(path, sizeof(path), "%.*s", (int)n, un->sun_path);
	paths_resolve(task, path, &action);
	event.path.path = action.path;
	event.path.kind = action.kind;
	event.path.effects = bind ? PATH_CREATE_SOCKET : PATH_CONNECT;
	return tracing_emit(t, task, &event);
}

int addresses_of_call(const struct tracing *t, const struct task *task,
		      const struct syscall_info *info)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	} a = { 0 };
	uint64_t pointer = task->call.args[info->address];
	size_t len = (uint32_t)task->call.args[info->address + 1];
	bool bind = strcmp(info->name, "bind") == 0;
	char text[INET6_ADDRSTRLEN];

	if (len > sizeof(a))
		len = sizeof(a);
	if (!pointer || len < sizeof(sa_family_t) || memory_read(task->tid, pointer, &a, len) < 0)
		return 0;
	if (a.any.sa_family == AF_UNIX)
		return unix_address(t, task, bind, &a.un, len);
	if (a.any.sa_family == AF_INET && len >= sizeof(a.in)) {
		inet_ntop(AF_INET, &a.in.sin_addr, text, sizeof(text));
		return emit_address(t, task, bind, AF_INET, text, ntohs(a.in.sin_port));
	}
	if (a.any.sa_family == AF_INET6 && len >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
		inet_ntop(AF_INET6, &a.in6.sin6_addr, text, sizeof(text));
		return emit_address(t, task, bind, AF_INET6, text, ntohs(a.in6.sin6_port));
	}
	return 0;
}
