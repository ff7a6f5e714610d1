/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy applied to a process holds: each claim is tried in a child that confines itself. */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check.h"
#include "emitter/filter.h"
#include "enforcer/enforcer.h"
#include "policy/policy.h"
#include "sysdb/landlock.h"
#include "sysdb/syscalls.h"

#define SKIPPED 77
#define NO_POLICY 2

/* Every call is allowed: what fails, landlock and limits have refused. */
static const struct sock_filter allow_all[] = {
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static struct policy *open_policy(void)
{
	struct policy *p = policy_new();

	if (!p)
		_exit(NO_POLICY);
	p->arch = arch_native();
	return p;
}

static void allow_path(struct policy *p, const char *path, uint32_t rights)
{
	struct policy_path *entry = policy_add_path(p, path, "test");

	if (!entry)
		_exit(NO_POLICY);
	entry->rights = rights;
	p->handled_fs = landlock_known(LL_FIELD_FS, LANDLOCK_NEWEST_ABI);
}

static void enforce(const struct policy *p)
{
	struct enforcement e = { p, allow_all, ARRAY_SIZE(allow_all), LAYERS_ALL };

	if (enforce_self(&e) < 0)
		_exit(NO_POLICY);
}

static void need_landlock(unsigned abi)
{
	if (landlock_abi() < abi)
		_exit(SKIPPED);
}

/* ---- files, in the empty working directory that the test is given ---- */

static void write_file(const char *path)
{
	auto_close int fd = open(path, O_CREAT | O_WRONLY, 0600);

	check(fd >= 0);
}

static bool opens(const char *path, int flags)
{
	auto_close int fd = open(path, flags, 0600);

	return fd >= 0;
}

static char *absolute(const char *name)
{
	char *directory = get_current_dir_name();
	char *path;

	if (!directory || asprintf(&path, "%s/%s", directory, name) < 0)
		_exit(NO_POLICY);
	free(directory);
	return path;
}

static void only_what_is_listed_can_be_opened(void)
{
	struct policy *p = open_policy();

	need_landlock(1);
	write_file("seen");
	write_file("unseen");
	/* To list a file means nothing: the kernel refuses such a rule. */
	allow_path(p, absolute("seen"), LL_READ_FILE | LL_READ_DIR);
	allow_path(p, absolute("missing"), LL_READ_FILE);
	allow_path(p, "/dev/null", 0);
	enforce(p);
	check(opens("seen", O_RDONLY));
	check(!opens("seen", O_WRONLY) && errno == EACCES);
	check(!opens("unseen", O_RDONLY) && errno == EACCES);
	check(!opens("missing", O_RDONLY) && errno == ENOENT);
	check(!opens("new", O_WRONLY | O_CREAT) && errno == EACCES);
	check(!opens("/dev/null", O_RDONLY) && errno == EACCES);
}

static void a_directory_rule_covers_what_is_made_there(void)
{
	struct policy *p = open_policy();

	need_landlock(3);
	check(mkdir("in", 0700) == 0 && mkdir("out", 0700) == 0);
	allow_path(p, absolute("in"),
		   LL_MAKE_REG | LL_WRITE_FILE | LL_TRUNCATE | LL_REFER | LL_REMOVE_FILE);
	allow_path(p, absolute("out"), LL_MAKE_REG | LL_WRITE_FILE | LL_TRUNCATE | LL_REFER);
	enforce(p);
	check(opens("in/new", O_WRONLY | O_CREAT | O_TRUNC));
	check(!opens("in/new", O_RDONLY) && errno == EACCES);
	check(mkdir("in/dir", 0700) < 0 && errno == EACCES);
	check(rename("in/new", "out/new") == 0);
	check(unlink("out/new") < 0 && errno == EACCES);
}

/* ---- network and signals ---- */

static int try_bind(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	auto_close int fd = socket(AF_INET, SOCK_STREAM, 0);

	return bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0;
}

static void only_listed_ports_can_be_bound(void)
{
	struct policy *p = open_policy();

	need_landlock(4);
	p->handled_net = LL_BIND_TCP | LL_CONNECT_TCP;
	if (!policy_add_port(p, 0, true, "test"))
		_exit(NO_POLICY);
	enforce(p);
	check(try_bind(0) == 0);
	check(try_bind(61234) == -EACCES);
}

static void signals_stay_inside(void)
{
	struct policy *p = open_policy();

	need_landlock(6);
	p->scopes = LL_SCOPE_SIGNAL;
	enforce(p);
	check(kill(getpid(), 0) == 0);
	check(kill(getppid(), 0) < 0 && errno == EPERM);
}

/* ---- limits ---- */

static void limit(struct policy *p, int resource, uint64_t value)
{
	struct policy_limit *entry = policy_add_limit(p, resource, "test");

	if (!entry)
		_exit(NO_POLICY);
	entry->value = value;
}

static void limits_hold_and_are_never_raised(void)
{
	struct rlimit low = { 7, 7 }, now;
	struct policy *p = open_policy();

	check(setrlimit(RLIMIT_CPU, &low) == 0);
	limit(p, RLIMIT_CPU, 1000);
	limit(p, RLIMIT_FSIZE, 1);
	limit(p, RLIMIT_NOFILE, 20);
	enforce(p);
	check(getrlimit(RLIMIT_FSIZE, &now) == 0 && now.rlim_cur != 1); /* grows with time */
	check(getrlimit(RLIMIT_CPU, &now) == 0 && now.rlim_cur == 7 && now.rlim_max == 7);
	check(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == 20 && now.rlim_max == 20);
	check(dup2(STDERR_FILENO, 19) == 19);
	check(dup2(STDERR_FILENO, 20) < 0 && errno == EBADF);
}

/* ---- calls ---- */

static void allow_call(struct policy *p, const char *name)
{
	int nr;

	if (syscall_number(p->arch, name, &nr) < 0 ||
	    !policy_add_call(p, p->arch, nr, name, "test"))
		_exit(NO_POLICY);
}

static void enforce_calls(struct policy *p)
{
	struct filter filter;
	struct enforcement e = { .policy = p, .layers = LAYERS_ALL };

	allow_call(p, "exit_group");
	if (filter_compile(p, &filter) < 0)
		_exit(NO_POLICY);
	e.filter = filter.insns;
	e.filter_length = filter.n;
	if (enforce_self(&e) < 0)
		_exit(NO_POLICY);
}

static void a_call_outside_the_policy_gets_its_action(void)
{
	struct policy *p = open_policy();

	allow_call(p, "getpid");
	allow_call(p, "write");	      /* for check() */
	allow_call(p, "sigaltstack"); /* ASan, before what does not return */
	p->action = (struct action){ ACTION_ERRNO, EXDEV };
	enforce_calls(p);
	check(syscall(SYS_getpid) > 0);
	check(syscall(SYS_getppid) < 0 && errno == EXDEV);
}

static void a_call_outside_the_policy_kills(void)
{
	struct policy *p = open_policy();

	enforce_calls(p);
	syscall(SYS_getppid);
}

static void privileges_cannot_be_gained_any_more(void)
{
	enforce(open_policy());
	check(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	check(prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER);
}

static void a_policy_for_another_machine_is_refused(void)
{
	struct policy *p = open_policy();

	p->arch++;
	enforce(p);
}

static const struct {
	const char *claim;
	void (*test)(void);
	int status; /* exit status, or -SIGNAL */
} tests[] = {
#define TEST(name, status) { #name, name, status }
	TEST(only_what_is_listed_can_be_opened, 0),
	TEST(a_directory_rule_covers_what_is_made_there, 0),
	TEST(only_listed_ports_can_be_bound, 0),
	TEST(signals_stay_inside, 0),
	TEST(limits_hold_and_are_never_raised, 0),
	TEST(a_call_outside_the_policy_gets_its_action, 0),
	TEST(a_call_outside_the_policy_kills, -SIGSYS),
	TEST(privileges_cannot_be_gained_any_more, 0),
	TEST(a_policy_for_another_machine_is_refused, NO_POLICY),
};

/* Runs the test in a child with an empty directory of its own; its exit status or -SIGNAL. */
static int run(void (*test)(void))
{
	const char *tmp = getenv("TMPDIR");
	auto_free char *directory = NULL, *command = NULL;
	int status = -1;
	pid_t child;

	if (asprintf(&directory, "%s/test-enforcer-XXXXXX", tmp ? tmp : "/tmp") < 0 ||
	    !mkdtemp(directory) || asprintf(&command, "rm -rf '%s'", directory) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		if (chdir(directory) < 0)
			_exit(NO_POLICY);
		test();
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (system(command) != 0)
		fprintf(stderr, "%s is left behind\n", directory);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

int main(void)
{
	int result = EXIT_SUCCESS;

	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		int status = run(tests[i].test);

		if (status == SKIPPED && tests[i].status != SKIPPED) {
			fprintf(stderr, "%s: skipped: landlock is too old here\n", tests[i].claim);
			continue;
		}
		if (status == tests[i].status)
			continue;
		fprintf(stderr, "not so: %s (status %d)\n", tests[i].claim, status);
		result = EXIT_FAILURE;
	}
	return result;
}
