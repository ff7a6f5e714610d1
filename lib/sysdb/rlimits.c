/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resource limits, one row each. */
#include "sysdb/rlimits.h"

#include <string.h>
#include <sys/resource.h>

#define MIB (1024 * 1024)

const struct rlimit_info rlimit_table[] = {
	{ RLIMIT_CPU, "CPU", "t", 1, UNIT_SECONDS, 1, false, true, true,
	  "user and system time of one process when it ended (/proc/PID/stat)" },
	{ RLIMIT_FSIZE, "FSIZE", "f", 512, UNIT_BYTES, MIB, false, true, true,
	  "size of written files when they were closed" },
	{ RLIMIT_DATA, "DATA", "d", 1024, UNIT_BYTES, MIB, false, false, false,
	  "VmData when a process ended or executed another: memory freed before is not seen" },
	{ RLIMIT_STACK, "STACK", "s", 1024, UNIT_BYTES, MIB, false, true, false,
	  "VmStk when a process ended or executed another; the limit in force where threads were "
	  "started, because their stacks have that size" },
	{ RLIMIT_CORE, "CORE", "c", 512, UNIT_BYTES, 1, false, true, false,
	  "size of core files: none was written" },
	{ RLIMIT_NPROC, "NPROC", "u", 1, UNIT_COUNT, 1, true, true, false,
	  "tasks of the traced tree alive at once; the kernel counts all of the user's" },
	{ RLIMIT_NOFILE, "NOFILE", "n", 1, UNIT_COUNT, 1, false, true, false,
	  "one more than the highest descriptor passed to a call or open at the end" },
	{ RLIMIT_MEMLOCK, "MEMLOCK", "l", 1024, UNIT_BYTES, 65536, false, false, false,
	  "VmLck when a process ended or executed another: memory unlocked before is not seen" },
	{ RLIMIT_AS, "AS", "v", 1024, UNIT_BYTES, MIB, false, true, false,
	  "VmPeak when a process ended or executed another" },
	{ 0, NULL, NULL, 0, UNIT_COUNT, 0, false, false, false, NULL },
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
