/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's resource limits (getrlimit(2)): names, units, how each is measured and rounded. */
#ifndef LEARN_SYSDB_RLIMITS_H
#define LEARN_SYSDB_RLIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum rlimit_unit { UNIT_BYTES, UNIT_SECONDS, UNIT_COUNT, UNIT_MICROSECONDS, UNIT_PRIORITY };

/* With what a service comes to use more than was seen. */
enum rlimit_growth {
	GROWS_NOT,
	GROWS_WITH_TIME, /* that it has been running */
	GROWS_WITH_WORK, /* that it is given: the data that it keeps */
};

struct rlimit_info {
	int resource;         /* RLIMIT_* */
	const char *name;     /* "NOFILE": RLIMIT_NOFILE in C, LimitNOFILE= in systemd */
	const char *ulimit;   /* bash's and dash's letter ("n"), or NULL where sh has none */
	unsigned ulimit_unit; /* bytes or other units in one of ulimit's (1024 for -v) */
	enum rlimit_unit unit;
	uint64_t round; /* a sensible multiple for a limit */
	bool per_user;  /* counted over all processes of the user: NPROC ... */
	bool bound;     /* the measured peak is an upper bound of use, so a limit can follow from it */
	enum rlimit_growth grows;
	const char *measured; /* how the peak is measured, for people */
};

/* All limits, in the order of their numbers; ends with a row whose name is NULL. */
extern const struct rlimit_info rlimit_table[];

/* The row for a number or a name ("NOFILE"), or NULL. */
const struct rlimit_info *rlimit_by_number(int resource);
const struct rlimit_info *rlimit_by_name(const char *name);

/* An amount for people: "12.5 MiB", "30 s", "20". UINT64_MAX is "unlimited". */
#define RLIMIT_TEXT 32
void rlimit_format(enum rlimit_unit unit, uint64_t value, char text[RLIMIT_TEXT]);
/* The number that options take, and that text where it says more: "13107200 (12.5 MiB)". */
#define RLIMIT_LONG_TEXT 64
void rlimit_format_exact(enum rlimit_unit unit, uint64_t value, char text[RLIMIT_LONG_TEXT]);

#endif
