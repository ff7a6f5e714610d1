/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of an audit record. */
#include "importer/audit_fields.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "importer/text.h"
#include "importer/words.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/names.h"
#include "sysdb/syscalls.h"

/* ---- values ---- */

/* What stands behind "NAME=", or NULL. */
static const char *find(const char *record, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strstr(record, name); at; at = strstr(at + 1, name))
		if (at[n] == '=' && (at == record || strchr(" \t:({", at[-1])))
			return at + n + 1;
	return NULL;
}

char *audit_field(const struct audit_record *record, const char *name)
{
	const char *value = find(record->text, name);

	if (!value)
		return NULL;
	if (*value == '"')
		return strndup(value + 1, strcspn(value + 1, "\""));
	return strndup(value, strcspn(value, " \t\035"));
}

static int hex_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* The bytes of an even number of hexadecimal digits; their number, or 0 for anything else. */
static size_t from_hex(const char *text, char *bytes, size_t most)
{
	size_t n = strlen(text) / 2;

	if (strlen(text) % 2 || n > most)
		return 0;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		bytes[i] = (char)(high * 16 + low);
	}
	return n;
}

/* Whether "}" and nothing else comes behind the blank: the end of an address. */
static bool is_last(const char *blank)
{
	return blank[1] == '}' && !blank[2 + strspn(blank + 2, " ")];
}

/* The length of interpreted text with blanks: up to the next field, or the end of the record. */
static size_t words_length(const char *value)
{
	size_t n = strlen(value);

	for (const char *at = value; (at = strchr(at, ' ')); at++) {
		size_t word = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_0123456789");

		if ((word && at[1 + word] == '=') || is_last(at)) {
			n = (size_t)(at - value);
			break;
		}
	}
	while (n && value[n - 1] == ' ')
		n--;
	return n;
}

/* Quoted, or in hexadecimal where it has blanks or the like (audit_log_untrustedstring()). */
static char *raw_path(const struct audit_record *record, const char *name)
{
	auto_free char *value = audit_field(record, name);
	char bytes[PATH_MAX];
	size_t n = value ? from_hex(value, bytes, sizeof(bytes) - 1) : 0;

	bytes[n] = '\0';
	return n && strlen(bytes) == n ? strdup(bytes) : take_ptr(value);
}

static char *worded_path(const struct audit_record *record, const char *name)
{
	const char *value = find(record->text, name);

	return value ? strndup(value, words_length(value)) : NULL;
}

char *audit_path(const struct audit_record *record, const char *name)
{
	auto_free char *path =
		record->words ? worded_path(record, name) : raw_path(record, name);

	return path && strcmp(path, "(null)") != 0 ? take_ptr(path) : NULL;
}

int audit_number(const struct audit_record *record, const char *name, uint64_t *ret)
{
	auto_free char *value = audit_field(record, name);

	return value && parse_u64(value, UINT64_MAX, ret) == 0 ? 0 : -EINVAL;
}

/* "EACCES(Permission denied)": the word. */
static char *word_field(const struct audit_record *record, const char *name)
{
	auto_free char *value = audit_field(record, name);

	if (value)
		value[strcspn(value, "(")] = '\0';
	return take_ptr(value);
}

/* ---- what a call is ---- */

/* A hexadecimal number without 0x, or libseccomp's or ausearch's name ("x86_64", "i386"). */
int audit_arch(const struct audit_record *record, uint32_t *ret)
{
	auto_free char *value = audit_field(record, "arch"), *hex = NULL;

	if (!value)
		return -EINVAL;
	if (arch_parse(value, ret) == 0)
		return 0;
	if (strcmp(value, "i386") == 0)
		return arch_parse("x86", ret);
	return asprintf(&hex, "0x%s", value) < 0 ? -ENOMEM : arch_parse(hex, ret);
}

int audit_syscall(const struct audit_record *record, uint32_t arch, int *ret)
{
	auto_free char *value = word_field(record, "syscall");
	uint64_t nr;

	if (!value)
		return -EINVAL;
	if (parse_u64(value, INT_MAX, &nr) < 0)
		return syscall_number(arch, value, ret);
	*ret = (int)nr;
	return 0;
}

int audit_exit(const struct audit_record *record, int64_t *ret)
{
	auto_free char *value = word_field(record, "exit");
	int number;

	if (!value || name_parse(NAME_ERROR, value, &number) < 0)
		return -EINVAL;
	*ret = isalpha((unsigned char)*value) ? -(int64_t)number : number;
	return 0;
}

/* "0100644", or in words "file,644". */
uint32_t audit_kind(const struct audit_record *record)
{
	static const struct {
		const char *word;
		uint32_t kind;
	} kinds[] = {
		{ "file", KIND_FILE },	   { "dir", KIND_DIRECTORY },  { "link", KIND_SYMLINK },
		{ "socket", KIND_SOCKET }, { "fifo", KIND_FIFO },      { "character", KIND_CHAR },
		{ "block", KIND_BLOCK },
	};
	auto_free char *mode = audit_field(record, "mode");
	uint64_t bits = 0;

	if (!mode)
		return 0;
	if (!record->words) {
		for (const char *c = mode; *c >= '0' && *c <= '7'; c++)
			bits = (bits * 8 + (uint64_t)(*c - '0')) & 0xffffffff;
		return bits ? path_kind_from_mode((mode_t)bits) : 0;
	}
	mode[strcspn(mode, ",")] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].word, mode) == 0)
			return kinds[i].kind;
	return 0;
}

/* ---- arguments ---- */

/* ausearch's words for what has a prefix in C: "inet", "tcp". */
static int short_word(const char *prefix, const char *word, uint64_t *ret)
{
	auto_free char *name = NULL;

	if (strcmp(word, "local") == 0)
		word = "unix";
	if (asprintf(&name, "%s%s", prefix, word) < 0)
		return -ENOMEM;
	for (char *c = name; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return word_value(name, ret);
}

/* Of flags ausearch leaves out what it does not know: the bits of memory protection it knows. */
static bool is_exact(const struct argspec *spec)
{
	if (!spec || spec->shown_only)
		return true;
	return strcmp(spec->arg, "prot") == 0 || (spec->kind == ARG_CHOICE && !spec->number);
}

static int read_words(const char *call, unsigned index, const char *word, uint64_t *ret)
{
	const struct argspec *spec = argspec_of(call, index);

	if (!is_exact(spec))
		return -EINVAL;
	if (text_value(word, spec, ret) == 0)
		return 0;
	if (spec && strcmp(spec->arg, "domain") == 0)
		return short_word("AF_", word, ret);
	return spec && strcmp(spec->arg, "protocol") == 0 ? short_word("IPPROTO_", word, ret)
							   : -EINVAL;
}

/* The kernel's are in hexadecimal without 0x. */
int audit_argument(const struct audit_record *record, const char *call, unsigned index,
		   uint64_t *ret)
{
	char name[] = { 'a', (char)('0' + index), '\0' };
	auto_free char *value = audit_field(record, name), *hex = NULL;

	if (!value)
		return -EINVAL;
	if (strncmp(value, "0x", 2) == 0)
		return parse_u64(value, UINT64_MAX, ret);
	if (record->words)
		return read_words(call, index, value, ret);
	return asprintf(&hex, "0x%s", value) < 0 ? -ENOMEM : parse_u64(hex, UINT64_MAX, ret);
}

/* ---- addresses ---- */

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
	char bytes[sizeof(struct sockaddr_un) + 1];
};

/* N bytes of a path, or of an abstract name. */
static void unix_name(const char *path, size_t n, struct audit_address *to)
{
	auto_free char *name = *path ? NULL : bytes_to_text(path + 1, n - 1);

	if (*path)
		snprintf(to->text, sizeof(to->text), "%.*s", (int)n, path);
	else
		snprintf(to->text, sizeof(to->text), "@%.250s", name ? name : "");
}

static void raw_address(const struct audit_record *record, struct audit_address *to)
{
	auto_free char *hex = audit_field(record, "saddr");
	union address raw = { .bytes = { 0 } };
	size_t n = hex ? from_hex(hex, raw.bytes, sizeof(raw.bytes) - 1) : 0;

	if (n < sizeof(sa_family_t))
		return;
	to->family = raw.any.sa_family;
	if (to->family == AF_INET && n >= sizeof(raw.in)) {
		inet_ntop(AF_INET, &raw.in.sin_addr, to->text, sizeof(to->text));
		to->port = ntohs(raw.in.sin_port);
	} else if (to->family == AF_INET6 && n >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
		inet_ntop(AF_INET6, &raw.in6.sin6_addr, to->text, sizeof(to->text));
		to->port = ntohs(raw.in6.sin6_port);
	} else if (to->family == AF_UNIX && n > offsetof(struct sockaddr_un, sun_path)) {
		unix_name(raw.un.sun_path, n - offsetof(struct sockaddr_un, sun_path), to);
	}
}

/* "{ saddr_fam=inet laddr=127.0.0.1 lport=80 }", or "fam=" of older ones. */
static void worded_address(const struct audit_record *record, struct audit_address *to)
{
	auto_free char *family = audit_field(record, "saddr_fam"), *text = NULL;
	uint64_t value = 0, port = 0;

	if (!family)
		family = audit_field(record, "fam");
	if (!family || short_word("AF_", family, &value) < 0)
		return;
	to->family = (int)value;
	text = to->family == AF_UNIX ? audit_path(record, "path") : audit_field(record, "laddr");
	snprintf(to->text, sizeof(to->text), "%s", text ? text : "");
	if (audit_number(record, "lport", &port) == 0 && port <= UINT16_MAX)
		to->port = (uint16_t)port;
}

void audit_address(const struct audit_record *record, struct audit_address *to)
{
	*to = (struct audit_address){ .family = 0 };
	if (record->words)
		worded_address(record, to);
	else
		raw_address(record, to);
}
