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

int main(void)
{
	the_number_of_a_call_is_the_constant_in_its_register();
	references_are_relative_to_the_next_instruction();
	instructions_have_their_length();
	a_program_knows_its_imports_and_libraries();
	a_broken_file_is_read_as_far_as_it_goes_or_refused();
	return EXIT_SUCCESS;
}
