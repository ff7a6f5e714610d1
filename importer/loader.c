/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dynamic loader of an executable that is on this machine. */
#include "importer/loader.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

static bool find_interpreter(Elf *elf, GElf_Phdr *ret)
{
	size_t n;

	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &n) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (gelf_getphdr(elf, (int)i, ret) && ret->p_type == PT_INTERP)
			return true;
	return false;
}

char *loader_of(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char name[PATH_MAX];
	GElf_Phdr header;
	struct stat st;
	ssize_t got;
	bool found;
	Elf *elf;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    elf_version(EV_CURRENT) == EV_NONE)
		return NULL;
	elf = elf_begin(fd, ELF_C_READ, NULL);
	found = find_interpreter(elf, &header);
	elf_end(elf);
	if (!found || header.p_filesz == 0 || header.p_filesz > sizeof(name))
		return NULL;
	got = pread(fd, name, header.p_filesz, (off_t)header.p_offset);
	if (got <= 0 || name[got - 1] || name[0] != '/')
		return NULL;
	return realpath(name, NULL);
}
