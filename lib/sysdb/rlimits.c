/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resource limits, one row each. */
#include "sysdb/rlimits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define MIB (1024 * 1024)

const struct rlimit_info rlimit_table[] = {
	{ RLIMIT_CPU, "CPU", "t", 1, UNIT_SECONDS, 1, false, true, GROWS_WITH_TIME,
	  "user and system time of one process when it ended; being traced is part of it" },
	{ RLIMIT_FSIZE, "FSIZE", "f", 512, UNIT_BYTES, MIB, false, true, GROWS_WITH_TIME,
	  "size of written files when they were closed or truncated" },
	{ RLIMIT_DATA, "DATA", "d", 1024, UNIT_BYTES, MIB, false, true, GROWS_WITH_WORK,
	  "VmData before memory was given back and when a process ended or executed another; "
	  "less than 256 KiB may be missed" },
	{ RLIMIT_STACK, "STACK", "s", 1024, UNIT_BYTES, MIB, false, true, GROWS_NOT,
	  "VmStk when a process ended or executed another; the limit in force where threads were "
	  "started, because their stacks have that size" },
	{ RLIMIT_CORE, "CORE", "c", 512, UNIT_BYTES, 1, false, true, GROWS_NOT,
	  "address space of processes that dumped core, 0 when none did" },
	{ RLIMIT_RSS, "RSS", NULL, 1024, UNIT_BYTES, MIB, false, false, GROWS_NOT,
	  "VmHWM when a process ended or executed another; the limit has no effect since Linux "
	  "2.4.30" },
	{ RLIMIT_NPROC, "NPROC", "u", 1, UNIT_COUNT, 1, true, true, GROWS_NOT,
	  "tasks of the traced tree alive at once; the kernel counts all of the user's" },
	{ RLIMIT_NOFILE, "NOFILE", "n", 1, UNIT_COUNT, 1, false, true, GROWS_NOT,
	  "one more than the highest descriptor passed to a call or open at the end" },
	{ RLIMIT_MEMLOCK, "MEMLOCK", "l", 1024, UNIT_BYTES, 65536, false, true, GROWS_NOT,
	  "VmLck and VmPin before memory was unlocked or unmapped and when a process ended or "
	  "executed another, and segments locked by shmctl(2)" },
	{ RLIMIT_AS, "AS", "v", 1024, UNIT_BYTES, MIB, false, true, GROWS_WITH_WORK,
	  "VmPeak when a process ended or executed another" },
	{ RLIMIT_LOCKS, "LOCKS", NULL, 1, UNIT_COUNT, 1, false, false, GROWS_NOT,
	  "not measured: the limit has no effect since Linux 2.4.25" },
	{ RLIMIT_SIGPENDING, "SIGPENDING", NULL, 1, UNIT_COUNT, 1, true, false, GROWS_NOT,
	  "SigQ when a signal was queued or a timer made, and one more; the kernel counts all of "
	  "the user's" },
	{ RLIMIT_MSGQUEUE, "MSGQUEUE", NULL, 1, UNIT_BYTES, 4096, true, false, GROWS_NOT,
	  "sizes that a process gave mq_open(3) for new queues, added up; the kernel counts all "
	  "of the user's" },
	{ RLIMIT_NICE, "NICE", NULL, 1, UNIT_PRIORITY, 1, false, true, GROWS_NOT,
	  "20 less the nice value of calls that asked for a better one, 0 when none did" },
	{ RLIMIT_RTPRIO, "RTPRIO", NULL, 1, UNIT_PRIORITY, 1, false, true, GROWS_NOT,
	  "real-time priority that calls asked for, 0 when none did" },
	{ RLIMIT_RTTIME, "RTTIME", NULL, 1, UNIT_MICROSECONDS, 1, false, false, GROWS_WITH_TIME,
	  "user and system time of processes that asked for a real-time policy, 0 when none did: "
	  "more than they used without blocking" },
	{ 0, NULL, NULL, 0, UNIT_COUNT, 0, false, false, GROWS_NOT, NULL },
};

const struct rlimit_info *rlimit_by_number(int resource)
{
	for (const struct rlimit_info *r = rlimit_table; r->name; r++)
		if (r->resource == resource)
			return r;
	return NULL;
}

const struct rlimit_info *rlimit_by_name(const char *name)
{
	for (const struct rlimit_info *r = rlimit_table; r->name; r++)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

void rlimit_format(enum rlimit_unit unit, uint64_t value, char text[RLIMIT_TEXT])
{
	static const char *const words[] = {
		[UNIT_BYTES] = " B",	     [UNIT_SECONDS] = " s", [UNIT_COUNT] = "",
		[UNIT_MICROSECONDS] = " us", [UNIT_PRIORITY] = "",
	};
	static const char *const larger[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double amount = (double)value / 1024;
	size_t step = 0;

	if (value == UINT64_MAX) {
		snprintf(text, RLIMIT_TEXT, "unlimited");
	} else if (unit != UNIT_BYTES || value < 1024) {
		snprintf(text, RLIMIT_TEXT, "%" PRIu64 "%s", value, words[unit]);
	} else {
		for (; amount >= 1024; amount /= 1024)
			step++;
		snprintf(text, RLIMIT_TEXT, "%.1f %s", amount, larger[step]);
	}
}

void rlimit_format_exact(enum rlimit_unit unit, uint64_t value, char text[RLIMIT_LONG_TEXT])
{
	char amount[RLIMIT_TEXT];

	rlimit_format(unit, value, amount);
	if (unit == UNIT_BYTES && value >= 1024 && value != UINT64_MAX)
		snprintf(text, RLIMIT_LONG_TEXT, "%" PRIu64 " (%s)", value, amount);
	else
		snprintf(text, RLIMIT_LONG_TEXT, "%s", amount);
}
