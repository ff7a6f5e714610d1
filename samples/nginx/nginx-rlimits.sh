#!/bin/sh
# Written by learn: resource limits.
# What it allows was seen of:
#   /usr/sbin/nginx
# Run a program under them: sh FILE COMMAND...
# What this format cannot express of the policy:
#   67 system calls
#   19 argument rules
#   24 path rules
#   1 port rule
#   2 rules on reaching processes outside
#   2 address families
#   3 capabilities
# Notes:
#   nginx looks up names by the modules of nsswitch.conf: where that names others, they need other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files

# Lowers what is higher, for good; what is lower stays.
lower()
{
	for side in -S -H; do
		now=$(ulimit $side "$1") || exit 125
		if [ "$now" = unlimited ] || [ "$now" -gt "$2" ]; then
			ulimit $side "$1" "$2" || exit 125
		fi
	done
}

# CPU: peak 1 s and 3 s more: user and system time of one process when it ended; being traced is part of it
lower -t 4
# FSIZE: peak 16457 (16.1 KiB) and 1.0 MiB more, rounded up: size of written files when they were closed or truncated
lower -f 4096
# DATA: peak 827392 (808.0 KiB) and 128.0 MiB more, rounded up: VmData before memory was given back and when a process ended or executed another; less than 256 KiB may be missed
lower -d 132096
# STACK: peak 135168 (132.0 KiB) rounded up, and 300% more: VmStk when a process ended or executed another; the limit in force where threads were started, because their stacks have that size
lower -s 4096
# CORE: peak 0 B: address space of processes that dumped core, 0 when none did
lower -c 0
# MEMLOCK: peak 0 B and 64.0 KiB more: VmLck and VmPin before memory was unlocked or unmapped and when a process ended or executed another, and segments locked by shmctl(2)
lower -l 64
# AS: peak 11993088 (11.4 MiB) and 1.0 GiB more, rounded up: VmPeak when a process ended or executed another
lower -v 1060864
# NICE: peak 0: 20 less the nice value of calls that asked for a better one, 0 when none did (the shell cannot set it)
# RTPRIO: peak 0: real-time priority that calls asked for, 0 when none did (the shell cannot set it)

exec "$@"
