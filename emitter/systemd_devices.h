/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the files below /dev are devices that not every program has. */
#ifndef LEARN_EMITTER_SYSTEMD_DEVICES_H
#define LEARN_EMITTER_SYSTEMD_DEVICES_H

#include <stdbool.h>

/* What /dev holds with PrivateDevices=yes, and what a closed device policy lets through. */
#define PSEUDO_DEVICES                                                                             \
	"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",          \
	"/dev/pts", "/dev/ptmx", "/dev/shm", "/dev/mqueue", "/dev/hugepages", "/dev/log",          \
	"/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd"

/* Whether PATH is below /dev and none of those. */
bool systemd_is_device(const char *path);

#endif
