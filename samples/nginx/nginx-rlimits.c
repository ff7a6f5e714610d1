/*
 * Written by learn: resource limits.
 * What it allows was seen of:
 *   /usr/sbin/nginx
 * Compile it with the program and call the function first thing in main.
 * What this format cannot express of the policy:
 *   67 system calls
 *   19 argument rules
 *   24 path rules
 *   1 port rule
 *   2 rules on reaching processes outside
 *   2 address families
 *   3 capabilities
 * Notes:
 *   nginx looks up names by the modules of nsswitch.conf: where that names others, they need other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files
 */
#include <errno.h>
#include <stddef.h>
#include <sys/resource.h>

int nginx_rlimits(void);

static const struct {
	int resource;
	rlim_t value;
} limits[] = {
	{ RLIMIT_CPU, 4 }, /* peak 1 s and 3 s more: user and system time of one process when it ended; being traced is part of it */
	{ RLIMIT_FSIZE, 2097152 }, /* peak 16457 (16.1 KiB) and 1.0 MiB more, rounded up: size of written files when they were closed or truncated */
	{ RLIMIT_DATA, 135266304 }, /* peak 827392 (808.0 KiB) and 128.0 MiB more, rounded up: VmData before memory was given back and when a process ended or executed another; less than 256 KiB may be missed */
	{ RLIMIT_STACK, 4194304 }, /* peak 135168 (132.0 KiB) rounded up, and 300% more: VmStk when a process ended or executed another; the limit in force where threads were started, because their stacks have that size */
	{ RLIMIT_CORE, 0 }, /* peak 0 B: address space of processes that dumped core, 0 when none did */
	{ RLIMIT_MEMLOCK, 65536 }, /* peak 0 B and 64.0 KiB more: VmLck and VmPin before memory was unlocked or unmapped and when a process ended or executed another, and segments locked by shmctl(2) */
	{ RLIMIT_AS, 1086324736 }, /* peak 11993088 (11.4 MiB) and 1.0 GiB more, rounded up: VmPeak when a process ended or executed another */
	{ RLIMIT_NICE, 0 }, /* peak 0: 20 less the nice value of calls that asked for a better one, 0 when none did */
	{ RLIMIT_RTPRIO, 0 }, /* peak 0: real-time priority that calls asked for, 0 when none did */
};

/* Lowers what is higher, for good; what is lower stays. 0 or -errno. */
int nginx_rlimits(void)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit now;

		if (getrlimit(limits[i].resource, &now) != 0)
			return -errno;
		if (now.rlim_max > limits[i].value)
			now.rlim_max = limits[i].value;
		if (now.rlim_cur > now.rlim_max)
			now.rlim_cur = now.rlim_max;
		if (setrlimit(limits[i].resource, &now) != 0)
			return -errno;
	}
	return 0;
}
