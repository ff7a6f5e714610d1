/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x86-64 code is read instruction by instruction, and ELF files survive being cut and changed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "check.h"
#include "elf/eh_frame.h"
#include "elf/elf_file.h"
#include "elf/x86.h"

/* ---- code ---- */

#define MOST_FACTS 16

struct facts {
	size_t n;
	enum x86_fact_kind kind[MOST_FACTS];
	int64_t value[MOST_FACTS];
};

static int on_fact(void *state, enum x86_fact_kind kind, int64_t value)
{
	struct facts *facts = state;

	if (kind == X86_CONSTANT)
		return 0;
	check(facts->n < MOST_FACTS);
	facts->kind[facts->n] = kind;
	facts->value[facts->n++] = value;
	return 0;
}

/* What CODE at address 0x1000 says, when it says one thing. */
static void check_says(const char *code, size_t len, enum x86_fact_kind kind, int64_t value)
{
	struct facts facts = { .n = 0 };
	const struct x86_sink sink = { &facts, on_fact };

	check(x86_scan((const unsigned char *)code, len, 0x1000, &sink) == 0);
	check(facts.n == 1 && facts.kind[0] == kind && facts.value[0] == value);
}
#define SAYS(code, kind, value) check_says(code, sizeof(code) - 1, kind, value)

static void the_number_of_a_call_is_the_constant_in_its_register(void)
{
	SAYS("\xb8\x3c\x00\x00\x00\x0f\x05", X86_SYSCALL, 60);         /* mov $60,%eax */
	SAYS("\x31\xc0\x0f\x05", X86_SYSCALL, 0);                     /* xor %eax,%eax */
	SAYS("\x48\xc7\xc0\xe7\x00\x00\x00\x0f\x05", X86_SYSCALL, 231); /* mov $231,%rax */
	SAYS("\x41\xb9\x09\x00\x00\x00\x44\x89\xc8\x0f\x05", X86_SYSCALL, 9); /* by %r9d */
	SAYS("\x8b\x07\x0f\x05", X86_SYSCALL, -1);                    /* mov (%rdi),%eax */
	/* The bytes of a call within another instruction are none. */
	SAYS("\xb8\x0f\x05\x00\x00\x31\xc0\x0f\x05", X86_SYSCALL, 0);
}

static void references_are_relative_to_the_next_instruction(void)
{
	SAYS("\xe8\x10\x00\x00\x00", X86_REFERS, 0x1015);
	SAYS("\xe9\xfb\xff\xff\xff", X86_REFERS, 0x1000);
	SAYS("\x0f\x84\x00\x01\x00\x00", X86_REFERS, 0x1106);
	SAYS("\x48\x8d\x3d\x00\x00\x00\x00", X86_REFERS, 0x1007);   /* lea 0(%rip),%rdi */
	SAYS("\xff\x25\x02\x00\x00\x00", X86_LOADS, 0x1008);         /* jmp *2(%rip) */
	/* An immediate after the displacement counts: cmpl $1,0(%rip) */
	SAYS("\x83\x3d\x00\x00\x00\x00\x01", X86_LOADS, 0x1007);
}

/* Each is followed by `mov $1,%eax; syscall`, which is found when the length is right. */
static void instructions_have_their_length(void)
{
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
#define ROW(bytes) { bytes, sizeof(bytes) - 1 }
		ROW("\xf3\x0f\x1e\xfa"),                          /* endbr64 */
		ROW("\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00"),  /* nopw */
		ROW("\x48\xb8\x01\x02\x03\x04\x05\x06\x07\x08"),  /* movabs */
		ROW("\x66\xb8\x01\x02"),                          /* mov $,%ax */
		ROW("\xf6\xc1\x0f"),                              /* test $15,%cl */
		ROW("\xf6\xd1"),                                  /* not %cl */
		ROW("\xf7\xc1\x01\x02\x03\x04"),                  /* test $,%ecx */
		ROW("\x64\x48\x8b\x04\x25\x28\x00\x00\x00"),      /* mov %fs:0x28,%rax */
		ROW("\xc5\xf8\x77"),                              /* vzeroupper */
		ROW("\xc5\xfd\x6f\x44\x24\x20"),                  /* vmovdqa 32(%rsp),%ymm0 */
		ROW("\xc4\xe3\x7d\x39\xc1\x01"),                  /* vextracti128 $1 */
		ROW("\x62\xf1\xfe\x48\x6f\x06"),                  /* vmovdqu64 (%rsi),%zmm0 */
		ROW("\x0f\xba\xe0\x05"),                          /* bt $5,%eax */
		ROW("\x66\x0f\x3a\x0f\xc1\x08"),                  /* palignr $8 */
		ROW("\x66\x0f\x38\x00\xc1"),                      /* pshufb */
		ROW("\x69\xc0\x01\x02\x03\x04"),                  /* imul $,%eax,%eax */
		ROW("\xc8\x10\x00\x00"),                          /* enter */
		ROW("\xf0\x0f\xb1\x0d\x00\x00\x00\x00"),          /* lock cmpxchg */
#undef ROW
	};
	static const char tail[] = "\xb8\x01\x00\x00\x00\x0f\x05";

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned char code[32];
		struct facts facts = { .n = 0 };
		const struct x86_sink sink = { &facts, on_fact };

		memcpy(code, rows[i].bytes, rows[i].len);
		memcpy(code + rows[i].len, tail, sizeof(tail) - 1);
		check(x86_scan(code, rows[i].len + sizeof(tail) - 1, 0, &sink) == 0);
		if (!facts.n || facts.kind[facts.n - 1] != X86_SYSCALL ||
		    facts.value[facts.n - 1] != 1)
			fprintf(stderr, "row %zu\n", i);
		check(facts.n && facts.kind[facts.n - 1] == X86_SYSCALL);
		check(facts.value[facts.n - 1] == 1);
	}
}

/* ---- files ---- */

static void a_program_knows_its_imports_and_libraries(void)
{
	struct elf_file *file = NULL;

	check(elf_file_open("/proc/self/exe", &file) == 0);
	check(file->n_needed > 0 && file->imports.n > 0 && file->n_sections > 0);
	check(!file->interpreter);
	elf_file_close(file);
	check(elf_file_open("/no/such/file", &file) == -ENOENT);
	check(elf_file_open("/dev/null", &file) == -ENOEXEC);
}

/* A generator of its own: the same changes in each run. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void read_changed(const char *data, size_t len, uint32_t seed)
{
	char path[] = "/tmp/learn-elf-XXXXXX";
	auto_free char *copy = malloc(len);
	auto_close int fd = mkstemp(path);
	struct elf_file *file = NULL;
	size_t kept = seed % 4 ? len : next_random(&seed) % len;

	check(copy && fd >= 0);
	memcpy(copy, data, len);
	for (int i = 0; i < 40; i++) {
		/* Headers and the tables at both ends matter most. */
		size_t at = next_random(&seed) % 1024;

		copy[i % 2 ? at % len : len - 1 - at % len] = (char)next_random(&seed);
	}
	check(write(fd, copy, kept) == (ssize_t)kept);
	if (elf_file_open(path, &file) == 0) {
		for (size_t i = 0; i < file->n_functions; i++) {
			size_t length;

			check(elf_code_at(file, file->functions[i].start, &length));
		}
		elf_file_close(file);
	}
	check(unlink(path) == 0);
}

static void a_broken_file_is_read_as_far_as_it_goes_or_refused(void)
{
	auto_free char *data = NULL;
	size_t len = 0;

	check(read_file("/proc/self/exe", 64 << 20, &data, &len) == 0);
	for (uint32_t seed = 1; seed <= 60; seed++)
		read_changed(data, len, seed);
}

/* ---- unwind tables ---- */

static const struct elf_section *section_named(const struct elf_file *file, const char *name)
{
	for (size_t i = 0; i < file->n_sections; i++)
		if (strcmp(file->sections[i].name, name) == 0)
			return &file->sections[i];
	return NULL;
}

static void the_table_is_the_one_that_the_linker_makes(void)
{
	auto_free struct eh_frame_row *rows = NULL;
	const struct elf_section *header, *frame;
	struct elf_file *file = NULL;
	uint32_t n;

	check(elf_file_open("/proc/self/exe", &file) == 0);
	header = section_named(file, ".eh_frame_hdr");
	frame = section_named(file, ".eh_frame");
	check(header && frame && header->size > 12 && frame->bytes);
	memcpy(&n, header->bytes + 8, sizeof(n));
	check(n > 10 && header->size >= 12 + n * sizeof(*rows));
	check(eh_frame_table(frame->bytes, frame->size, frame->address, header->address, 8,
			     &rows) ==
	      (int64_t)n);
	check(memcmp(rows, header->bytes + 12, n * sizeof(*rows)) == 0);
	elf_file_close(file);
}

#define FRAMES	 0x2000 /* where the .eh_frame of these tests is */
#define FUNCTION 0x1000 /* the one that it is about */

struct buffer {
	unsigned char bytes[256];
	size_t len;
};

static void put(struct buffer *b, uint64_t value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		b->bytes[b->len++] = (unsigned char)(value >> (8 * i));
}

/* How a CIE says that addresses are stored, and how they are. */
struct encoding {
	const char *letters; /* the augmentation */
	const char *data;    /* its own */
	size_t data_len, stored;
	bool relative;
	unsigned version;
	bool found; /* by a reader */
	unsigned word;
};
#define DATA(text) text, sizeof(text) - 1

/* A CIE and an FDE. Returns where the FDE is. */
static uint64_t put_records(struct buffer *b, const struct encoding *e)
{
	size_t cie = b->len, record;

	put(b, 0, 8);
	put(b, e->version, 1);
	for (size_t i = 0; i <= strlen(e->letters); i++)
		put(b, (unsigned char)e->letters[i], 1);
	put(b, 0x107801, 3); /* factors, register */
	put(b, e->data_len, 1);
	for (size_t i = 0; i < e->data_len; i++)
		put(b, (unsigned char)e->data[i], 1);
	b->bytes[cie] = (unsigned char)(b->len - cie - 4);
	record = b->len;
	put(b, 5 + 2 * e->stored, 4);
	put(b, b->len - cie, 4);
	put(b, FUNCTION - (e->relative ? FRAMES + b->len : 0), e->stored);
	put(b, 0x10, e->stored);
	put(b, 0, 1); /* no data of its own */
	return FRAMES + record;
}

static void addresses_are_read_as_their_encoding_says(void)
{
	static const struct encoding encodings[] = {
		{ "zR", DATA("\x1b"), 4, true, 1, true, 8 },
		{ "zR", DATA("\x1c"), 8, true, 1, true, 8 },
		{ "zR", DATA("\x1b"), 4, true, 3, true, 8 },
		{ "zR", DATA("\x00"), 8, false, 1, true, 8 },
		{ "zR", DATA("\x03"), 4, false, 1, true, 8 },
		{ "z", DATA(""), 8, false, 1, true, 8 },
		{ "zR", DATA("\x00"), 4, false, 1, true, 4 },
		{ "zR", DATA("\x1b"), 4, true, 1, true, 4 },
		/* Behind a personality, the encoding of other addresses, and marks. */
		{ "zPLR", DATA("\x9b....\x1b\x1b"), 4, true, 1, true, 8 },
		{ "zSR", DATA("\x1b"), 4, true, 1, true, 8 },
		/* What is not known: letters, encodings, versions; and data that ends early. */
		{ "z?R", DATA("\x1b\x1b"), 4, true, 1, false, 8 },
		{ "zR", DATA("\x3b"), 4, true, 1, false, 8 },
		{ "zR", DATA("\x01"), 4, true, 1, false, 8 },
		{ "zR", DATA("\x1b"), 4, true, 9, false, 8 },
		{ "eh", DATA("\x1b"), 4, true, 1, false, 8 },
		{ "zR", DATA(""), 4, true, 1, false, 8 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(encodings); i++) {
		auto_free struct eh_frame_row *row = NULL;
		struct buffer b = { .len = 0 };
		uint64_t record;
		int64_t n;

		put(&b, 0, 4); /* the end of what another object brought */
		record = put_records(&b, &encodings[i]);
		n = eh_frame_table(b.bytes, b.len, FRAMES, 0, encodings[i].word, &row);
		if (n != encodings[i].found)
			fprintf(stderr, "row %zu\n", i);
		check(n == encodings[i].found);
		if (row)
			check(row->start == FUNCTION && row->record == (int32_t)record);
	}
}

static void a_broken_table_is_read_as_far_as_it_goes(void)
{
	const struct elf_section *frame;
	struct elf_file *file = NULL;

	check(elf_file_open("/proc/self/exe", &file) == 0);
	frame = section_named(file, ".eh_frame");
	check(frame && frame->bytes);
	for (uint32_t seed = 1; seed <= 200; seed++) {
		uint32_t state = seed;
		size_t len = next_random(&state) % frame->size;
		auto_free unsigned char *copy = malloc(len + 1);
		auto_free struct eh_frame_row *rows = NULL;
		int64_t n;

		check(copy != NULL);
		memcpy(copy, frame->bytes, len);
		for (size_t i = 0; len && i < seed % 64; i++)
			copy[next_random(&state) % len] = (unsigned char)next_random(&state);
		n = eh_frame_table(copy, len, frame->address, 0, 8, &rows);
		check(n >= 0);
		for (int64_t i = 1; i < n; i++)
			check(rows[i - 1].start <= rows[i].start);
	}
	elf_file_close(file);
}

int main(void)
{
	the_number_of_a_call_is_the_constant_in_its_register();
	references_are_relative_to_the_next_instruction();
	instructions_have_their_length();
	a_program_knows_its_imports_and_libraries();
	a_broken_file_is_read_as_far_as_it_goes_or_refused();
	the_table_is_the_one_that_the_linker_makes();
	addresses_are_read_as_their_encoding_says();
	a_broken_table_is_read_as_far_as_it_goes();
	return EXIT_SUCCESS;
}
