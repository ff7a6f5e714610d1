/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is hard to follow, by the word it is given: threads that execute themselves and are killed,
 * leaders that end before their threads, tasks without a stack or any memory, stops in the midst of
 * it all, processes that end while threads make others, memory written from outside.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "target.h"

static char *self;

static void *execute_child(void *generations)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)(intptr_t)generations);
	execl(self, self, "child", text, NULL);
	return NULL;
}

/* Four threads execute this program again, and only one of them can; sometimes without a leader. */
static int child(int generations)
{
	pthread_t threads[4];

	if (generations == 0)
		return 0;
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, execute_child,
			       (void *)(intptr_t)(generations - 1));
	if (generations % 3 == 0)
		pthread_exit(NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

static void reap(pid_t pid)
{
	int status;

	check(must(waitpid(pid, &status, 0)) == pid);
}

static void execs(void)
{
	for (int i = 0; i < 80; i++) {
		pid_t pid = (pid_t)must(fork());

		if (pid == 0)
			execute_child((void *)(intptr_t)6);
		must(usleep(i * 7919 % 5000));
		must(kill(pid, SIGKILL));
		reap(pid);
	}
}

static void *work(void *executes)
{
	for (int i = 0; i < 200; i++)
		must(getppid());
	must(usleep(2000));
	return executes ? execute_child(NULL) : NULL;
}

static void leaders(void)
{
	for (int i = 0; i < 30; i++) {
		pthread_t thread;
		pid_t pid = (pid_t)must(fork());

		for (intptr_t k = 0; pid == 0 && k < 3; k++)
			pthread_create(&thread, NULL, work, (void *)(intptr_t)(i % 3 == k));
		if (pid == 0)
			pthread_exit(NULL);
		if (i % 4 == 3) {
			must(usleep(1000));
			must(kill(pid, SIGKILL));
		}
		reap(pid);
	}
}

static void unmap_all(void)
{
	for (int i = 0; i < 50; i++)
		must(getppid());
	syscall(SYS_close_range, 0, ~0u, 0);
	munmap(NULL, (size_t)1 << 47);
	munmap(NULL, ((size_t)1 << 47) - 4096);
	_exit(1);
}

#if defined(__x86_64__)
/* getppid, a number that is no call, x32's getpid, exit_group: by the registers alone. */
#define CALLS_WITHOUT_STACK(pointer)                                                               \
	__asm__ volatile("mov $" pointer ", %%rsp\n\tmov $" pointer ", %%rbp\n\t"                  \
			 "mov $110, %%eax\n\tsyscall\n\tmov $0x7fffffff, %%eax\n\tsyscall\n\t"      \
			 "mov $0x40000027, %%eax\n\tsyscall\n\t"                                   \
			 "mov $231, %%eax\n\tmov $7, %%edi\n\tsyscall" ::                          \
				 : "memory", "rax", "rcx", "r11", "rdi")

static void lose_stack(void)
{
	CALLS_WITHOUT_STACK("16");
}

static void lose_stack_above(void)
{
	CALLS_WITHOUT_STACK("-8");
}
#else
static void lose_stack(void)
{
	_exit(7);
}
#define lose_stack_above lose_stack
#endif

static void unmapped(void)
{
	static void (*const ways[])(void) = { unmap_all, lose_stack, lose_stack_above };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		int status;
		pid_t pid = (pid_t)must(fork());

		if (pid == 0)
			ways[i]();
		must(waitpid(pid, &status, 0));
		printf("%#x\n", (unsigned)status & 0xff7f);
	}
}

static void *call_for_ever(void *state)
{
	for (;;)
		must(getppid());
	return state;
}

static void stops(void)
{
	pid_t pid = (pid_t)must(fork());
	pthread_t thread;

	if (pid == 0) {
		pthread_create(&thread, NULL, call_for_ever, NULL);
		pthread_create(&thread, NULL, call_for_ever, NULL);
		must(usleep(20000));
		execl(self, self, "busy", NULL);
	}
	for (int i = 0; i < 300; i++) {
		must(kill(pid, SIGSTOP));
		must(usleep(i % 7 * 100));
		must(kill(pid, SIGCONT));
		must(usleep(i % 3 * 200));
	}
	must(kill(pid, SIGSTOP));
	must(kill(pid, SIGKILL));
	reap(pid);
}

static void *nothing(void *state)
{
	return state;
}

static void make_child(void)
{
	if (vfork() == 0)
		_exit(0);
}

static void *make_tasks(void *state)
{
	for (int i = 0;; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, nothing, NULL) == 0)
			pthread_detach(thread);
		if (i % 8 == 0)
			make_child();
	}
	return state;
}

static void births(void)
{
	for (int i = 0; i < 40; i++) {
		pid_t pid = (pid_t)must(fork());
		pthread_t thread;

		for (int k = 0; pid == 0 && k < 4; k++)
			pthread_create(&thread, NULL, make_tasks, NULL);
		if (pid == 0) {
			usleep((unsigned)(i % 10 * 700));
			_exit(5);
		}
		check(status_of(pid) == 5);
	}
}

static volatile long written;

static void memory(void)
{
	char name[64];
	long value = 5;
	pid_t pid = (pid_t)must(fork());
	int fd;

	while (pid == 0)
		if (written)
			_exit((int)written);
	snprintf(name, sizeof(name), "/proc/%d/mem", (int)pid);
	fd = (int)must(open(name, O_RDWR));
	check(must(pwrite(fd, &value, sizeof(value), (off_t)(uintptr_t)&written)) == sizeof(value));
	check(status_of(pid) == 5);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *word;
		void (*act)(void);
	} acts[] = { { "execs", execs }, { "leaders", leaders }, { "unmapped", unmapped },
		     { "stops", stops }, { "births", births },	 { "memory", memory } };

	self = argv[0];
	check(argc > 1);
	if (strcmp(argv[1], "child") == 0)
		return child((int)number(argc, argv, 2, 0));
	if (strcmp(argv[1], "busy") == 0)
		call_for_ever(NULL);
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(argv[1], acts[i].word) == 0)
			acts[i].act();
	printf("%s\n", argv[1]);
	return 0;
}
