/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A system call by int 0x80 in a 64-bit process: number 20 is getpid there, and writev for the
 * syscall instruction.
 */
#include "target.h"

int main(void)
{
#if defined(__x86_64__)
	long pid;

	__asm__ volatile("int $0x80" : "=a"(pid) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
	if (pid == -38) /* ENOSYS: a kernel without 32-bit calls */
		return EXIT_SKIP;
	check(pid == getpid());
	puts("getpid by int 0x80");
	return 0;
#else
	return EXIT_SKIP;
#endif
}
