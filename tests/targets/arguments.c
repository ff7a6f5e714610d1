/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the calls it is told to: ARCH:NUMBER:ARGUMENT:... with six arguments, ARCH 64 for this
 * program's own calls and 32 for int 0x80. Prints the result of each, in order. A word FIELDS
 * makes calls with flags in memory instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include "target.h"

static long call_64(long nr, const uint64_t a[6])
{
	long result = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);

	return result < 0 ? -errno : result;
}

#ifdef __x86_64__
/* The sixth argument is in rbp, which the compiler may need. The kernel may spoil r8 to r11. */
static long call_32(long nr, const uint64_t a[6])
{
	uint64_t sixth = a[5];
	long result;

	__asm__ volatile("xchg %1, %%rbp; int $0x80; xchg %1, %%rbp"
			 : "=a"(result), "+r"(sixth)
			 : "0"(nr), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4])
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	return result;
}
#else
static long call_32(long nr, const uint64_t a[6])
{
	(void)nr, (void)a;
	return -ENOSYS;
}
#endif

static void make(const char *word)
{
	char *end;
	long arch = strtol(word, &end, 10), nr = strtol(end + 1, &end, 10);
	uint64_t args[6] = { 0 };

	for (int i = 0; i < 6 && *end == ':'; i++)
		args[i] = strtoull(end + 1, &end, 0);
	printf("%ld\n", arch == 32 ? call_32(nr, args) : call_64(nr, args));
	fflush(stdout);
}

/* Children share no memory with us, so that what they return to is theirs. */
static void use_fields(void)
{
	struct clone_args child = { .flags = CLONE_FS, .exit_signal = SIGCHLD };
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_NO_MAGICLINKS };
	pid_t pid = (pid_t)must(syscall(SYS_clone3, &child, sizeof(child)));

	if (pid == 0)
		_exit(0);
	check(status_of(pid) == 0);
	must(syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how)));
	check(syscall(SYS_openat2, AT_FDCWD, "/", NULL, sizeof(how)) < 0);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "FIELDS") == 0)
			use_fields();
		else
			make(argv[i]);
	}
	return 0;
}
