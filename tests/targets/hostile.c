/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is hard to follow, by the word it is given: threads that execute themselves and are killed,
 * leaders that end before their threads, tasks without a stack or any memory, stops in the midst of
 * it all, processes that end while threads make others, memory written from outside, calls that
 * another process answers, names that look like facts, chains of vfork(2), races to the end.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
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

/* ---- listeners, names, chains ---- */

/* A child's calls are answered by its parent, through a listener at a number that both know. */
static void listens(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(code[0]), code };
	int listener;
	pid_t pid;

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	pid = (pid_t)must(syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0));
	if (pid == 0) {
		must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			     SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
		for (int i = 0; i < 50; i++)
			check(syscall(SYS_getppid) == 4000 + i);
		_exit(0);
	}
	for (listener = 3; fcntl(listener, F_GETFD) < 0;)
		usleep(100);
	for (int i = 0; i < 50; i++) {
		struct seccomp_notif asked = { 0 };
		struct seccomp_notif_resp answer = { .val = 4000 + i };

		must(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked));
		answer.id = asked.id;
		must(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer));
	}
	check(status_of(pid) == 0);
}

/* What /proc/PID/stat and status have of it looks like something else. */
static void names(void)
{
	for (int i = 0; i < 60; i++) {
		char name[16] = { 0 };
		pid_t pid;

		for (int k = 0; k < 15; k++)
			name[k] = (char)(1 + (i * 7 + k * 13) % 255);
		must(prctl(PR_SET_NAME, i % 2 ? name : ") Z 1 1\nTgid:\t1"));
		pid = (pid_t)must(fork());
		if (pid == 0)
			_exit(getppid() > 1 ? 0 : 1);
		check(status_of(pid) == 0);
	}
}

/* The last one ends first, and then all that wait for it. */
static void chain(int links)
{
	while (links-- > 0 && vfork() == 0)
		;
	_exit(0);
}

/* Each waits for the next in vfork(2), thirty deep; and is killed on the way. */
static void chains(void)
{
	for (int i = 0; i < 30; i++) {
		pid_t pid = (pid_t)must(fork());

		if (pid == 0)
			chain(30);
		if (i % 3 == 0)
			must(kill(pid, SIGKILL));
		reap(pid);
	}
}

static void *end_all(void *unused)
{
	syscall(SYS_exit_group, 5);
	return unused;
}

/* Four threads end their process while it forks and ends itself. */
static void ends(void)
{
	for (int i = 0; i < 60; i++) {
		pid_t pid = (pid_t)must(fork());
		pthread_t thread;

		if (pid) {
			check(status_of(pid) == 5);
			continue;
		}
		for (int k = 0; k < 4; k++)
			pthread_create(&thread, NULL, end_all, NULL);
		if (fork() == 0)
			_exit(0);
		end_all(NULL);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *word;
		void (*act)(void);
	} acts[] = { { "execs", execs }, { "leaders", leaders }, { "unmapped", unmapped },
		     { "stops", stops }, { "births", births },	 { "memory", memory },
		     { "listens", listens }, { "names", names },   { "chains", chains },
		     { "ends", ends } };

	self = argv[0];
	check(argc > 1);
	if (strcmp(argv[1], "child") == 0)
		return child((int)number(argc, argv, 2, 0));
	if (strcmp(argv[1], "busy") == 0)
		call_for_ever(NULL);
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(argv[1], acts[i].word) == 0) {
			acts[i].act();
			puts(argv[1]);
			return 0;
		}
	return EXIT_FAILURE;
}
