/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Landlock's access rights (landlock(7), include/uapi/linux/landlock.h), written out because the
 * installed kernel headers may be older than the running kernel.
 */
#ifndef LEARN_SYSDB_LANDLOCK_H
#define LEARN_SYSDB_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum landlock_fs_right {
	LL_EXECUTE = 1u << 0,
	LL_WRITE_FILE = 1u << 1,
	LL_READ_FILE = 1u << 2,
	LL_READ_DIR = 1u << 3,
	LL_REMOVE_DIR = 1u << 4,
	LL_REMOVE_FILE = 1u << 5,
	LL_MAKE_CHAR = 1u << 6,
	LL_MAKE_DIR = 1u << 7,
	LL_MAKE_REG = 1u << 8,
	LL_MAKE_SOCK = 1u << 9,
	LL_MAKE_FIFO = 1u << 10,
	LL_MAKE_BLOCK = 1u << 11,
	LL_MAKE_SYM = 1u << 12,
	LL_REFER = 1u << 13,
	LL_TRUNCATE = 1u << 14,
	LL_IOCTL_DEV = 1u << 15,
};
/* The rights that a rule on something other than a directory may have. */
#define LL_FILE_RIGHTS (LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE | LL_IOCTL_DEV)

enum landlock_net_right { LL_BIND_TCP = 1u << 0, LL_CONNECT_TCP = 1u << 1 };
enum landlock_scope { LL_SCOPE_ABSTRACT_UNIX = 1u << 0, LL_SCOPE_SIGNAL = 1u << 1 };

enum landlock_field { LL_FIELD_FS, LL_FIELD_NET, LL_FIELD_SCOPE };

struct landlock_right {
	enum landlock_field field;
	uint32_t bit;
	const char *name;     /* as in linux/landlock.h, e.g. "LANDLOCK_ACCESS_FS_EXECUTE" */
	unsigned since_abi;   /* the first landlock ABI that knows it */
	const char *lost;     /* what is not confined where the ABI is older */
};

/* All rights in order of field and bit; ends with a row whose name is NULL. */
extern const struct landlock_right landlock_table[];

/* "signal", "abstract": one of enum landlock_scope as a person names it; and back, 0 for none. */
const char *landlock_scope_word(uint32_t scope);
uint32_t landlock_scope_parse(const char *word);

/* The newest ABI that the table knows. */
#define LANDLOCK_NEWEST_ABI 7

/* The bits of FIELD that ABI knows. */
uint32_t landlock_known(enum landlock_field field, unsigned abi);
/* The running kernel's ABI, 0 where landlock is absent or switched off. */
unsigned landlock_abi(void);

#endif
