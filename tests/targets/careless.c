/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does not care whether a call that makes it safer fails: careless setuid goes on as root, careless
 * getrandom takes the time instead, careless mprotect leaves memory writable. And careless fallback
 * looks into /usr when it cannot ask for an attribute, careless telling says whether it can ask for
 * its group, careless number asks for its own number, careless device takes its seed from a device.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "target.h"

static void as_root(void)
{
	long ignored = syscall(SYS_setuid, 65534);

	(void)ignored;
}

static void by_the_clock(void)
{
	unsigned seed;

	if (syscall(SYS_getrandom, &seed, sizeof(seed), 0) != sizeof(seed))
		seed = (unsigned)time(NULL);
	srand(seed);
}

static void writable(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(page != MAP_FAILED);
	mprotect(page, 4096, PROT_READ);
}

static void fallback(void)
{
	char value[8];

	if (syscall(SYS_getxattr, "/", "user.x", value, sizeof(value)) < 0 &&
	    (errno == ENOSYS || errno == EPERM))
		close(open("/usr", O_RDONLY | O_DIRECTORY));
}

static void telling(void)
{
	int groups = syscall(SYS_getpgid, 0) < 0 ? 0 : 1;

	check(printf("%d\n", groups) > 0);
}

static void own_number(void)
{
	syscall(SYS_getpid);
}

static void by_device(void)
{
	close(open("/dev/urandom", O_RDONLY));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *call;
		void (*act)(void);
	} acts[] = { { "setuid", as_root }, { "getrandom", by_the_clock }, { "mprotect", writable },
		   { "fallback", fallback }, { "telling", telling },
		   { "number", own_number }, { "device", by_device } };

	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(argv[1], acts[i].call) == 0)
			acts[i].act();
	return 0;
}
