/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ELF reader on arbitrary bytes. What it accepts must hold together: functions in order and
 * within code, and code that can be read from first to last.
 *
 * Built without -fsanitize=fuzzer it replays the files named as arguments, or without any the seed
 * corpus under $SRCDIR.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "elf/cfi.h"
#include "elf/eh_frame.h"
#include "elf/elf_file.h"
#include "elf/x86.h"
#include "elf/x86_return.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count_fact(void *state, enum x86_fact_kind kind, int64_t value)
{
	(void)kind;
	(void)value;
	++*(size_t *)state;
	return 0;
}

static int read_code(void *state, uint64_t address, void *to, size_t len)
{
	size_t length = 0;
	const unsigned char *code = elf_code_at(state, address, &length);

	if (address % 11 == 0 && len == sizeof(address)) { /* a stack */
		memcpy(to, &address, len);
		return 0;
	}
	if (!code || length < len)
		return -EFAULT;
	memcpy(to, code, len);
	return 0;
}

static int find_function(void *state, uint64_t address, uint64_t *start, uint64_t *end)
{
	const struct elf_function *function = elf_function_at(state, address);

	if (!function)
		return -ENOENT;
	*start = function->start;
	*end = function->end;
	return 0;
}

/* Any code may be followed: where it leads is said or not. */
static void follow_code(const struct elf_file *file, uint64_t start)
{
	struct x86_answer answers[X86_ANSWERS] = { { 0 } };
	const struct x86_process process = { (void *)(uintptr_t)file, read_code, find_function,
					     answers };
	struct x86_frame frame = { .ip = start, .registers[X86_RSP] = start };

	for (unsigned depth = 0; depth < 4 && x86_return(&process, &frame) == 0; depth++)
		frame.exact = false;
}

/* Reads the code of one function; each instruction says one thing at most. */
static void read_function(const struct elf_file *file, const struct elf_function *function)
{
	size_t length = 0, n_facts = 0;
	const unsigned char *code = elf_code_at(file, function->start, &length);
	const struct x86_sink sink = { &n_facts, count_fact };

	if (!code || function->end <= function->start || function->end - function->start > length)
		abort();
	length = function->end - function->start;
	if (x86_scan(code, length, function->start, &sink) != 0 || n_facts > length)
		abort();
}

/* Every string and byte that belongs to the file is there to be read. */
static size_t read_names(const struct elf_file *file)
{
	size_t n = strlen(file->build_id) + (file->soname ? strlen(file->soname) : 0);

	for (size_t i = 0; i < file->n_needed; i++)
		n += strlen(file->needed[i]);
	for (size_t i = 0; i < file->imports.n; i++)
		n += strlen(file->imports.entries[i].value);
	for (size_t i = 0; i < file->slots.n; i++)
		n += strlen(file->slots.entries[i].value);
	for (size_t i = 0; i < file->n_sections; i++)
		if (file->sections[i].bytes && file->sections[i].size)
			n += file->sections[i].bytes[file->sections[i].size - 1];
	return n;
}

/* Any bytes may be taken for a table: its rows are in order. */
static void read_frames(const struct elf_section *section)
{
	auto_free struct eh_frame_row *rows = NULL;
	int64_t n = eh_frame_table(section->bytes, section->size, section->address, 0, 8, &rows);

	for (int64_t i = 1; i < n; i++)
		if (rows[i - 1].start > rows[i].start)
			abort();
}

static int read_anything(void *state, uint32_t address, uint32_t *value)
{
	(void)state;
	*value = address * 2654435761u;
	return address % 13 == 0 ? -EFAULT : 0;
}

/* Any bytes may be taken for records of 32-bit code, too. */
static void follow_records(const struct elf_section *section)
{
	struct eh_bytes all = { section->bytes, section->bytes + section->size, section->address,
				true };
	struct eh_cie cie;
	bool known = false;

	while (all.end - all.at > 4) {
		struct eh_bytes record = all;
		struct cfi_frame frame = { .known = (1u << CFI_REGISTERS) - 1 };
		struct eh_fde fde;

		if (!eh_open_record(&record))
			return;
		eh_block(&all, (uint64_t)(record.end - all.at));
		if (eh_read_cie(record, 4, &cie))
			known = true;
		eh_unsigned(&record, 4);
		if (known && eh_read_fde(record, &cie, &fde))
			cfi_step(&cie, &fde, (uint32_t)fde.start, read_anything, NULL, &frame);
	}
}

static void check_file(const struct elf_file *file)
{
	for (size_t i = 0; i < file->n_functions; i++) {
		const struct elf_function *function = &file->functions[i];

		if ((i && function[-1].start >= function->start) ||
		    elf_function_at(file, function->start) != function)
			abort();
		read_function(file, function);
		if (i < 64)
			follow_code(file, function->start);
	}
	for (size_t i = 0; i < file->n_sections; i++)
		if (file->sections[i].bytes) {
			read_frames(&file->sections[i]);
			follow_records(&file->sections[i]);
		}
	if (read_names(file) == SIZE_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_close int fd = memfd_create("input", MFD_CLOEXEC);
	struct elf_file *file = NULL;
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (elf_file_open(path, &file) < 0)
		return 0;
	check_file(file);
	elf_file_close(file);
	return 0;
}

#ifndef FUZZING
#define CORPUS "corpus-elf"
#include "replay.h"
#endif
