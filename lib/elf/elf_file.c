/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in an ELF file, by libelf. */
#include "elf/elf_file.h"

#include <errno.h>
#include <gelf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

/* ---- the whole ---- */

void elf_file_close(struct elf_file *file)
{
	if (!file)
		return;
	map_clear(&file->imports, NULL);
	map_clear(&file->defined, free);
	map_clear(&file->slots, NULL);
	map_clear(&file->pointers, free);
	free(file->needed);
	free(file->functions);
	free(file->sections);
	elf_end(file->elf);
	if (file->fd >= 0)
		close(file->fd);
	free(file);
}

static int add_function(struct elf_file *file, uint64_t start, uint64_t end)
{
	struct elf_function *more;

	if (file->n_functions && (file->n_functions & (file->n_functions - 1)) == 0) {
		more = reallocarray(file->functions, 2 * file->n_functions, sizeof(*more));
		if (!more)
			return -ENOMEM;
		file->functions = more;
	} else if (!file->n_functions) {
		file->functions = malloc(sizeof(*more));
		if (!file->functions)
			return -ENOMEM;
	}
	file->functions[file->n_functions++] = (struct elf_function){ start, end };
	return 0;
}

/* ---- symbols ---- */

static int define(struct elf_file *file, const char *name, const GElf_Sym *sym)
{
	struct elf_function *function;

	if (map_get(&file->defined, name, strlen(name)))
		return 0;
	function = malloc(sizeof(*function));
	if (!function)
		return -ENOMEM;
	*function = (struct elf_function){ sym->st_value, sym->st_value + sym->st_size };
	if (map_put(&file->defined, name, strlen(name), function) < 0) {
		free(function);
		return -ENOMEM;
	}
	return 0;
}

static int add_symbol(struct elf_file *file, const char *name, const GElf_Sym *sym, bool dynamic)
{
	int type = GELF_ST_TYPE(sym->st_info);

	if (!*name)
		return 0;
	if (sym->st_shndx == SHN_UNDEF) {
		if (!dynamic || map_get(&file->imports, name, strlen(name)))
			return 0;
		return map_put(&file->imports, name, strlen(name), (void *)name);
	}
	if (type != STT_FUNC && type != STT_GNU_IFUNC)
		return 0;
	if (add_function(file, sym->st_value, sym->st_value + sym->st_size) < 0)
		return -ENOMEM;
	return dynamic ? define(file, name, sym) : 0;
}

static int read_symbols(struct elf_file *file, Elf_Scn *section, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t n = sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;
	int r = 0;

	for (size_t i = 0; data && i < n && n <= INT_MAX && r == 0; i++) {
		GElf_Sym sym;
		const char *name = NULL;

		if (gelf_getsym(data, (int)i, &sym))
			name = elf_strptr(file->elf, sh->sh_link, sym.st_name);
		if (name)
			r = add_symbol(file, name, &sym, sh->sh_type == SHT_DYNSYM);
	}
	return r;
}

/* ---- relocations: where addresses of functions are stored ---- */

static int add_pointer(struct elf_file *file, uint64_t where, uint64_t address)
{
	uint64_t *value = malloc(sizeof(*value));

	if (!value)
		return -ENOMEM;
	*value = address;
	free(map_remove(&file->pointers, &where, sizeof(where)));
	if (map_put(&file->pointers, &where, sizeof(where), value) < 0) {
		free(value);
		return -ENOMEM;
	}
	return 0;
}

static int add_relocation(struct elf_file *file, const GElf_Shdr *sh, const GElf_Rela *rela)
{
	uint64_t where = rela->r_offset;
	size_t index = GELF_R_SYM(rela->r_info);
	Elf_Scn *symbols = elf_getscn(file->elf, sh->sh_link);
	Elf_Data *data = symbols ? elf_getdata(symbols, NULL) : NULL;
	const char *name = NULL;
	GElf_Shdr of_symbols;
	GElf_Sym sym;

	if (!index)
		return add_pointer(file, where, (uint64_t)rela->r_addend);
	if (!data || !gelf_getshdr(symbols, &of_symbols) || index > INT_MAX ||
	    !gelf_getsym(data, (int)index, &sym))
		return 0;
	if (sym.st_shndx != SHN_UNDEF)
		return add_pointer(file, where, sym.st_value + (uint64_t)rela->r_addend);
	name = elf_strptr(file->elf, of_symbols.sh_link, sym.st_name);
	if (!name || map_get(&file->slots, &where, sizeof(where)))
		return 0;
	return map_put(&file->slots, &where, sizeof(where), (void *)name);
}

static int read_relocations(struct elf_file *file, Elf_Scn *section, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t n = sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;
	int r = 0;

	for (size_t i = 0; data && i < n && n <= INT_MAX && r == 0; i++) {
		GElf_Rela rela;

		if (gelf_getrela(data, (int)i, &rela))
			r = add_relocation(file, sh, &rela);
	}
	return r;
}

/* ---- what it is linked with ---- */

static int add_needed(struct elf_file *file, const char *name)
{
	const char **more = reallocarray(file->needed, file->n_needed + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	file->needed = more;
	more[file->n_needed++] = name;
	return 0;
}

static int read_dynamic(struct elf_file *file, Elf_Scn *section, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t n = sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;
	int r = 0;

	for (size_t i = 0; data && i < n && n <= INT_MAX && r == 0; i++) {
		const char *name = NULL;
		GElf_Dyn entry;

		if (gelf_getdyn(data, (int)i, &entry))
			name = elf_strptr(file->elf, sh->sh_link, entry.d_un.d_val);
		if (name && entry.d_tag == DT_NEEDED)
			r = add_needed(file, name);
		else if (name && entry.d_tag == DT_SONAME)
			file->soname = name;
	}
	return r;
}

/* ---- functions without a name: from the table of unwind information ---- */

/* The form that linkers write: version, encodings, then pairs of 32-bit offsets (LSB 5.0, 10.6). */
static int read_unwind_table(struct elf_file *file, const GElf_Shdr *sh, const Elf_Data *data)
{
	const unsigned char *bytes = data->d_buf;
	uint32_t n;
	int r = 0;

	if (data->d_size < 12 || bytes[0] != 1 || bytes[2] != 0x03 || bytes[3] != 0x3b)
		return 0;
	memcpy(&n, bytes + 8, sizeof(n));
	for (size_t i = 0; i < n && 12 + 8 * i + 8 <= data->d_size && r == 0; i++) {
		int32_t offset;

		memcpy(&offset, bytes + 12 + 8 * i, sizeof(offset));
		r = add_function(file, sh->sh_addr + (uint64_t)(int64_t)offset, 0);
	}
	return r;
}

/* ---- sections ---- */

/* Whether the section is in the file whole, and its addresses do not run over. */
static bool has_bytes(const GElf_Shdr *sh, const Elf_Data *data)
{
	return sh->sh_type != SHT_NOBITS && data && data->d_size >= sh->sh_size &&
	       sh->sh_size <= UINT64_MAX - sh->sh_addr;
}

static void add_section(struct elf_file *file, const char *name, const GElf_Shdr *sh,
			const Elf_Data *data)
{
	file->sections[file->n_sections++] = (struct elf_section){
		.name = name,
		.address = sh->sh_addr,
		.size = sh->sh_size,
		.bytes = has_bytes(sh, data) ? data->d_buf : NULL,
		.code = (sh->sh_flags & SHF_EXECINSTR) != 0,
	};
}

static int read_section(struct elf_file *file, Elf_Scn *section, size_t names)
{
	GElf_Shdr sh;
	const char *name;
	Elf_Data *data;

	if (!gelf_getshdr(section, &sh))
		return 0;
	name = elf_strptr(file->elf, names, sh.sh_name);
	if (sh.sh_type == SHT_SYMTAB || sh.sh_type == SHT_DYNSYM)
		return read_symbols(file, section, &sh);
	if (sh.sh_type == SHT_DYNAMIC)
		return read_dynamic(file, section, &sh);
	if (sh.sh_type == SHT_RELA)
		return read_relocations(file, section, &sh);
	if (!(sh.sh_flags & SHF_ALLOC) || !name)
		return 0;
	data = elf_rawdata(section, NULL);
	add_section(file, name, &sh, data);
	if (strcmp(name, ".eh_frame_hdr") == 0 && data && data->d_buf && file->little_endian_64)
		return read_unwind_table(file, &sh, data);
	return 0;
}

static int read_sections(struct elf_file *file)
{
	Elf_Scn *section = NULL;
	size_t names = 0, n = 0;
	int r = 0;

	if (elf_getshdrstrndx(file->elf, &names) != 0 || elf_getshdrnum(file->elf, &n) != 0)
		return 0;
	file->sections = calloc(n + 1, sizeof(*file->sections));
	if (!file->sections)
		return -ENOMEM;
	while (r == 0 && (section = elf_nextscn(file->elf, section)) != NULL)
		r = read_section(file, section, names);
	return r;
}

static int by_start(const void *pa, const void *pb)
{
	const struct elf_function *a = pa, *b = pb;

	return (a->start > b->start) - (a->start < b->start);
}

static const struct elf_section *code_at(const struct elf_file *file, uint64_t address)
{
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct elf_section *s = &file->sections[i];

		if (s->code && s->bytes && address - s->address < s->size)
			return s;
	}
	return NULL;
}

/* Sorted, one a start; each ends where the next one, or the section, does. */
static void order_functions(struct elf_file *file)
{
	struct elf_function *f = file->functions;
	size_t kept = 0;

	if (!file->n_functions)
		return;
	qsort(f, file->n_functions, sizeof(*f), by_start);
	for (size_t i = 0; i < file->n_functions; i++)
		if (code_at(file, f[i].start) && (!kept || f[kept - 1].start != f[i].start))
			f[kept++] = f[i];
	file->n_functions = kept;
	for (size_t i = 0; i < kept; i++) {
		const struct elf_section *s = code_at(file, f[i].start);
		uint64_t end = s->address + s->size;

		f[i].end = i + 1 < kept && f[i + 1].start < end ? f[i + 1].start : end;
	}
}

/* ---- life ---- */

static int read_all(struct elf_file *file)
{
	static const char loader[] = "_dl_allocate_tls"; /* only dynamic loaders export it */
	GElf_Ehdr header;
	int r;

	if (!gelf_getehdr(file->elf, &header))
		return -ENOEXEC;
	file->machine = header.e_machine;
	file->fixed = header.e_type == ET_EXEC;
	file->little_endian_64 =
		header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == ELFDATA2LSB;
	elf_object_build_id(file->elf, file->build_id);
	r = read_sections(file);
	if (r == 0)
		order_functions(file);
	file->interpreter = map_get(&file->defined, loader, strlen(loader)) != NULL;
	return r;
}

int elf_file_open(const char *path, struct elf_file **ret)
{
	struct elf_file *file = calloc(1, sizeof(*file));
	int r;

	if (!file)
		return -ENOMEM;
	file->fd = -1;
	r = elf_object_open(path, &file->elf, &file->fd);
	if (r == 0)
		r = read_all(file);
	if (r < 0) {
		elf_file_close(file);
		return r;
	}
	*ret = file;
	return 0;
}

/* ---- asking ---- */

const struct elf_function *elf_function_at(const struct elf_file *file, uint64_t address)
{
	size_t low = 0, high = file->n_functions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (file->functions[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address >= file->functions[low - 1].end)
		return NULL;
	return &file->functions[low - 1];
}

const unsigned char *elf_code_at(const struct elf_file *file, uint64_t address, size_t *ret_len)
{
	const struct elf_section *s = code_at(file, address);

	if (!s)
		return NULL;
	*ret_len = s->size - (address - s->address);
	return s->bytes + (address - s->address);
}
