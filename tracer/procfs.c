/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts about a process from /proc/PID. */
#include "tracer/procfs.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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

FILE *procfs_open(pid_t pid, const char *what)
{
	char name[PROCFS_NAME_MAX];

	procfs_name(name, pid, what);
	return fopen(name, "re");
}

/* Reads a small file whole; its length or -errno. */
static ssize_t read_small(pid_t pid, const char *what, char *to, size_t size)
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

/* The number behind "\nFIELD:" in a status file, or 0. */
static uint64_t status_field(const char *status, const char *field)
{
	char pattern[32];
	const char *at;

	snprintf(pattern, sizeof(pattern), "\n%s:", field);
	at = strstr(status, pattern);
	return at ? strtoull(at + strlen(pattern), NULL, 10) : 0;
}

/* The last of the numbers behind "\nFIELD:", one for each pid namespace, or 0. */
static uint64_t last_in_field(const char *status, const char *field)
{
	char pattern[32];
	const char *at, *end;

	snprintf(pattern, sizeof(pattern), "\n%s:", field);
	at = strstr(status, pattern);
	if (!at)
		return 0;
	end = at + 1 + strcspn(at + 1, "\n");
	while (end > at && end[-1] != '\t')
		end--;
	return strtoull(end, NULL, 10);
}

int procfs_inner_ids(pid_t of, pid_t *tgid, pid_t *tid)
{
	char status[4096];
	ssize_t n = read_small(of, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	*tgid = (pid_t)last_in_field(status, "NStgid");
	*tid = (pid_t)last_in_field(status, "NSpid");
	return *tgid && *tid ? 0 : -ENOENT;
}

int procfs_numbers(pid_t of, pid_t numbers[PROCFS_DEPTH_MAX], size_t *n)
{
	const char field[] = "\nNSpid:";
	char status[4096], *at;
	ssize_t size = read_small(of, "status", status, sizeof(status));

	if (size < 0)
		return (int)size;
	at = strstr(status, field);
	if (!at)
		return -ENOENT;
	at += strlen(field);
	for (*n = 0; *at == '\t'; ++*n) {
		if (*n == PROCFS_DEPTH_MAX)
			return -E2BIG;
		numbers[*n] = (pid_t)strtol(at, &at, 10);
	}
	return *n ? 0 : -ENOENT;
}

int procfs_ids(pid_t tid, pid_t *tgid, pid_t *ppid)
{
	char status[4096];
	ssize_t n = read_small(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	*tgid = (pid_t)status_field(status, "Tgid");
	*ppid = (pid_t)status_field(status, "PPid");
	return 0;
}

int procfs_memory(pid_t pid, struct procfs_memory *ret)
{
	char status[4096];
	ssize_t n = read_small(pid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	*ret = (struct procfs_memory){
		.peak = 1024 * status_field(status, "VmPeak"),
		.data = 1024 * status_field(status, "VmData"),
		.stack = 1024 * status_field(status, "VmStk"),
		.locked = 1024 * (status_field(status, "VmLck") + status_field(status, "VmPin")),
		.resident = 1024 * status_field(status, "VmHWM"),
		.anon = 1024 * status_field(status, "RssAnon"),
		.shmem = 1024 * status_field(status, "RssShmem"),
		.signals = status_field(status, "SigQ"),
	};
	return 0;
}

int procfs_private(pid_t pid, uint64_t *data, uint64_t *anon)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t resident, shared, private;
	char statm[256];
	ssize_t n = read_small(pid, "statm", statm, sizeof(statm));

	if (n < 0)
		return (int)n;
	if (sscanf(statm, "%*u %" SCNu64 " %" SCNu64 " %*u %*u %" SCNu64, &resident, &shared,
		   &private) != 3)
		return -EINVAL;
	*data = page * private;
	*anon = page * (resident - shared);
	return 0;
}

int procfs_part(pid_t pid, uint64_t *ret)
{
	char smaps[2048];
	ssize_t n = read_small(pid, "smaps_rollup", smaps, sizeof(smaps));

	if (n < 0)
		return (int)n;
	*ret = 1024 * (status_field(smaps, "Pss_Anon") + status_field(smaps, "Pss_Shmem"));
	return 0;
}

/* The last number of "NSpid:\t1234\t1\n": the innermost namespace's. */
static bool is_namespace_init(const char *status)
{
	const char *line = strstr(status, "\nNSpid:");
	const char *last = line ? line + strcspn(line + 1, "\n") : NULL;
	pid_t outer = (pid_t)status_field(status, "NSpid");

	return last && outer != 1 && last[0] == '1' && last[-1] == '\t';
}

int procfs_signals(pid_t tid, struct procfs_signals *ret)
{
	char status[4096];
	ssize_t n = read_small(tid, "status", status, sizeof(status));
	const char *caught;

	if (n < 0)
		return (int)n;
	caught = strstr(status, "\nSigCgt:");
	ret->caught = caught ? strtoull(caught + strlen("\nSigCgt:"), NULL, 16) : 0;
	ret->namespace_init = is_namespace_init(status);
	return 0;
}

/*
 * Field number FIELD (from 1) of /proc/PID/stat as a number. The name in field 2 may hold blanks
 * and parentheses: counting starts behind the last one.
 */
static uint64_t stat_field(const char *stat, int field)
{
	const char *at = strrchr(stat, ')');

	for (int i = 2; at && i < field; i++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	return at ? strtoull(at, NULL, 10) : 0;
}

int procfs_cpu_ticks(pid_t pid, uint64_t *ret)
{
	char stat[2048];
	ssize_t n = read_small(pid, "stat", stat, sizeof(stat));

	if (n < 0)
		return (int)n;
	*ret = stat_field(stat, 14) + stat_field(stat, 15);
	return 0;
}

int procfs_run_time(pid_t tid, uint64_t *ret)
{
	char schedstat[128];
	ssize_t n = read_small(tid, "schedstat", schedstat, sizeof(schedstat));

	if (n < 0)
		return (int)n;
	*ret = strtoull(schedstat, NULL, 10);
	return 0;
}

int procfs_signal_pending(pid_t tid, int signal, bool *ret)
{
	char stat[2048];
	ssize_t n = read_small(tid, "stat", stat, sizeof(stat));

	if (n < 0)
		return (int)n;
	*ret = (stat_field(stat, 31) >> (signal - 1)) & 1;
	return 0;
}

#define KERNEL_THREAD 0x00200000 /* PF_KTHREAD, include/linux/sched.h */

int procfs_task(pid_t tid, struct procfs_task *ret)
{
	char status[4096], stat[2048];
	const char *state, *uids;
	ssize_t n = read_small(tid, "status", status, sizeof(status));

	if (n >= 0)
		n = read_small(tid, "stat", stat, sizeof(stat));
	if (n < 0)
		return (int)n;
	state = strstr(status, "\nState:\t");
	uids = strstr(status, "\nUid:\t"); /* real, effective, saved, of the file system */
	uids = uids ? strchr(uids + 6, '\t') : NULL;
	*ret = (struct procfs_task){
		.tgid = (pid_t)status_field(status, "Tgid"),
		.ppid = (pid_t)status_field(status, "PPid"),
		.tracer = (pid_t)status_field(status, "TracerPid"),
		.uid = uids ? (uid_t)strtoull(uids, NULL, 10) : 0,
		.kernel = stat_field(stat, 9) & KERNEL_THREAD,
		.ended = state && strchr("ZXx", state[8]),
	};
	return 0;
}

int procfs_signal_inert(pid_t tid, int signal, bool *ret)
{
	char stat[2048];
	ssize_t n = read_small(tid, "stat", stat, sizeof(stat));

	if (n < 0)
		return (int)n;
	*ret = ((stat_field(stat, 32) | stat_field(stat, 33)) >> (signal - 1)) & 1;
	return 0;
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
	ssize_t n = read_small(pid, "auxv", auxv, sizeof(auxv));

	if (n < 0)
		return (int)n;
	*entry = *loader = 0;
	for (size_t size = 8; size >= 4; size -= 4)
		if (is_auxv(auxv, (size_t)n, size, entry, loader))
			return 0;
	return -EINVAL;
}
