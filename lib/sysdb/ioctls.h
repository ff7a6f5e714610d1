/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ioctl requests without a name, by their parts; private to this room. */
#ifndef LEARN_SYSDB_IOCTLS_H
#define LEARN_SYSDB_IOCTLS_H

#include <stdint.h>

/*
 * "_IOC(_IOC_READ|_IOC_WRITE,0xae,0x1,0x10)": direction, type, number and size as
 * asm-generic/ioctl.h packs them, for the caller to free; NULL without memory.
 */
char *ioctl_format(uint64_t request);

/* The request for such a text; 0 or -EINVAL. */
int ioctl_parse(const char *word, uint64_t *ret);

#endif
