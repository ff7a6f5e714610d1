/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions in the symbol tables of ELF files, found by address. */
#include "tracer/symbol_tables.h"

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

/* A string table: a copy, as the file may change under us, or where it is read by the name. */
struct strings {
	char *copy; /* NULL: in the file */
	int fd;     /* -1 with a copy */
	uint64_t offset, size;
	struct timespec modified; /* the file; afterwards other things may stand there */
	bool stale;		  /* and do, or may */
};

struct symbol {
	uint64_t start, size;
	uint32_t table; /* of the string tables */
	uint32_t name;  /* where in it */
};

/* A function that was asked for. */
struct named {
	uint64_t size;
	char name[]; /* "" when it could not be read */
};

#define SYMBOL_NAME_SIZE 256 /* what is read of a name */

/* A larger string table is read by the name: few of its names are asked for. */
#define LARGE_STRINGS (16 << 10)
#define MOST_OPEN     64 /* files of such tables; what comes after them is copied */

void symbol_tables_clear(struct symbol_tables *t)
{
	for (size_t i = 0; i < t->n_strings; i++) {
		free(t->strings[i].copy);
		if (t->strings[i].fd >= 0)
			close(t->strings[i].fd);
	}
	map_clear(&t->named, free);
	free(t->strings);
	free(t->buckets);
	free(t->symbols);
	*t = (struct symbol_tables){ .n_symbols = 0 };
}

/* ---- reading ---- */

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
	struct stat st;

	if (fd < 0 || fd >= MOST_OPEN || sh->sh_size < LARGE_STRINGS ||
	    sh->sh_flags & SHF_COMPRESSED || fstat(fd, &st) < 0)
		return false;
	to->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	to->offset = sh->sh_offset;
	to->size = sh->sh_size;
	to->modified = st.st_mtim;
	return to->fd >= 0;
}

/* Section INDEX, which holds strings, of the file FD (-1: an image). False when it is none. */
static bool take_strings(struct symbol_tables *t, Elf *elf, int fd, size_t index)
{
	struct strings strings = { .fd = -1 }, *more;
	Elf_Scn *section = elf_getscn(elf, index);
	GElf_Shdr sh;

	if (!section || !gelf_getshdr(section, &sh))
		return false;
	more = realloc(t->strings, (t->n_strings + 1) * sizeof(*more));
	if (!more)
		return false;
	t->strings = more;
	if (!leave_strings(&sh, fd, &strings) && !copy_strings(section, &strings))
		return false;
	t->strings[t->n_strings++] = strings;
	return true;
}

static bool make_room(struct symbol_tables *t)
{
	size_t capacity = t->capacity ? 2 * t->capacity : 256;
	struct symbol *more;

	if (t->n_symbols < t->capacity)
		return true;
	more = realloc(t->symbols, capacity * sizeof(*more));
	if (!more)
		return false;
	t->symbols = more;
	t->capacity = capacity;
	return true;
}

static bool is_function(const GElf_Sym *sym)
{
	int type = GELF_ST_TYPE(sym->st_info);

	return (type == STT_FUNC || type == STT_GNU_IFUNC) && sym->st_shndx != SHN_UNDEF &&
	       sym->st_size > 0;
}

/* Adds a symbol, if it is a function, with a name in the string table that came last. */
static void take_symbol(struct symbol_tables *t, const GElf_Sym *sym)
{
	if (is_function(sym) && sym->st_name < t->strings[t->n_strings - 1].size && make_room(t))
		t->symbols[t->n_symbols++] =
			(struct symbol){ sym->st_value, sym->st_size, (uint32_t)t->n_strings - 1,
					 sym->st_name };
}

/* N symbols of whatever class and order, or of an image. */
static void take_by_libelf(struct symbol_tables *t, Elf_Scn *section, size_t n)
{
	Elf_Data *data = elf_getdata(section, NULL);

	for (size_t i = 0; data && i < n; i++) {
		GElf_Sym sym;

		if (gelf_getsym(data, (int)i, &sym))
			take_symbol(t, &sym);
	}
}

/* N symbols that lie in a file as they are needed: there may be 100,000, so a few at a time. */
static void take_from_file(struct symbol_tables *t, int fd, uint64_t offset, size_t n)
{
	Elf64_Sym some[512];

	for (size_t done = 0, got; done < n; done += got) {
		size_t wanted = n - done < ARRAY_SIZE(some) ? n - done : ARRAY_SIZE(some);
		ssize_t size = pread(fd, some, wanted * sizeof(*some),
				     (off_t)(offset + done * sizeof(*some)));

		got = size > 0 ? (size_t)size / sizeof(*some) : 0;
		if (!got)
			return;
		for (size_t i = 0; i < got; i++)
			take_symbol(t, &some[i]);
	}
}

static bool is_as_needed(Elf *elf, const GElf_Shdr *sh)
{
	const char *ident = elf_getident(elf, NULL);
	const int native = __BYTE_ORDER == __LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;

	return ident && ident[EI_CLASS] == ELFCLASS64 && ident[EI_DATA] == native &&
	       sh->sh_entsize == sizeof(Elf64_Sym) && !(sh->sh_flags & SHF_COMPRESSED);
}

static void read_table(struct symbol_tables *t, Elf *elf, int fd, Elf_Scn *section,
		       const GElf_Shdr *sh)
{
	size_t n = sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;

	if (n > INT_MAX || !take_strings(t, elf, fd, sh->sh_link))
		return;
	if (fd >= 0 && is_as_needed(elf, sh))
		take_from_file(t, fd, sh->sh_offset, n);
	else
		take_by_libelf(t, section, n);
}

static void read_tables_of_type(struct symbol_tables *t, Elf *elf, int fd, uint32_t type)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr sh;

		if (gelf_getshdr(section, &sh) && sh.sh_type == type)
			read_table(t, elf, fd, section, &sh);
	}
}

/* What the dynamic symbols name, the full table names too, where there is one (elf(5)). */
void symbol_tables_read(struct symbol_tables *t, Elf *elf, int fd)
{
	size_t before = t->n_symbols;

	read_tables_of_type(t, elf, fd, SHT_SYMTAB);
	if (t->n_symbols == before)
		read_tables_of_type(t, elf, fd, SHT_DYNSYM);
}

/* ---- order ---- */

#define BUCKET_SHIFT 12
#define MOST_BUCKETS (1u << 20) /* 4 GiB of code */

static size_t bucket_of(const struct symbol_tables *t, uint64_t address)
{
	return (size_t)((address - t->first) >> BUCKET_SHIFT);
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
void symbol_tables_order(struct symbol_tables *t)
{
	uint64_t low = UINT64_MAX, high = 0;
	struct symbol *ordered;

	if (!t->n_symbols)
		return;
	for (size_t i = 0; i < t->n_symbols; i++) {
		low = t->symbols[i].start < low ? t->symbols[i].start : low;
		high = t->symbols[i].start > high ? t->symbols[i].start : high;
	}
	t->first = low;
	t->n_buckets = (size_t)((high - low) >> BUCKET_SHIFT) + 1;
	if (t->n_buckets > MOST_BUCKETS)
		t->n_buckets = 0;
	ordered = t->n_buckets ? malloc(t->n_symbols * sizeof(*ordered)) : NULL;
	t->buckets = ordered ? calloc(t->n_buckets + 1, sizeof(*t->buckets)) : NULL;
	if (!t->buckets) { /* addresses without names */
		free(ordered);
		t->n_buckets = 0;
		return;
	}
	for (size_t i = 0; i < t->n_symbols; i++)
		t->buckets[bucket_of(t, t->symbols[i].start) + 1]++;
	for (size_t b = 0; b < t->n_buckets; b++)
		t->buckets[b + 1] += t->buckets[b];
	/* Each insertion moves its bucket's border up; afterwards border B is the end of B. */
	for (size_t i = 0; i < t->n_symbols; i++)
		ordered[t->buckets[bucket_of(t, t->symbols[i].start)]++] = t->symbols[i];
	free(t->symbols);
	t->symbols = ordered;
	t->capacity = t->n_symbols;
}

/* Before names are read: whether they still stand in the files. */
static void check_strings(struct symbol_tables *t)
{
	for (size_t i = 0; i < t->n_strings; i++) {
		struct strings *strings = &t->strings[i];
		struct stat st;

		if (!strings->copy)
			strings->stale = fstat(strings->fd, &st) < 0 ||
					 st.st_mtim.tv_sec != strings->modified.tv_sec ||
					 st.st_mtim.tv_nsec != strings->modified.tv_nsec;
	}
}

/* As much of the name as there is room for; "" when there is none. */
static void read_name(const struct symbol_tables *t, const struct symbol *s,
		      char to[SYMBOL_NAME_SIZE])
{
	const struct strings *strings = &t->strings[s->table];
	ssize_t n = 0;

	if (strings->copy)
		n = snprintf(to, SYMBOL_NAME_SIZE, "%s", strings->copy + s->name);
	else if (!strings->stale)
		n = pread(strings->fd, to, SYMBOL_NAME_SIZE - 1,
			  (off_t)(strings->offset + s->name));
	to[n < 0 ? 0 : n < SYMBOL_NAME_SIZE ? n : SYMBOL_NAME_SIZE - 1] = '\0';
}

/* The symbol of one bucket that starts nearest before ADDRESS, or there. */
static const struct symbol *nearest(const struct symbol_tables *t, size_t bucket, uint64_t address)
{
	const struct symbol *best = NULL;

	for (size_t i = bucket ? t->buckets[bucket - 1] : 0; i < t->buckets[bucket]; i++) {
		const struct symbol *s = &t->symbols[i];

		if (s->start <= address && (!best || s->start > best->start))
			best = s;
	}
	return best;
}

/*
 * Of the symbols of a bucket that start where S, the first of them, does: the one with the plainest
 * name, which is left in NAME.
 */
static const struct symbol *plainest(struct symbol_tables *t, size_t bucket, const struct symbol *s,
				     char name[SYMBOL_NAME_SIZE])
{
	const struct symbol *best = s, *end = t->symbols + t->buckets[bucket];
	char other[SYMBOL_NAME_SIZE];

	check_strings(t);
	read_name(t, best, name);
	for (const struct symbol *at = s + 1; at < end; at++) {
		if (at->start != s->start)
			continue;
		read_name(t, at, other);
		if (is_plainer(other, name)) {
			strcpy(name, other);
			best = at;
		}
	}
	return best;
}

/* The function that starts where S, the first such symbol of a bucket, does, or NULL. */
static const struct named *function_at(struct symbol_tables *t, size_t bucket,
				       const struct symbol *s)
{
	struct named *function = map_get(&t->named, &s->start, sizeof(s->start));
	char name[SYMBOL_NAME_SIZE];
	const struct symbol *best;

	if (function)
		return function;
	best = plainest(t, bucket, s, name);
	function = malloc(sizeof(*function) + strlen(name) + 1);
	if (!function)
		return NULL;
	function->size = best->size;
	strcpy(function->name, name);
	if (map_put(&t->named, &s->start, sizeof(s->start), function) == 0)
		return function;
	free(function);
	return NULL;
}

int symbol_tables_find(struct symbol_tables *t, uint64_t address, struct symbol_found *ret)
{
	const struct symbol *s = NULL;
	const struct named *function;
	size_t bucket;

	if (!t->n_buckets || address < t->first)
		return -ENOENT;
	bucket = bucket_of(t, address);
	bucket = bucket < t->n_buckets ? bucket : t->n_buckets - 1;
	while (!(s = nearest(t, bucket, address)) && bucket > 0)
		bucket--;
	function = s ? function_at(t, bucket, s) : NULL;
	if (!function || address - s->start >= function->size || !*function->name)
		return -ENOENT;
	*ret = (struct symbol_found){ function->name, address - s->start, function->size };
	return 0;
}
