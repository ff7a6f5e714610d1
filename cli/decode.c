/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of a call as text, while whoever called is stopped. */
#include "cli/decode.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "sysdb/names.h"
#include "sysdb/syscalls.h"

/* 3</etc/passwd>, as strace -y has it; nothing for what is not open. */
static int show_descriptor(const struct denial *d, int fd, char **ret)
{
	char name[64], target[PATH_MAX];
	auto_free char *line = NULL;
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/%d/fd/%d", (int)d->tid, fd);
	n = readlink(name, target, sizeof(target));
	if (n < 0)
		return 0;
	line = bytes_to_line(target, (size_t)n);
	return !line || asprintf(ret, "%d<%s>", fd, line) < 0 ? -ENOMEM : 0;
}

static bool is_directory_argument(const struct syscall_info *info, int i)
{
	return (info->paths[0].use != USE_NONE && info->paths[0].dirfd == i) ||
	       (info->paths[1].use != USE_NONE && info->paths[1].dirfd == i);
}

int decode_descriptors(struct denial *d)
{
	const struct syscall_info *info = syscall_info_by_name(d->name);
	int r = 0;

	for (int i = 0; info && i < 6 && r == 0; i++) {
		const bool directory = is_directory_argument(info, i);
		const int fd = (int)d->call.args[i];

		if (directory && fd == AT_FDCWD) {
			d->shown[i] = strdup("AT_FDCWD");
			r = d->shown[i] ? 0 : -ENOMEM;
		} else if (directory || info->fd_args >> i & 1) {
			r = show_descriptor(d, fd, &d->shown[i]);
		}
	}
	return r;
}

static int show_path(const char *path, char **ret)
{
	auto_free char *line = bytes_to_line(path, strlen(path));

	return !line || asprintf(ret, "\"%s\"", line) < 0 ? -ENOMEM : 0;
}

static int show_address(const struct event *e, char **ret)
{
	auto_free char *family = name_format(NAME_FAMILY, e->address.family);
	auto_free char *line = bytes_to_line(e->address.address, strlen(e->address.address));
	int n;

	if (!family || !line)
		return -ENOMEM;
	n = e->address.family == AF_UNIX
		    ? asprintf(ret, "{%s %s}", family, line)
		    : asprintf(ret, "{%s %s port %u}", family, line, e->address.port);
	return n < 0 ? -ENOMEM : 0;
}

int decode_place(struct denial *d, const struct event *e, unsigned nth)
{
	const struct syscall_info *info = syscall_info_by_name(d->name);
	int at = NO_ARG;

	if (info && e->kind == EVENT_ADDRESS && nth == 0)
		at = info->address;
	else if (info && e->kind == EVENT_PATH && nth < 2 && info->paths[nth].use != USE_NONE)
		at = info->paths[nth].path;
	/* Of bind and connect a socket with a path. */
	if (info && e->kind == EVENT_PATH && nth == 0 && info->paths[0].use == USE_NONE)
		at = info->address;
	if (at == NO_ARG || at >= 6 || d->shown[at])
		return 0;
	return e->kind == EVENT_PATH ? show_path(e->path.path, &d->shown[at])
				     : show_address(e, &d->shown[at]);
}
