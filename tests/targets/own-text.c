/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares the first bytes of its code in memory with those in its file; in a child too. */
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

static int differs(void)
{
	unsigned char file[64];
	Elf64_Ehdr header;
	int fd = open("/proc/self/exe", O_RDONLY);

	/* Position-independent: the text segment's addresses are its offsets, as linkers put it. */
	if (fd < 0 || pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    pread(fd, file, sizeof(file), (off_t)header.e_entry) != sizeof(file))
		return 2;
	close(fd);
	return memcmp((const void *)getauxval(AT_ENTRY), file, sizeof(file)) != 0;
}

/* The loader calls this: constructors of the program itself come after its entry point. */
static void before_entry(void)
{
	int status;
	pid_t pid = fork(); /* has the entry point before it, as this one has */

	if (pid > 0) {
		waitpid(pid, &status, 0);
		printf("child %d\n", WEXITSTATUS(status));
		fflush(stdout);
	}
}

__attribute__((section(".preinit_array"), used)) static void (*const early)(void) = before_entry;

int main(void)
{
	static int runs;

	runs++;
	printf("differs %d\n", differs());
	fflush(stdout);
	return 7 * runs;
}
