/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which landlock rights an effect needs: one row each. */
#include "learner/path_rights.h"

#include <stddef.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "sysdb/landlock.h"

struct effect_rights {
	uint32_t effect;
	uint32_t own;    /* rights on the path itself */
	uint32_t parent; /* rights on its directory */
};

/* Sources: landlock(7), security/landlock/fs.c. */
static const struct effect_rights effect_table[] = {
	{ PATH_READ, LL_READ_FILE, 0 },
	{ PATH_WRITE, LL_WRITE_FILE, 0 },
	{ PATH_EXECUTE, LL_EXECUTE | LL_READ_FILE, 0 },
	{ PATH_LIST, LL_READ_DIR, 0 },
	{ PATH_TRUNCATE, LL_TRUNCATE, 0 },
	{ PATH_IOCTL, LL_IOCTL_DEV, 0 },
	{ PATH_CREATE_FILE, 0, LL_MAKE_REG },
	{ PATH_CREATE_DIR, 0, LL_MAKE_DIR },
	{ PATH_CREATE_SYMLINK, 0, LL_MAKE_SYM },
	{ PATH_CREATE_SOCKET, 0, LL_MAKE_SOCK },
	{ PATH_CREATE_FIFO, 0, LL_MAKE_FIFO },
	{ PATH_CREATE_CHAR, 0, LL_MAKE_CHAR },
	{ PATH_CREATE_BLOCK, 0, LL_MAKE_BLOCK },
	{ PATH_REMOVE_FILE, 0, LL_REMOVE_FILE },
	{ PATH_REMOVE_DIR, 0, LL_REMOVE_DIR },
	{ PATH_REFER, 0, LL_REFER },
};

uint32_t path_rights_own(uint32_t effects)
{
	uint32_t rights = 0;

	for (size_t i = 0; i < ARRAY_SIZE(effect_table); i++)
		if (effects & effect_table[i].effect)
			rights |= effect_table[i].own;
	return rights;
}

uint32_t path_rights_parent(uint32_t effects)
{
	uint32_t rights = 0;

	for (size_t i = 0; i < ARRAY_SIZE(effect_table); i++)
		if (effects & effect_table[i].effect)
			rights |= effect_table[i].parent;
	return rights;
}
