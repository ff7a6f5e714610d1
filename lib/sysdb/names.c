/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symbolic names of small integers: errors, signals, address families, socket types. */
#include "sysdb/names.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/parse.h"
#include "sysdb/argspecs.h"
#include "sysdb/syscalls.h"

/* The names of an inspected argument serve wherever else the same number stands. */
static const char *argument_name(const char *call, unsigned index, int value)
{
	const struct argspec *spec = argspec_of(call, index);

	for (const struct arg_name *n = spec ? spec->names : NULL; n && n->name; n++)
		if (value >= 0 && n->value == (uint64_t)value)
			return n->name;
	return NULL;
}

static const char *family_name(int family)
{
	return argument_name("socket", 0, family);
}

static const char *socket_type_name(int type)
{
	return argument_name("socket", 1, type);
}

/* Indexed by enum name_kind. `end` is past the last number that has a name. */
static const struct {
	const char *prefix;
	const char *(*name)(int value);
	int end;
} kinds[] = {
	[NAME_ERROR] = { "", strerrorname_np, 4096 },
	[NAME_SIGNAL] = { "SIG", sigabbrev_np, NSIG },
	[NAME_FAMILY] = { "", family_name, 256 },
	[NAME_SOCKET_TYPE] = { "", socket_type_name, SOCK_PACKET + 1 },
};

/* The name without its prefix, or NULL. strerrorname_np(0) is "0", which is no name. */
static const char *bare_name(enum name_kind kind, int value)
{
	return value > 0 || (kind == NAME_FAMILY && value == 0) ? kinds[kind].name(value) : NULL;
}

char *name_format(enum name_kind kind, int value)
{
	const char *name = bare_name(kind, value);
	char *text;
	int n = name ? asprintf(&text, "%s%s", kinds[kind].prefix, name)
		     : asprintf(&text, "%d", value);

	return n < 0 ? NULL : text;
}

static int parse_number(const char *word, int *ret)
{
	int negative = word[0] == '-';
	uint64_t value;

	if (parse_u64(word + negative, (uint64_t)INT_MAX + (uint64_t)negative, &value) < 0)
		return -EINVAL;
	*ret = negative ? (int)-(int64_t)value : (int)value;
	return 0;
}

int name_parse(enum name_kind kind, const char *word, int *ret)
{
	size_t prefix = strlen(kinds[kind].prefix);

	if (strncmp(word, kinds[kind].prefix, prefix) == 0) {
		for (int value = 0; value < kinds[kind].end; value++) {
			const char *name = bare_name(kind, value);

			if (name && strcmp(name, word + prefix) == 0) {
				*ret = value;
				return 0;
			}
		}
	}
	return parse_number(word, ret);
}

char *arch_format(uint32_t arch)
{
	const char *name = arch_name(arch);
	char *text;
	int n = name ? asprintf(&text, "%s", name) : asprintf(&text, "0x%" PRIx32, arch);

	return n < 0 ? NULL : text;
}

int arch_parse(const char *word, uint32_t *ret)
{
	uint32_t known = arch_from_name(word);
	uint64_t token = known;

	if (!known && (strncmp(word, "0x", 2) != 0 || parse_u64(word, UINT32_MAX, &token) < 0))
		return -EINVAL;
	*ret = (uint32_t)token;
	return 0;
}
