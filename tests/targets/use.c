/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Uses a known amount of one resource and gives it back: `use WHAT AMOUNT`. Prints what the kernel
 * says of it, where it says anything, in the resource's unit. A limit that is too low ends it with
 * status 1.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>

#include "target.h"

#define MIB (1024 * 1024)

/* The number behind FIELD in /proc/self/status, in bytes. */
static long status_field(const char *field)
{
	FILE *in = fopen("/proc/self/status", "re");
	char line[256];
	long value = 0;

	check(in != NULL);
	while (fgets(line, sizeof(line), in))
		if (strncmp(line, field, strlen(field)) == 0)
			value = 1024 * strtol(line + strlen(field) + 1, NULL, 10);
	fclose(in);
	return value;
}

static void *map(size_t size, int prot, int flags)
{
	void *at = mmap(NULL, size, prot, MAP_ANONYMOUS | MAP_PRIVATE | flags, -1, 0);

	check(at != MAP_FAILED);
	return at;
}

/* In pieces, by each way in which private memory can grow. */
static void use_data(long size)
{
	size_t quarter = (size_t)size / 4;
	char *mapped = map(quarter, PROT_READ | PROT_WRITE, 0);
	char *guarded = map(quarter, PROT_NONE, 0);
	char *moved = map(4096, PROT_READ | PROT_WRITE, 0);
	void *heap = sbrk((intptr_t)quarter);

	check(heap != (void *)-1);
	must(mprotect(guarded, quarter, PROT_READ | PROT_WRITE));
	moved = mremap(moved, 4096, quarter, MREMAP_MAYMOVE);
	check(moved != MAP_FAILED);
	printf("%ld\n", status_field("VmData"));
	must(mprotect(guarded, quarter, PROT_READ));
	must(munmap(mapped, quarter));
	must(munmap(moved, quarter));
	check(sbrk(-(intptr_t)quarter) != (void *)-1);
}

static void use_as(long size)
{
	void *at = map((size_t)size, PROT_NONE, 0);

	printf("%ld\n", status_field("VmSize"));
	must(munmap(at, (size_t)size));
}

/* A compiler is to make no loop of it, and no smaller frames. */
static int deep(long size);
static int (*volatile deeper)(long size) = deep;

static int deep(long size)
{
	volatile char frame[4096];
	size_t at = (size_t)labs(size) % sizeof(frame);

	frame[at] = (char)size;
	return size > 0 ? deeper(size - (long)sizeof(frame)) + frame[at] : 0;
}

static void use_stack(long size)
{
	volatile long kept = deep(size); /* or a compiler leaves the calls out */

	(void)kept;
	printf("%ld\n", status_field("VmStk"));
}

static void use_memlock(long size)
{
	void *at = map((size_t)size, PROT_READ | PROT_WRITE, 0);

	must(mlock(at, (size_t)size));
	printf("%ld\n", status_field("VmLck"));
	must(munlock(at, (size_t)size));
}

static void use_shm(long size)
{
	int id = (int)must(shmget(IPC_PRIVATE, (size_t)size, IPC_CREAT | 0600));
	int r = shmctl(id, SHM_LOCK, NULL);

	must(shmctl(id, IPC_RMID, NULL));
	must(r);
}

static void use_fsize(long size)
{
	char name[] = "use-XXXXXX";
	int fd = (int)must(mkstemp(name));

	must(unlink(name));
	signal(SIGXFSZ, SIG_IGN);
	check(pwrite(fd, "", 1, size - 1) == 1);
	must(ftruncate(fd, 1));
	must(close(fd));
}

/* By a descriptor far up, through one that is closed again. */
static void use_far_fsize(long size)
{
	char name[] = "use-XXXXXX";
	int fd = (int)must(mkstemp(name));

	must(unlink(name));
	must(dup2(fd, 130));
	check(write(fd, "", 1) == 1);
	must(close(fd));
	check(pwrite(130, "", 1, size - 1) == 1);
	must(dup2(0, 130));
}

/* Touched, and given back before the end. */
static void use_rss(long size)
{
	char *mapped = map((size_t)size, PROT_READ | PROT_WRITE, 0);

	memset(mapped, 1, (size_t)size);
	printf("%ld\n", status_field("VmHWM"));
	must(munmap(mapped, (size_t)size));
}

static void use_nofile(long n)
{
	int last = -1;

	while (last < n - 1)
		last = (int)must(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

static void use_cpu(long seconds)
{
	struct timespec now;

	do
		must(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now));
	while (now.tv_sec < seconds);
}

static void use_nproc(long n)
{
	must(setpgid(0, 0));
	for (long i = 0; i < n - 1; i++)
		if (must(fork()) == 0) {
			pause();
			_exit(0);
		}
	signal(SIGTERM, SIG_IGN);
	must(kill(0, SIGTERM));
	while (wait(NULL) > 0)
		;
}

static void use_sigpending(long n)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	for (long i = 0; i < n; i++)
		must(sigqueue(getpid(), SIGRTMIN, (union sigval){ 0 }));
}

static void use_msgqueue(long n)
{
	struct mq_attr attr = { .mq_maxmsg = n, .mq_msgsize = 100 };
	mqd_t queue = mq_open("/learn-use", O_CREAT | O_RDWR, 0600, &attr);

	must(mq_unlink("/learn-use"));
	must(queue);
	mq_close(queue);
}

static void use_nice(long need)
{
	must(setpriority(PRIO_PROCESS, 0, (int)(20 - need)));
}

static void use_rtprio(long priority)
{
	const struct sched_param param = { .sched_priority = (int)priority };

	must(sched_setscheduler(0, SCHED_RR, &param));
}

static void use_core(long limit)
{
	const struct rlimit core = { (rlim_t)limit, (rlim_t)limit };

	must(setrlimit(RLIMIT_CORE, &core));
	if (must(fork()) == 0)
		abort();
	wait(NULL);
}

/* Memory of children that hold it at the same time, a third each, over a second. */
static void use_memory(long size)
{
	for (int i = 0; i < 3; i++)
		if (must(fork()) == 0) {
			size_t part = (size_t)size / 3;

			memset(map(part, PROT_READ | PROT_WRITE, 0), 1, part);
			sleep(2);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
}

/* Memory of a hundred children, a hundredth each, who end one by one when the last one has it. */
static void use_swarm(long size)
{
	const size_t part = (size_t)size / 100;
	int filled[2], end[2];
	char byte;

	must(pipe(filled));
	must(pipe(end));
	for (int i = 0; i < 100; i++)
		if (must(fork()) == 0) {
			memset(map(part, PROT_READ | PROT_WRITE, 0), 1, part);
			must(write(filled[1], "", 1));
			must(read(end[0], &byte, 1));
			_exit(0);
		}
	for (int i = 0; i < 100; i++)
		must(read(filled[0], &byte, 1));
	for (int i = 0; i < 100; i++) {
		must(write(end[1], "", 1));
		must(wait(NULL));
	}
}

/* Memory that is filled before a fork is there once. */
static void use_shared(long size)
{
	memset(map((size_t)size, PROT_READ | PROT_WRITE, 0), 1, (size_t)size);
	for (int i = 0; i < 3; i++)
		if (must(fork()) == 0) {
			sleep(2);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
}

/* Memory that is freed at once, never there when the second is over. */
static void use_briefly(long size)
{
	char *at = map((size_t)size, PROT_READ | PROT_WRITE, 0);

	memset(at, 1, (size_t)size);
	must(munmap(at, (size_t)size));
}

static const struct {
	const char *what;
	void (*use)(long amount);
} uses[] = {
	{ "data", use_data },	      { "as", use_as },
	{ "stack", use_stack },	      { "memlock", use_memlock },
	{ "shm", use_shm },	      { "fsize", use_fsize },
	{ "nofile", use_nofile },     { "cpu", use_cpu },
	{ "nproc", use_nproc },	      { "sigpending", use_sigpending },
	{ "msgqueue", use_msgqueue }, { "nice", use_nice },
	{ "rtprio", use_rtprio },     { "core", use_core },
	{ "memory", use_memory },     { "shared", use_shared },
	{ "briefly", use_briefly },   { "rss", use_rss },
	{ "far-fsize", use_far_fsize }, { "swarm", use_swarm },
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	for (size_t i = 0; argc == 3 && i < sizeof(uses) / sizeof(uses[0]); i++)
		if (strcmp(argv[1], uses[i].what) == 0) {
			uses[i].use(atol(argv[2]));
			return 0;
		}
	return 2;
}
