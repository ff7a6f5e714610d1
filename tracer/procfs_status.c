/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in /proc/PID/status, stat and their like. */
#include "tracer/procfs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	ssize_t n = procfs_read(of, "status", status, sizeof(status));

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
	ssize_t size = procfs_read(of, "status", status, sizeof(status));

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
	ssize_t n = procfs_read(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	*tgid = (pid_t)status_field(status, "Tgid");
	*ppid = (pid_t)status_field(status, "PPid");
	return 0;
}

int procfs_memory(pid_t pid, struct procfs_memory *ret)
{
	char status[4096];
	ssize_t n = procfs_read(pid, "status", status, sizeof(status));

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
	ssize_t n = procfs_read(pid, "statm", statm, sizeof(statm));

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
	ssize_t n = procfs_read(pid, "smaps_rollup", smaps, sizeof(smaps));

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
	ssize_t n = procfs_read(tid, "status", status, sizeof(status));
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
	ssize_t n = procfs_read(pid, "stat", stat, sizeof(stat));

	if (n < 0)
		return (int)n;
	*ret = stat_field(stat, 14) + stat_field(stat, 15);
	return 0;
}

int procfs_run(pid_t tid, struct procfs_run *ret)
{
	char schedstat[128], *end;
	ssize_t n = procfs_read(tid, "schedstat", schedstat, sizeof(schedstat));

	if (n < 0)
		return (int)n;
	ret->ran_ns = strtoull(schedstat, &end, 10);
	ret->waited_ns = strtoull(end, NULL, 10);
	return 0;
}

int procfs_signal_pending(pid_t tid, int signal, bool *ret)
{
	char stat[2048];
	ssize_t n = procfs_read(tid, "stat", stat, sizeof(stat));

	if (n < 0)
		return (int)n;
	*ret = (stat_field(stat, 31) >> (signal - 1)) & 1;
	return 0;
}

#define KERNEL_THREAD 0x00200000 /* PF_KTHREAD, include/linux/sched.h */
#define RING_WORKER 0x00000010 /* PF_IO_WORKER */

int procfs_task(pid_t tid, struct procfs_task *ret)
{
	char status[4096], stat[2048];
	const char *state, *uids;
	ssize_t n = procfs_read(tid, "status", status, sizeof(status));

	if (n >= 0)
		n = procfs_read(tid, "stat", stat, sizeof(stat));
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
		.ring = stat_field(stat, 9) & RING_WORKER,
		.ended = state && strchr("ZXx", state[8]),
	};
	return 0;
}

int procfs_signal_inert(pid_t tid, int signal, bool *ret)
{
	char stat[2048];
	ssize_t n = procfs_read(tid, "stat", stat, sizeof(stat));

	if (n < 0)
		return (int)n;
	*ret = ((stat_field(stat, 32) | stat_field(stat, 33)) >> (signal - 1)) & 1;
	return 0;
}
