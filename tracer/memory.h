/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How another process's memory is read: bounded, and never trusted. What it holds may change
 * between our look and the kernel's.
 */
#ifndef LEARN_TRACER_MEMORY_H
#define LEARN_TRACER_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Copies LEN bytes from the tracee. 0, or -errno (-EFAULT: not all of it is there). */
int memory_read(pid_t tid, uint64_t address, void *to, size_t len);

/* Fills N buffers from as many places, up to the first that is not there. How many, or -errno. */
ssize_t memory_read_parts(pid_t tid, const struct iovec *to, const struct iovec *from, size_t n);

/*
 * Copies a NUL-terminated string of at most SIZE - 1 bytes. Its length, -EFAULT, -ENAMETOOLONG
 * when no NUL came in time, or -errno.
 */
ssize_t memory_read_string(pid_t tid, uint64_t address, char *to, size_t size);

/* Writes LEN bytes into the tracee, also where it may only read itself. 0 or -errno. */
int memory_write(pid_t tid, uint64_t address, const void *from, size_t len);

#endif
