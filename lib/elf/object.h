/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ELF file opened by libelf, and what of it everybody wants to know. */
#ifndef LEARN_ELF_OBJECT_H
#define LEARN_ELF_OBJECT_H

#include <libelf.h>
#include <stddef.h>

#include "base/cleanup.h"

#define ELF_BUILD_ID_SIZE (2 * 64 + 1)

/*
 * Opens FILE. 0, -errno of open(2), or -ENOEXEC for what is no ELF object; *elf is for elf_end()
 * and *fd, which must stay open as long, for close().
 */
int elf_object_open(const char *file, Elf **elf, int *fd);

/* The build-id in lower-case hexadecimal, "" when there is none: stripped files keep theirs. */
void elf_object_build_id(Elf *elf, char to[ELF_BUILD_ID_SIZE]);

static inline void cleanup_elf(Elf **elf)
{
	elf_end(*elf); /* NULL is fine */
}
#define auto_elf cleanup(cleanup_elf)

#endif
