/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is in an ELF file (elf(5)) that tells what a program may do: what it imports and defines,
 * which libraries it needs, and its code.
 */
#ifndef LEARN_ELF_ELF_FILE_H
#define LEARN_ELF_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "elf/object.h"

struct elf_function {
	uint64_t start, end; /* addresses in the file's own terms */
};

/* Code or a table with function pointers. */
struct elf_section {
	const char *name;
	uint64_t address, size;
	const unsigned char *bytes; /* NULL for one that takes no place in the file */
	bool code;
};

struct elf_file {
	char build_id[ELF_BUILD_ID_SIZE];
	uint16_t machine;	   /* EM_* */
	bool little_endian_64;
	bool fixed;	    /* code is at fixed addresses: neither PIE nor library */
	struct map imports; /* names of functions and data from other files; the value is the key */
	struct map defined; /* struct elf_function by name: what it exports */
	struct map
		slots; /* const char *: names of imports by the uint64_t where their address goes */
	struct map pointers; /* uint64_t: addresses in this file by the uint64_t where they are
				stored */
	const char **needed; /* names of the libraries that it was linked with */
	size_t n_needed;
	const char *soname; /* what others need it by, or NULL */
	bool interpreter;   /* it is a dynamic loader: it needs nothing and relocates itself */
	struct elf_function *functions; /* in order of start */
	size_t n_functions;
	struct elf_section *sections; /* in the order of the file */
	size_t n_sections;
	Elf *elf; /* all names and bytes above belong to it */
	int fd;
};

/*
 * Reads the file. 0, -errno of open(2), -ENOEXEC for what is no ELF object, -ENOMEM. Free with
 * elf_file_close().
 */
int elf_file_open(const char *path, struct elf_file **ret);
void elf_file_close(struct elf_file *file);

/* The function that ADDRESS lies in, or NULL. */
const struct elf_function *elf_function_at(const struct elf_file *file, uint64_t address);
/* The bytes of code from ADDRESS on, and how many there are; NULL where there is no code. */
const unsigned char *elf_code_at(const struct elf_file *file, uint64_t address, size_t *ret_len);

#endif
