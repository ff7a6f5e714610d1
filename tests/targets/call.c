/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System calls one after the other, as the arguments say, parted by ",": a number with a `!` before
 * it when it may fail and a `%` when it is to be made by int 0x80, then its arguments:
 *
 *	123, -1    a number            s:TEXT     a pointer to a string
 *	rN         call N's result     b:HEX      a pointer to bytes
 *	cwd        AT_FDCWD            e:TEXT     a string at the end of the mapped memory
 *	w:A|B|...  a pointer to words, each of them a number, rN, s: or b:
 *
 * "ident FD" writes the device and inode of a descriptor. Results are written to stdout.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "target.h"

#define MOST_CALLS 64
#define MOST_WORDS 16

#if defined(__x86_64__)
#define LOW MAP_32BIT /* where 32-bit pointers reach */
#else
#define LOW 0
#endif

static long results[MOST_CALLS];

static void *low_copy(const void *bytes, size_t n)
{
	void *copy = mmap(NULL, n + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | LOW,
			  -1, 0);

	check(copy != MAP_FAILED);
	return memcpy(copy, bytes, n);
}

/* By int 0x80: its result is -errno. */
static long call_80(long nr, const long args[6])
{
#if defined(__x86_64__)
	/* ebp is the last argument: none of ours has six. */
	__asm__ volatile("int $0x80"
			 : "+a"(nr)
			 : "b"(args[0]), "c"(args[1]), "d"(args[2]), "S"(args[3]), "D"(args[4])
			 : "memory", "r8", "r9", "r10", "r11");
	return nr;
#else
	(void)nr;
	(void)args;
	return -ENOSYS;
#endif
}

static long bytes_of(const char *hex, bool low)
{
	size_t n = strlen(hex) / 2;
	char *bytes = calloc(1, n + 1);

	check(bytes != NULL);
	for (size_t i = 0; i < n; i++) {
		char two[3] = { hex[2 * i], hex[2 * i + 1], 0 };

		bytes[i] = (char)strtol(two, NULL, 16);
	}
	return (long)(low ? low_copy(bytes, n) : bytes);
}

static long at_the_end(const char *text)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = strlen(text) + 1;
	size_t size = (n + page - 1) / page * page;
	char *memory = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	check(memory != MAP_FAILED);
	must(munmap(memory + size, page));
	memcpy(memory + size - n, text, n);
	return (long)(memory + size - n);
}

/* LOW: what it points to is where 32-bit pointers reach. */
static long value_of(char *word, bool low)
{
	if (strncmp(word, "s:", 2) == 0)
		return (long)(low ? low_copy(word + 2, strlen(word + 2)) : word + 2);
	if (strncmp(word, "b:", 2) == 0)
		return bytes_of(word + 2, low);
	if (strncmp(word, "e:", 2) == 0)
		return at_the_end(word + 2);
	if (strcmp(word, "cwd") == 0)
		return AT_FDCWD;
	return word[0] == 'r' ? results[strtol(word + 1, NULL, 10)] : strtol(word, NULL, 0);
}

static long words_of(char *list)
{
	long *words = calloc(MOST_WORDS, sizeof(*words));
	size_t n = 0;

	check(words != NULL);
	for (char *item = strsep(&list, "|"); item; item = strsep(&list, "|")) {
		check(n < MOST_WORDS);
		words[n++] = value_of(item, false);
	}
	return (long)words;
}

static void identify(long fd)
{
	struct stat st;

	must(fstat((int)fd, &st));
	printf("ident %llu %llu\n", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
}

/* Makes the call of N words and returns how it ended. */
static long call(char **words, int n)
{
	bool may_fail = words[0][0] == '!', by_80 = words[0][may_fail] == '%';
	long args[6] = { 0 }, nr = strtol(words[0] + may_fail + by_80, NULL, 10), result;

	for (int i = 1; i < n && i <= 6; i++)
		args[i - 1] = strncmp(words[i], "w:", 2) == 0 ? words_of(words[i] + 2)
							      : value_of(words[i], by_80);
	if (strcmp(words[0], "ident") == 0) {
		identify(args[0]);
		return 0;
	}
	result = by_80 ? call_80(nr, args)
		       : syscall(nr, args[0], args[1], args[2], args[3], args[4], args[5]);
	if (result == -1 && !by_80)
		result = -errno;
	if (result < 0 && !may_fail) {
		fprintf(stderr, "call %s: %s\n", words[0], strerror((int)-result));
		exit(EXIT_FAILURE);
	}
	return result;
}

int main(int argc, char **argv)
{
	int n = 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	for (int i = 1; i < argc; n++) {
		int end = i;

		while (end < argc && strcmp(argv[end], ",") != 0)
			end++;
		check(n < MOST_CALLS);
		results[n] = call(argv + i, end - i);
		printf("%d %ld\n", n, results[n]);
		i = end + 1;
	}
	return 0;
}
