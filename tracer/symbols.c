/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for addresses in ELF files. */
#include "tracer/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

struct load { /* a PT_LOAD: file offsets to addresses */
	uint64_t offset, size, address;
};

/* A string table: a copy, as the file may change under us, or where it is read by the name. */
struct strings {
	char *copy; /* NULL: in the file */
	int fd;     /* -1 with a copy */
	uint64_t offset, size;
};

struct symbol {
	uint64_t start, size;
	uint32_t table; /* of the module's string tables */
	uint32_t name;  /* where in it */
};

#define NAME_SIZE 256 /* what is read of a name */

/* A larger string table is read by the name: a program of 100 MB has 12 MB of them. */
#define LARGE_STRINGS (256 << 10)
#define MOST_OPEN     64 /* files of such tables; what comes after them is copied */

struct module {
	char *file;
	char build_id[2 * 64 + 1];
	char *interpreter; /* NULL: none */
	struct load *loads;
	size_t n_loads;
	struct module_frames frames;
	struct eh_frame_row *rows; /* frames has them */
	bool frames_read;
	bool symbols_read;
	struct symbol *symbols; /* by bucket, once all are read */
	size_t n_symbols;
	uint64_t first;    /* the lowest start: bucket 0 begins here */
	uint32_t *buckets; /* where in symbols each bucket ends */
	size_t n_buckets;
	struct strings *strings;
	size_t n_strings;
	char name[NAME_SIZE]; /* the one found last */
};

static void module_free(void *p)
{
	struct module *m = p;

	for (size_t i = 0; i < m->n_strings; i++) {
		free(m->strings[i].copy);
		if (m->strings[i].fd >= 0)
			close(m->strings[i].fd);
	}
	free(m->strings);
	free(m->buckets);
	free(m->symbols);
	free(m->rows);
	free(m->loads);
	free(m->interpreter);
	free(m->file);
	free(m);
}

static void cleanup_elf(Elf **elf)
{
	if (*elf)
		elf_end(*elf);
}
#define auto_elf cleanup(cleanup_elf)

/* Opens FILE for libelf; NULL when it is no ELF object. */
static Elf *open_elf(const char *file, int *fd)
{
	Elf *elf;

	*fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0 || elf_version(EV_CURRENT) == EV_NONE)
		return NULL;
	elf = elf_begin(*fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		elf = NULL;
	}
	return elf;
}

static int read_loads(struct module *m, Elf *elf)
{
	size_t n;

	if (elf_getphdrnum(elf, &n) != 0)
		return -EINVAL;
	m->loads = calloc(n ? n : 1, sizeof(*m->loads));
	if (!m->loads)
		return -ENOMEM;
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

static void take_build_id(struct module *m, Elf_Data *data)
{
	size_t at = 0, name, desc;
	GElf_Nhdr note;

	while ((at = gelf_getnote(data, at, &note, &name, &desc)) > 0) {
		const unsigned char *bytes = (const unsigned char *)data->d_buf + desc;

		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof("GNU") ||
		    memcmp((const char *)data->d_buf + name, "GNU", sizeof("GNU")) != 0 ||
		    2 * (size_t)note.n_descsz >= sizeof(m->build_id))
			continue;
		for (size_t i = 0; i < note.n_descsz; i++)
			sprintf(m->build_id + 2 * i, "%02x", bytes[i]);
		return;
	}
}

/* From the segments, which stripped files keep too. */
static void read_build_id(struct module *m, Elf *elf)
{
	size_t n = 0;

	if (elf_getphdrnum(elf, &n) != 0)
		return;
	for (size_t i = 0; i < n && !m->build_id[0]; i++) {
		GElf_Phdr ph;
		Elf_Data *data;

		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_NOTE)
			continue;
		data = elf_getdata_rawchunk(elf, (int64_t)ph.p_offset, ph.p_filesz,
					    ph.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
		if (data)
			take_build_id(m, data);
	}
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
	auto_elf Elf *elf = open_elf(file, &fd);
	struct module *m;

	if (!elf)
		return NULL;
	m = calloc(1, sizeof(*m));
	if (!m)
		return NULL;
	m->file = strdup(file);
	if (!m->file || read_loads(m, elf) < 0) {
		module_free(m);
		return NULL;
	}
	read_build_id(m, elf);
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

/* ---- symbol tables ---- */

static bool copy_strings(Elf_Scn *section, struct strings *to)
{
	Elf_Data *data = elf_getdata(section, NULL);

	if (!data || !data->d_size)
		return false;
	to->copy = malloc(data->d_size);
	if (!to->copy)
		return false;
	memcpy(to->copy, data->d_buf, data->d_size);
	to->copy[data->d_size - 1] = '\0';
	to->size = data->d_size;
	return true;
}

static bool leave_strings(const GElf_Shdr *sh, int fd, struct strings *to)
{
	if (fd < 0 || fd >= MOST_OPEN || sh->sh_size < LARGE_STRINGS ||
	    sh->sh_flags & SHF_COMPRESSED)
		return false;
	to->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	to->offset = sh->sh_offset;
	to->size = sh->sh_size;
	return to->fd >= 0;
}

/* Section INDEX, which holds strings, of the file FD (-1: an image). False when it is none. */
static bool take_strings(struct module *m, Elf *elf, int fd, size_t index)
{
	struct strings strings = { .fd = -1 }, *more;
	Elf_Scn *section = elf_getscn(elf, index);
	GElf_Shdr sh;

	if (!section || !gelf_getshdr(section, &sh))
		return false;
	more = realloc(m->strings, (m->n_strings + 1) * sizeof(*more));
	if (!more)
		return false;
	m->strings = more;
	if (!leave_strings(&sh, fd, &strings) && !copy_strings(section, &strings))
		return false;
	m->strings[m->n_strings++] = strings;
	return true;
}

static bool is_function(const GElf_Sym *sym)
{
	int type = GELF_ST_TYPE(sym->st_info);

	return (type == STT_FUNC || type == STT_GNU_IFUNC) && sym->st_shndx != SHN_UNDEF &&
	       sym->st_size > 0;
}

static void read_table(struct module *m, Elf *elf, int fd, Elf_Scn *section, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t n = sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;
	struct symbol *more;

	if (!data || n > INT_MAX || !take_strings(m, elf, fd, sh->sh_link))
		return;
	more = realloc(m->symbols, (m->n_symbols + n) * sizeof(*more));
	if (!more)
		return;
	m->symbols = more;
	for (size_t i = 0; i < n; i++) {
		GElf_Sym sym;

		if (gelf_getsym(data, (int)i, &sym) && is_function(&sym) &&
		    sym.st_name < m->strings[m->n_strings - 1].size)
			m->symbols[m->n_symbols++] =
				(struct symbol){ sym.st_value, sym.st_size,
						 (uint32_t)m->n_strings - 1, sym.st_name };
	}
}

static void read_tables_of_type(struct module *m, Elf *elf, int fd, uint32_t type)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr sh;

		if (gelf_getshdr(section, &sh) && sh.sh_type == type)
			read_table(m, elf, fd, section, &sh);
	}
}

/* What the dynamic symbols name, the full table names too, where there is one (elf(5)). */
static void read_tables_of(struct module *m, Elf *elf, int fd)
{
	size_t before = m->n_symbols;

	if (!elf)
		return;
	read_tables_of_type(m, elf, fd, SHT_SYMTAB);
	if (m->n_symbols == before)
		read_tables_of_type(m, elf, fd, SHT_DYNSYM);
}

/* Whether it is a file to read. */
static bool read_tables(struct module *m, const char *file)
{
	auto_close int fd = -1;
	auto_elf Elf *elf = open_elf(file, &fd);

	read_tables_of(m, elf, fd);
	return elf != NULL;
}

#define BUCKET_SHIFT 12
#define MOST_BUCKETS (1u << 20) /* 4 GiB of code */

static size_t bucket_of(const struct module *m, uint64_t address)
{
	return (size_t)((address - m->first) >> BUCKET_SHIFT);
}

/* Of several names for one function the plainest: "read" before "__read", "__GI___libc_read". */
static bool is_plainer(const char *a, const char *b)
{
	size_t under_a = strspn(a, "_"), under_b = strspn(b, "_");

	if (under_a != under_b)
		return under_a < under_b;
	if (strlen(a) != strlen(b))
		return strlen(a) < strlen(b);
	return strcmp(a, b) < 0;
}

/*
 * Puts the symbols into buckets by the page they start in, in two passes over them: sorting would
 * be most of what a short recording costs.
 */
static void fill_buckets(struct module *m)
{
	uint64_t low = UINT64_MAX, high = 0;
	struct symbol *ordered;

	for (size_t i = 0; i < m->n_symbols; i++) {
		low = m->symbols[i].start < low ? m->symbols[i].start : low;
		high = m->symbols[i].start > high ? m->symbols[i].start : high;
	}
	m->first = low;
	m->n_buckets = (size_t)((high - low) >> BUCKET_SHIFT) + 1;
	if (m->n_buckets > MOST_BUCKETS)
		m->n_buckets = 0;
	ordered = m->n_buckets ? malloc(m->n_symbols * sizeof(*ordered)) : NULL;
	m->buckets = ordered ? calloc(m->n_buckets + 1, sizeof(*m->buckets)) : NULL;
	if (!m->buckets) { /* addresses without names */
		free(ordered);
		m->n_buckets = 0;
		return;
	}
	for (size_t i = 0; i < m->n_symbols; i++)
		m->buckets[bucket_of(m, m->symbols[i].start) + 1]++;
	for (size_t b = 0; b < m->n_buckets; b++)
		m->buckets[b + 1] += m->buckets[b];
	/* Each insertion moves its bucket's border up; afterwards border B is the end of B. */
	for (size_t i = 0; i < m->n_symbols; i++)
		ordered[m->buckets[bucket_of(m, m->symbols[i].start)]++] = m->symbols[i];
	free(m->symbols);
	m->symbols = ordered;
}

static void read_name(const struct module *m, const struct symbol *s, char to[NAME_SIZE])
{
	const struct strings *strings = &m->strings[s->table];
	ssize_t n = 0;

	if (strings->copy)
		n = snprintf(to, NAME_SIZE, "%s", strings->copy + s->name);
	else
		n = pread(strings->fd, to, NAME_SIZE - 1, (off_t)(strings->offset + s->name));
	to[n < 0 ? 0 : n < NAME_SIZE ? n : NAME_SIZE - 1] = '\0';
}

/* Which of two names for one function is the better one. */
static const struct symbol *plainer(const struct module *m, const struct symbol *a,
				    const struct symbol *b)
{
	char name_a[NAME_SIZE], name_b[NAME_SIZE];

	read_name(m, a, name_a);
	read_name(m, b, name_b);
	return is_plainer(name_a, name_b) ? a : b;
}

/* The nearest symbol of one bucket that starts at or before ADDRESS, plainest name first. */
static const struct symbol *nearest(const struct module *m, size_t bucket, uint64_t address)
{
	const struct symbol *best = NULL;

	for (size_t i = bucket ? m->buckets[bucket - 1] : 0; i < m->buckets[bucket]; i++) {
		const struct symbol *s = &m->symbols[i];

		if (s->start > address || (best && s->start < best->start))
			continue;
		best = !best || s->start > best->start ? s : plainer(m, s, best);
	}
	return best;
}

static int find_symbol(struct module *m, uint64_t address, const char **name, uint64_t *distance)
{
	const struct symbol *s = NULL;
	size_t bucket;

	if (!m->n_buckets || address < m->first)
		return -ENOENT;
	bucket = bucket_of(m, address);
	bucket = bucket < m->n_buckets ? bucket : m->n_buckets - 1;
	while (!(s = nearest(m, bucket, address)) && bucket > 0)
		bucket--;
	if (!s || address - s->start >= s->size)
		return -ENOENT;
	read_name(m, s, m->name);
	*name = m->name;
	*distance = address - s->start;
	return 0;
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
	if (m->n_symbols)
		fill_buckets(m);
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
	read_tables_of(m, elf, -1);
	if (m->n_symbols)
		fill_buckets(m);
	return m;
}

struct module *symbols_image(struct symbols *symbols, char *image, size_t size)
{
	struct module *m = map_get(&symbols->modules, &size, sizeof(size));

	if (m)
		return m;
	m = read_image(image, size);
	if (m && map_put(&symbols->modules, &size, sizeof(size), m) < 0) {
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
	n = eh_frame_table(data->d_buf, data->d_size, sh->sh_addr, m->loads[0].address, &m->rows);
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
	auto_elf Elf *elf = m->n_loads ? open_elf(m->file, &fd) : NULL;
	Elf_Scn *section = NULL;
	size_t names;

	m->frames_read = true;
	if (!elf || gelf_getclass(elf) != ELFCLASS64 || elf_getshdrstrndx(elf, &names) != 0)
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

int module_symbol(struct module *m, const char *root, uint64_t offset, const char **name,
		  uint64_t *distance)
{
	uint64_t address;
	int r = module_address(m, offset, &address);

	if (r < 0)
		return r;
	if (!m->symbols_read)
		read_symbols(m, root);
	return find_symbol(m, address, name, distance);
}

void symbols_clear(struct symbols *symbols)
{
	map_clear(&symbols->modules, module_free);
}
