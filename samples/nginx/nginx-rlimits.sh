#!/bin/sh
# Written by learn: resource limits as C source (--as=sh, prlimit: a script).
# What it allows was seen of:
#   /usr/sbin/nginx
# Run a program under them: sh FILE COMMAND...
# What this format cannot express of the policy:
#   67 system calls
#   16 argument rules
#   24 path rules
#   1 port rule
#   2 address families
# Notes:
#   nginx looks up names by the modules of nsswitch.conf: where that names others, they need other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files

# Lowers what is higher, for good; what is lower stays.
lower()
{
	now=$(ulimit -H "$1") || exit 125
	if [ "$now" = unlimited ] || [ "$now" -gt "$2" ]; then
		ulimit "$1" "$2" || exit 125
	fi
}

# CPU: peak 0 and 300% more: user and system time of one process when it ended (/proc/PID/stat)
lower -t 4
# FSIZE: peak 16457 and 25% more: size of written files when they were closed
lower -f 4096
# STACK: peak 135168: VmStk when a process ended or executed another; the limit in force where threads were started, because their stacks have that size
lower -s 4096
# CORE: peak 0: size of core files: none was written
lower -c 0
# NOFILE: peak 19: one more than the highest descriptor passed to a call or open at the end; the usual limit, because a program asks for it
lower -n 1024
# AS: peak 11993088 and 25% more: VmPeak when a process ended or executed another
lower -v 143360

exec "$@"
