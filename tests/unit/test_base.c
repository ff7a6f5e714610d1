/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lib/base and the small tables of lib/sysdb. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/map.h"
#include "base/parse.h"
#include "check.h"
#include "sysdb/effects.h"
#include "sysdb/names.h"
#include "sysdb/phase.h"
#include "sysdb/rlimits.h"
#include "sysdb/syscalls.h"

/* ---- bytes ---- */

static const struct {
	const char *bytes, *text, *line; /* line NULL: as text */
} spellings[] = {
	{ "", "", NULL },
	{ "/usr/bin/ls", "/usr/bin/ls", NULL },
	{ "a\\b", "a\\\\b", NULL },
	{ "\\x41", "\\\\x41", NULL },
	{ "caf\xc3\xa9", "caf\xc3\xa9", NULL },
	{ "\xff\xfe", "\\xff\\xfe", NULL },
	{ "\xc3", "\\xc3", NULL },                     /* cut short */
	{ "\xc0\xaf", "\\xc0\\xaf", NULL },            /* overlong */
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80", NULL },   /* a surrogate */
	{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", NULL }, /* past U+10FFFF */
	{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", NULL },
	{ "a\nb\tc\x7f", "a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f" },
	{ "\x1b[31m", "\x1b[31m", "\\x1b[31m" },
	{ "\xc2\x9b" "31m", "\xc2\x9b" "31m", "\\xc2\\x9b31m" }, /* U+009B */
	{ "\xe2\x80\xae", "\xe2\x80\xae", "\\xe2\\x80\\xae" }, /* right to left */
	{ "\xe2\x82\xac", "\xe2\x82\xac", NULL },              /* the euro sign stays */
};

static void bytes_survive_as_text(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
		const char *bytes = spellings[i].bytes;
		auto_free char *text = bytes_to_text(bytes, strlen(bytes));
		auto_free char *line = bytes_to_line(bytes, strlen(bytes));
		auto_free char *again = NULL;

		check(strcmp(text, spellings[i].text) == 0);
		check(strcmp(line, spellings[i].line ? spellings[i].line : text) == 0);
		check(text_to_bytes(text, &again) == 0);
		check(strcmp(again, bytes) == 0);
	}
}

static void every_byte_survives_between_any_two(void)
{
	for (unsigned pair = 0x101; pair <= 0xffff; pair++) {
		const char bytes[] = { (char)(pair >> 8), (char)pair, '\0' };
		auto_free char *text = bytes_to_text(bytes, 2), *again = NULL;

		if (!bytes[0] || !bytes[1])
			continue;
		check(text_to_bytes(text, &again) == 0 && strcmp(again, bytes) == 0);
	}
}

static void other_spellings_are_refused(void)
{
	static const char *const wrong[] = {
		"\\", "\\n", "\\x", "\\x4", "\\x41", "\\xFF", "\\x00", "\\xc3\\xa9", "a\\xg0",
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		char *untouched = NULL;

		check(text_to_bytes(wrong[i], &untouched) == -EINVAL);
		check(!untouched);
	}
}

/* ---- parse ---- */

static void numbers_are_whole_words(void)
{
	static const struct {
		const char *word;
		uint64_t max;
		int err;
		uint64_t value;
	} rows[] = {
		{ "0", 10, 0, 0 },	       { "10", 10, 0, 10 },
		{ "11", 10, -ERANGE, 0 },      { "0x1f", 100, 0, 31 },
		{ "0xFF", 255, 0, 255 },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "0xffffffffffffffff", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -ERANGE, 0 },
		{ "", 10, -EINVAL, 0 },	       { "-1", 10, -EINVAL, 0 },
		{ "+1", 10, -EINVAL, 0 },      { " 1", 10, -EINVAL, 0 },
		{ "1 ", 10, -EINVAL, 0 },      { "0x", 10, -EINVAL, 0 },
		{ "0x0x1", 10, -EINVAL, 0 },   { "0x-1", 10, -EINVAL, 0 },
		{ "1e3", 9999, -EINVAL, 0 },   { "ten", 10, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t value = 77;

		check(parse_u64(rows[i].word, rows[i].max, &value) == rows[i].err);
		check(value == (rows[i].err ? 77 : rows[i].value));
	}
}

/* ---- map ---- */

/* Values of a map are pointers that it never follows. */
static void *token(size_t n)
{
	return (void *)(uintptr_t)(n + 1);
}

static void a_map_keeps_what_it_was_given(void)
{
	struct map map = { 0 };
	const size_t n = 5000;

	check(!map_get(&map, "x", 1));
	check(!map_remove(&map, "x", 1));
	for (size_t i = 0; i < n; i++)
		check(map_put(&map, &i, sizeof(i), token(i)) == 0);
	for (size_t i = 0; i < n; i++) {
		check(map.entries[i].value == token(i));
		check(map_get(&map, &i, sizeof(i)) == token(i));
	}
	for (size_t i = 0; i < n; i += 3)
		check(map_remove(&map, &i, sizeof(i)) == token(i));
	for (size_t i = 0; i < n; i++)
		check(map_get(&map, &i, sizeof(i)) == (i % 3 ? token(i) : NULL));
	map_clear(&map, NULL);
	check(!map.n && !map_get(&map, "x", 1));
}

static void keys_of_a_map_may_hold_anything(void)
{
	struct map map = { 0 };

	check(map_put(&map, "", 0, token(0)) == 0);
	check(map_put(&map, "\0", 1, token(1)) == 0);
	check(map_put(&map, "\0\0", 2, token(2)) == 0);
	check(map_get(&map, "", 0) == token(0));
	check(map_get(&map, "\0", 1) == token(1));
	check(map_get(&map, "\0\0", 2) == token(2));
	map_clear(&map, NULL);
}

/* ---- file ---- */

static char *contents(const char *path)
{
	char *data = NULL;
	size_t length;

	return read_file(path, 1 << 20, &data, &length) == 0 ? data : NULL;
}

static void files_are_replaced_whole_or_not_at_all(void)
{
	char directory[] = "learn-unit-XXXXXX", path[64], link[64];
	auto_free char *before = NULL, *after = NULL, *through = NULL;
	struct new_file file;
	struct stat st;
	char *untouched = NULL;
	size_t length;

	check(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/file", directory);
	snprintf(link, sizeof(link), "%s/link", directory);
	check(new_file_open(&file, path) == 0);
	fputs("one", file.out);
	check(new_file_commit(&file) == 0);
	check(chmod(path, 0600) == 0);

	check(new_file_open(&file, path) == 0);
	fputs("two", file.out);
	before = contents(path);
	check(before && strcmp(before, "one") == 0);
	new_file_abandon(&file);
	after = contents(path);
	check(after && strcmp(after, "one") == 0);

	check(symlink("file", link) == 0);
	check(new_file_open(&file, link) == 0);
	fputs("three", file.out);
	check(new_file_commit(&file) == 0);
	through = contents(path);
	check(through && strcmp(through, "three") == 0);
	check(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
	check(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);

	check(read_file(path, 4, &untouched, &length) == -EFBIG && !untouched);
	check(read_file(directory, 4, &untouched, &length) == -EISDIR && !untouched);
	check(unlink(path) == 0 && unlink(link) == 0);
	check(rmdir(directory) == 0); /* no temporary file is left behind */
}

/* ---- tables ---- */

static void every_name_finds_its_number(void)
{
	static const enum name_kind kinds[] = {
		NAME_ERROR, NAME_SIGNAL, NAME_FAMILY, NAME_SOCKET_TYPE,
	};
	static const int extremes[] = { INT32_MIN, -1, 4095, 4096, 100000, INT32_MAX };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (int value = -70; value < 700; value++) {
			auto_free char *name = name_format(kinds[k], value);
			int again = 12345;

			check(name_parse(kinds[k], name, &again) == 0 && again == value);
		}
		for (size_t i = 0; i < ARRAY_SIZE(extremes); i++) {
			auto_free char *name = name_format(kinds[k], extremes[i]);
			int again = 12345;

			check(name_parse(kinds[k], name, &again) == 0 && again == extremes[i]);
		}
	}
}

static void names_are_those_of_the_manual_pages(void)
{
	static const struct {
		enum name_kind kind;
		int value;
		const char *name;
	} rows[] = {
		{ NAME_ERROR, 2, "ENOENT" },	  { NAME_ERROR, 11, "EAGAIN" },
		{ NAME_ERROR, 512, "512" },	  { NAME_SIGNAL, 9, "SIGKILL" },
		{ NAME_SIGNAL, 0, "0" },	  { NAME_SIGNAL, 34, "34" },
		{ NAME_FAMILY, 0, "AF_UNSPEC" },  { NAME_FAMILY, 1, "AF_UNIX" },
		{ NAME_FAMILY, 10, "AF_INET6" },  { NAME_FAMILY, 200, "200" },
		{ NAME_SOCKET_TYPE, 1, "SOCK_STREAM" }, { NAME_SOCKET_TYPE, 0, "0" },
	};
	int untouched = 7;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *name = name_format(rows[i].kind, rows[i].value);

		check(strcmp(name, rows[i].name) == 0);
	}
	check(name_parse(NAME_SIGNAL, "TERM", &untouched) == -EINVAL);
	check(name_parse(NAME_FAMILY, "AF_NOWHERE", &untouched) == -EINVAL);
	check(name_parse(NAME_ERROR, "", &untouched) == -EINVAL);
	check(name_parse(NAME_ERROR, "2147483648", &untouched) == -EINVAL);
	check(name_parse(NAME_ERROR, "--1", &untouched) == -EINVAL);
	check(untouched == 7);
}

static void check_name(uint32_t arch, int nr)
{
	auto_free char *name = syscall_name(arch, nr);
	int number = -1;

	if (syscall_number(arch, name, &number) < 0 || number != nr)
		fprintf(stderr, "call %d is '%s', and that is call %d\n", nr, name, number);
	check(number == nr);
}

/* The profile's reader relies on it: a name never stands for another number. */
static void names_and_numbers_of_calls_agree_both_ways(void)
{
	static const char *const arches[] = {
		"x86_64", "x86", "aarch64", "arm", "ppc64le", "riscv64", "s390x", "mipsel64",
	};

	for (size_t a = 0; a < ARRAY_SIZE(arches); a++) {
		uint32_t arch = arch_from_name(arches[a]), again = 0;
		auto_free char *arch_text = arch_format(arch);

		check(strcmp(arch_text, arches[a]) == 0);
		check(arch_parse(arch_text, &again) == 0 && again == arch);
		for (int nr = 0; nr < 6000; nr++)
			check_name(arch, nr);
	}
	for (int nr = 0; nr < 1024; nr++)
		check_name(arch_from_name("x86_64"), nr | X32_SYSCALL_BIT);
}

static void the_newest_call_is_of_its_own_architecture(void)
{
	check(syscall_newest(arch_from_name("x86_64")) > 434);
	check(syscall_newest(arch_from_name("x86_64")) < 1024);
	check(syscall_newest(arch_from_name("mipsel64")) > 5434);
}

static void calls_that_an_architecture_does_not_have_have_no_number(void)
{
	int untouched = 7;

	check(syscall_number(arch_from_name("x86_64"), "socketcall", &untouched) == -ENOENT);
	check(syscall_number(arch_from_name("x86"), "accept", &untouched) == -ENOENT);
	check(syscall_number(arch_from_name("aarch64"), "open", &untouched) == -ENOENT);
	check(syscall_number(arch_from_name("x86"), "no_such_call", &untouched) == -ENOENT);
	check(untouched == 7);
	check(syscall_number(arch_from_name("x86"), "socket", &untouched) == 0 && untouched == 359);
}

static void unknown_architectures_are_numbers(void)
{
	auto_free char *text = arch_format(0xdeadbeef);
	uint32_t again = 0, untouched = 7;

	check(strcmp(text, "0xdeadbeef") == 0);
	check(arch_parse(text, &again) == 0 && again == 0xdeadbeef);
	check(arch_parse("vax", &untouched) == -EINVAL);
	check(arch_parse("0x1deadbeef", &untouched) == -EINVAL);
	check(arch_parse("12", &untouched) == -EINVAL && untouched == 7);
}

static void every_word_of_the_tables_finds_its_row(void)
{
	for (unsigned bit = 0; bit < N_PATH_EFFECTS; bit++)
		check(path_effect_from_name(path_effect_name(bit)) == 1u << bit);
	for (unsigned bit = 0; bit < N_PATH_KINDS; bit++)
		check(path_kind_from_name(path_kind_name(bit)) == 1u << bit);
	for (int phase = 0; phase < N_PHASES; phase++)
		check(phase_from_name(phase_name((enum phase)phase)) == phase);
	for (const struct rlimit_info *row = rlimit_table; row->name; row++) {
		check(rlimit_by_name(row->name) == row);
		check(rlimit_by_number(row->resource) == row);
	}
	check(path_effect_from_name("") == 0 && path_kind_from_name("") == 0);
	check(phase_from_name("") < 0 && !rlimit_by_name(""));
}

int main(void)
{
	bytes_survive_as_text();
	every_byte_survives_between_any_two();
	other_spellings_are_refused();
	numbers_are_whole_words();
	a_map_keeps_what_it_was_given();
	keys_of_a_map_may_hold_anything();
	files_are_replaced_whole_or_not_at_all();
	every_name_finds_its_number();
	names_are_those_of_the_manual_pages();
	names_and_numbers_of_calls_agree_both_ways();
	the_newest_call_is_of_its_own_architecture();
	calls_that_an_architecture_does_not_have_have_no_number();
	unknown_architectures_are_numbers();
	every_word_of_the_tables_finds_its_row();
	return 0;
}
