/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was read of each ELF file that is run or mapped. */
#include "tracer/symbols.h"

#include <errno.h>
#include <gelf.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "elf/object.h"

struct load { /* a PT_LOAD: file offsets to addresses */
	uint64_t offset, size, address;
};

struct module {
	char *file;
	char build_id[ELF_BUILD_ID_SIZE];
	char *interpreter; /* NULL: none */
	struct load *loads;
	size_t n_loads;
	struct module_frames frames;
	struct eh_frame_row *rows; /* frames has them */
	bool frames_read;
	bool symbols_read;
	struct symbol_tables tables;
};

static void module_free(void *p)
{
	struct module *m = p;

	symbol_tables_clear(&m->tables);
	free(m->rows);
	free(m->loads);
	free(m->interpreter);
	free(m->file);
	free(m);
}

static int read_loads(struct module *m, Elf *elf)
{
	size_t n;

	if (elf_getphdrnum(elf, &n) != 0)
		return -EINVAL;
	m->loads = calloc(n ? n : 1, sizeof(*m->loads));
	if (!m->loads)
		return -ENOMEM;
	m->frames.word = gelf_getclass(elf) == ELFCLASS32 ? 4 : 8;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(elf, (int)i, &ph))
			continue;
		if (ph.p_type == PT_GNU_EH_FRAME)
			m->frames.header = ph.p_vaddr;
		if (ph.p_type == PT_LOAD)
			m->loads[m->n_loads++] =
				(struct load){ ph.p_offset, ph.p_filesz, ph.p_vaddr };
	}
	return 0;
}

static void read_interpreter(struct module *m, Elf *elf)
{
	size_t n = 0;

	if (elf_getphdrnum(elf, &n) != 0)
		return;
	for (size_t i = 0; i < n && !m->interpreter; i++) {
		GElf_Phdr ph;
		Elf_Data *data;

		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_INTERP)
			continue;
		data = elf_getdata_rawchunk(elf, (int64_t)ph.p_offset, ph.p_filesz, ELF_T_BYTE);
		if (data && data->d_size < PATH_MAX)
			m->interpreter = strndup(data->d_buf, data->d_size);
	}
}

static struct module *read_module(const char *file)
{
	auto_close int fd = -1;
	auto_elf Elf *elf = NULL;
	struct module *m;

	if (elf_object_open(file, &elf, &fd) < 0)
		return NULL;
	m = calloc(1, sizeof(*m));
	if (!m)
		return NULL;
	m->file = strdup(file);
	if (!m->file || read_loads(m, elf) < 0) {
		module_free(m);
		return NULL;
	}
	elf_object_build_id(elf, m->build_id);
	read_interpreter(m, elf);
	return m;
}

/* The name it was first read by may lead through a process that is gone: tables come later. */
static void keep_reachable(struct module *m, const char *file)
{
	bool done = m->symbols_read && (m->frames.header || m->frames_read);
	char *copy = done ? NULL : strdup(file);

	if (!copy)
		return;
	free(m->file);
	m->file = copy;
}

struct module *symbols_module(struct symbols *symbols, const char *file)
{
	struct {
		uint64_t device, inode, seconds, nanoseconds;
	} key;
	struct stat st;
	struct module *m;

	if (stat(file, &st) < 0 || !S_ISREG(st.st_mode))
		return NULL;
	key.device = st.st_dev;
	key.inode = st.st_ino;
	key.seconds = (uint64_t)st.st_mtim.tv_sec;
	key.nanoseconds = (uint64_t)st.st_mtim.tv_nsec;
	m = map_get(&symbols->modules, &key, sizeof(key));
	if (m) {
		keep_reachable(m, file);
		return m;
	}
	m = read_module(file);
	if (m && map_put(&symbols->modules, &key, sizeof(key), m) < 0) {
		module_free(m);
		return NULL;
	}
	return m;
}

const char *module_interpreter(const struct module *module)
{
	return module->interpreter;
}

const char *module_build_id(const struct module *module)
{
	return module->build_id;
}

/* ---- functions ---- */

/* Whether it is a file to read. */
static bool read_tables(struct module *m, const char *file)
{
	auto_close int fd = -1;
	auto_elf Elf *elf = NULL;

	if (elf_object_open(file, &elf, &fd) < 0)
		return false;
	symbol_tables_read(&m->tables, elf, fd);
	return true;
}

static bool read_debug_file(struct module *m, const char *root)
{
	char debug[PATH_MAX];

	snprintf(debug, sizeof(debug), "%s/usr/lib/debug/.build-id/%.2s/%s.debug", root,
		 m->build_id, m->build_id + 2);
	return read_tables(m, debug);
}

static void read_symbols(struct module *m, const char *root)
{
	m->symbols_read = true;
	read_tables(m, m->file);
	if (strlen(m->build_id) > 2 && !read_debug_file(m, root))
		read_debug_file(m, "");
	symbol_tables_order(&m->tables);
}

int module_address(const struct module *m, uint64_t offset, uint64_t *address)
{
	for (size_t i = 0; i < m->n_loads; i++) {
		const struct load *l = &m->loads[i];

		if (offset - l->offset < l->size) {
			*address = l->address + (offset - l->offset);
			return 0;
		}
	}
	return -ENOENT;
}

static struct module *read_image(char *image, size_t size)
{
	auto_elf Elf *elf = elf_version(EV_CURRENT) == EV_NONE ? NULL : elf_memory(image, size);
	struct module *m = elf && elf_kind(elf) == ELF_K_ELF ? calloc(1, sizeof(*m)) : NULL;

	if (!m)
		return NULL;
	if (read_loads(m, elf) < 0) {
		module_free(m);
		return NULL;
	}
	m->symbols_read = true;
	m->frames_read = true;
	symbol_tables_read(&m->tables, elf, -1);
	symbol_tables_order(&m->tables);
	return m;
}

struct module *symbols_image(struct symbols *symbols, char *image, size_t size)
{
	const uint64_t key[] = { size, size > EI_CLASS ? (uint64_t)image[EI_CLASS] : 0 };
	struct module *m = map_get(&symbols->modules, key, sizeof(key));

	if (m)
		return m;
	m = read_image(image, size);
	if (m && map_put(&symbols->modules, key, sizeof(key), m) < 0) {
		module_free(m);
		return NULL;
	}
	return m;
}

/* ---- unwind tables ---- */

#define MOST_FRAMES (64 << 20) /* bytes of .eh_frame to look through: what is larger has a header */

/* Reads SECTION, which is .eh_frame. */
static void take_frames(struct module *m, Elf_Scn *section, const GElf_Shdr *sh)
{
	Elf_Data *data = sh->sh_size <= MOST_FRAMES ? elf_rawdata(section, NULL) : NULL;
	int64_t n;

	if (!data || !data->d_buf || sh->sh_type == SHT_NOBITS)
		return;
	n = eh_frame_table(data->d_buf, data->d_size, sh->sh_addr, m->loads[0].address,
			   m->frames.word, &m->rows);
	if (n <= 0)
		return;
	m->frames.rows = m->rows;
	m->frames.n_rows = (size_t)n;
	m->frames.base = m->loads[0].address;
}

/* Static programs are often linked without the table of a header. */
static void read_frames(struct module *m)
{
	auto_close int fd = -1;
	auto_elf Elf *elf = NULL;
	Elf_Scn *section = NULL;
	size_t names;

	m->frames_read = true;
	if (!m->n_loads || elf_object_open(m->file, &elf, &fd) < 0 ||
	    elf_getshdrstrndx(elf, &names) != 0)
		return;
	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr sh;
		const char *name = gelf_getshdr(section, &sh) ?
					   elf_strptr(elf, names, sh.sh_name) :
					   NULL;

		if (name && strcmp(name, ".eh_frame") == 0 && !m->rows)
			take_frames(m, section, &sh);
	}
}

int module_frames(struct module *m, struct module_frames *ret)
{
	if (!m->frames.header && !m->frames_read)
		read_frames(m);
	if (!m->frames.header && !m->frames.n_rows)
		return -ENOENT;
	*ret = m->frames;
	return 0;
}

int module_symbol(struct module *m, const char *root, uint64_t offset, struct symbol_found *ret)
{
	uint64_t address;
	int r = module_address(m, offset, &address);

	if (r < 0)
		return r;
	if (!m->symbols_read)
		read_symbols(m, root);
	return symbol_tables_find(&m->tables, address, ret);
}

void symbols_rest(struct symbols *symbols)
{
	for (size_t i = 0; i < symbols->modules.n; i++) {
		struct module *m = symbols->modules.entries[i].value;

		if (!m->file) /* an image */
			continue;
		symbol_tables_clear(&m->tables);
		m->symbols_read = false;
	}
}

void symbols_clear(struct symbols *symbols)
{
	map_clear(&symbols->modules, module_free);
}
