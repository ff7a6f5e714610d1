/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System calls one after the other, as the arguments say, parted by ",": a number with a `!` before
 * it when it may fail, then its arguments:
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

static long results[MOST_CALLS];

static long bytes_of(const char *hex)
{
	size_t n = strlen(hex) / 2;
	char *bytes = calloc(1, n + 1);

	check(bytes != NULL);
	for (size_t i = 0; i < n; i++) {
		char two[3] = { hex[2 * i], hex[2 * i + 1], 0 };

		bytes[i] = (char)strtol(two, NULL, 16);
	}
	return (long)bytes;
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

static long value_of(char *word)
{
	if (strncmp(word, "s:", 2) == 0)
		return (long)(word + 2);
	if (strncmp(word, "b:", 2) == 0)
		return bytes_of(word + 2);
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
		words[n++] = value_of(item);
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
	bool may_fail = words[0][0] == '!';
	long args[6] = { 0 }, result;

	for (int i = 1; i < n && i <= 6; i++)
		args[i - 1] = strncmp(words[i], "w:", 2) == 0 ? words_of(words[i] + 2)
							      : value_of(words[i]);
	if (strcmp(words[0], "ident") == 0) {
		identify(args[0]);
		return 0;
	}
	result = syscall(strtol(words[0] + may_fail, NULL, 10), args[0], args[1], args[2], args[3],
			 args[4], args[5]);
	if (result < 0 && !may_fail) {
		fprintf(stderr, "call %s: %s\n", words[0], strerror(errno));
		exit(EXIT_FAILURE);
	}
	return result < 0 ? -errno : result;
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
