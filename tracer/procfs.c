/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files, links and lists in /proc/PID. */
#include "tracer/procfs.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

void procfs_name(char buf[PROCFS_NAME_MAX], pid_t pid, const char *what)
{
	snprintf(buf, PROCFS_NAME_MAX, "/proc/%d/%s", (int)pid, what);
}

int procfs_link(pid_t pid, const char *what, char to[PATH_MAX])
{
	char name[PROCFS_NAME_MAX];
	ssize_t n;

	procfs_name(name, pid, what);
	n = readlink(name, to, PATH_MAX - 1);
	if (n < 0)
		return -errno;
	to[n] = '\0';
	return 0;
}

int procfs_path(pid_t pid, const char *what)
{
	char name[PROCFS_NAME_MAX];
	int fd;

	procfs_name(name, pid, what);
	fd = open(name, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int procfs_descriptor(pid_t pid, int fd, struct stat *ret)
{
	char name[PROCFS_NAME_MAX];

	snprintf(name, sizeof(name), "/proc/%d/fd/%d", (int)pid, fd);
	return stat(name, ret) < 0 ? -errno : 0;
}

FILE *procfs_open(pid_t pid, const char *what)
{
	char name[PROCFS_NAME_MAX];

	procfs_name(name, pid, what);
	return fopen(name, "re");
}

ssize_t procfs_read(pid_t pid, const char *what, char *to, size_t size)
{
	char name[PROCFS_NAME_MAX];
	auto_close int fd = -1;
	ssize_t n;

	procfs_name(name, pid, what);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, to, size - 1);
	if (n < 0)
		return -errno;
	to[n] = '\0';
	return n;
}

static int each_number(const char *name, int (*see)(void *state, pid_t number), void *state)
{
	DIR *dir = opendir(name);
	struct dirent *entry;
	int r = 0;

	if (!dir)
		return -errno;
	while (r >= 0 && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			r = see(state, (pid_t)atoi(entry->d_name));
	closedir(dir);
	return r < 0 ? r : 0;
}

int procfs_each_task(pid_t pid, int (*see)(void *state, pid_t tid), void *state)
{
	char name[PROCFS_NAME_MAX];

	procfs_name(name, pid, "task");
	return each_number(name, see, state);
}

int procfs_each_process(int (*see)(void *state, pid_t pid), void *state)
{
	return each_number("/proc", see, state);
}

/*
 * One line of /proc/PID/maps, proc_pid_maps(5): "start-end mode offset device inode  name". By hand
 * because programs that compile at run time have thousands of them.
 */
static bool parse_mapping(char *line, struct procfs_mapping *ret)
{
	char *at, *name = line;

	for (int field = 0; field < 5 && name; field++) {
		name = strchr(name, ' ');
		name = name ? name + 1 : NULL;
	}
	if (!name)
		return false;
	name += strspn(name, " ");
	name[strcspn(name, "\n")] = '\0';
	ret->name = name;
	ret->start = strtoull(line, &at, 16);
	ret->end = *at == '-' ? strtoull(at + 1, &at, 16) : 0;
	if (!ret->end || strnlen(at, strlen(" r-xp ")) < strlen(" r-xp "))
		return false;
	ret->writable = at[2] == 'w';
	ret->code = at[3] == 'x';
	ret->offset = strtoull(at + strlen(" r-xp "), NULL, 16);
	return true;
}

int procfs_each_mapping(pid_t pid, int (*see)(void *state, const struct procfs_mapping *mapping),
			void *state)
{
	auto_fclose FILE *maps = procfs_open(pid, "maps");
	auto_free char *line = NULL;
	struct procfs_mapping mapping;
	size_t size = 0;
	int r = 0;

	if (!maps)
		return -errno;
	while (r >= 0 && getline(&line, &size, maps) > 0)
		if (parse_mapping(line, &mapping))
			r = see(state, &mapping);
	return r < 0 ? r : 0;
}

/* One word of an auxiliary vector of SIZE-byte words. */
static uint64_t aux_word(const char *auxv, size_t size, size_t index)
{
	uint64_t wide;
	uint32_t narrow;

	if (size == 8) {
		memcpy(&wide, auxv + 8 * index, 8);
		return wide;
	}
	memcpy(&narrow, auxv + 4 * index, 4);
	return narrow;
}

/* A vector of 64-bit words read as 32-bit ones starts with a type and a zero: AT_NULL too early. */
static bool is_auxv(const char *auxv, size_t len, size_t size, uint64_t *entry, uint64_t *loader)
{
	bool found = false;

	for (size_t i = 0; (i + 2) * size <= len; i += 2) {
		uint64_t type = aux_word(auxv, size, i), value = aux_word(auxv, size, i + 1);

		if (type == AT_NULL)
			return found;
		if (type == AT_ENTRY) {
			*entry = value;
			found = true;
		} else if (type == AT_BASE) {
			*loader = value;
		}
	}
	return false;
}

int procfs_entry(pid_t pid, uint64_t *entry, uint64_t *loader)
{
	char auxv[2048];
	ssize_t n = procfs_read(pid, "auxv", auxv, sizeof(auxv));

	if (n < 0)
		return (int)n;
	*entry = *loader = 0;
	for (size_t size = 8; size >= 4; size -= 4)
		if (is_auxv(auxv, (size_t)n, size, entry, loader))
			return 0;
	return -EINVAL;
}
