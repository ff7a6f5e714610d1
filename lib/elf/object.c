/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ELF file opened by libelf, and its build-id. */
#include "elf/object.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int elf_object_open(const char *file, Elf **elf, int *fd)
{
	auto_close int opened = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	auto_elf Elf *object = NULL;

	if (opened < 0)
		return -errno;
	if (elf_version(EV_CURRENT) == EV_NONE)
		return -ENOEXEC;
	object = elf_begin(opened, ELF_C_READ, NULL);
	if (!object || elf_kind(object) != ELF_K_ELF)
		return -ENOEXEC;
	*elf = take_ptr(object);
	*fd = take_fd(opened);
	return 0;
}

/* The build-id among the notes of one segment, if it is there. */
static void take_build_id(Elf_Data *data, char to[ELF_BUILD_ID_SIZE])
{
	size_t at = 0, name, desc;
	GElf_Nhdr note;

	while ((at = gelf_getnote(data, at, &note, &name, &desc)) > 0) {
		const unsigned char *bytes = (const unsigned char *)data->d_buf + desc;

		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof("GNU") ||
		    memcmp((const char *)data->d_buf + name, "GNU", sizeof("GNU")) != 0 ||
		    2 * (size_t)note.n_descsz >= ELF_BUILD_ID_SIZE)
			continue;
		for (size_t i = 0; i < note.n_descsz; i++)
			sprintf(to + 2 * i, "%02x", bytes[i]);
		return;
	}
}

void elf_object_build_id(Elf *elf, char to[ELF_BUILD_ID_SIZE])
{
	size_t n = 0;

	to[0] = '\0';
	if (elf_getphdrnum(elf, &n) != 0)
		return;
	for (size_t i = 0; i < n && !to[0]; i++) {
		GElf_Phdr ph;
		Elf_Data *data;

		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_NOTE)
			continue;
		data = elf_getdata_rawchunk(elf, (int64_t)ph.p_offset, ph.p_filesz,
					    ph.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
		if (data)
			take_build_id(data, to);
	}
}
