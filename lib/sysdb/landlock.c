/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock's access rights, one row each. */
#include "sysdb/landlock.h"

#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

#define FS(name, since, lost) { LL_FIELD_FS, LL_##name, "LANDLOCK_ACCESS_FS_" #name, since, lost }
#define NET(name, since, lost) { LL_FIELD_NET, LL_##name, "LANDLOCK_ACCESS_NET_" #name, since, lost }

const struct landlock_right landlock_table[] = {
	FS(EXECUTE, 1, NULL),
	FS(WRITE_FILE, 1, NULL),
	FS(READ_FILE, 1, NULL),
	FS(READ_DIR, 1, NULL),
	FS(REMOVE_DIR, 1, NULL),
	FS(REMOVE_FILE, 1, NULL),
	FS(MAKE_CHAR, 1, NULL),
	FS(MAKE_DIR, 1, NULL),
	FS(MAKE_REG, 1, NULL),
	FS(MAKE_SOCK, 1, NULL),
	FS(MAKE_FIFO, 1, NULL),
	FS(MAKE_BLOCK, 1, NULL),
	FS(MAKE_SYM, 1, NULL),
	FS(REFER, 2, "renames and links across directories are always denied"),
	FS(TRUNCATE, 3, "truncating files is not confined"),
	FS(IOCTL_DEV, 5, "ioctl on devices is not confined"),
	NET(BIND_TCP, 4, "binding TCP ports is not confined"),
	NET(CONNECT_TCP, 4, "connecting to TCP ports is not confined"),
	{ LL_FIELD_SCOPE, LL_SCOPE_ABSTRACT_UNIX, "LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET", 6,
	  "abstract UNIX sockets are not confined" },
	{ LL_FIELD_SCOPE, LL_SCOPE_SIGNAL, "LANDLOCK_SCOPE_SIGNAL", 6,
	  "signals to other processes are not confined" },
	{ LL_FIELD_FS, 0, NULL, 0, NULL },
};

static const struct {
	uint32_t scope;
	const char *word;
} scope_words[] = {
	{ LL_SCOPE_ABSTRACT_UNIX, "abstract" },
	{ LL_SCOPE_SIGNAL, "signal" },
};

const char *landlock_scope_word(uint32_t scope)
{
	for (size_t i = 0; i < ARRAY_SIZE(scope_words); i++)
		if (scope_words[i].scope == scope)
			return scope_words[i].word;
	return "?";
}

uint32_t landlock_scope_parse(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(scope_words); i++)
		if (strcmp(scope_words[i].word, word) == 0)
			return scope_words[i].scope;
	return 0;
}

uint32_t landlock_known(enum landlock_field field, unsigned abi)
{
	uint32_t bits = 0;

	for (const struct landlock_right *r = landlock_table; r->name; r++)
		if (r->field == field && r->since_abi <= abi)
			bits |= r->bit;
	return bits;
}

unsigned landlock_abi(void)
{
	const unsigned version_flag = 1; /* LANDLOCK_CREATE_RULESET_VERSION */
	long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, version_flag);

	return abi > 0 ? (unsigned)abi : 0;
}
