/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's own entry in the profile. */
#include "cli/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "config.h"
#include "sysdb/syscalls.h"
#include "tracer/procfs.h"

int64_t runs_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* What any run has; the caller adds command, cwd and uid. */
static struct profile_run *run_here(void)
{
	struct profile_run *run = profile_run_new();
	struct utsname host;

	if (!run)
		return NULL;
	uname(&host);
	run->start_ms = runs_now_ms();
	run->exit_status = -1;
	run->kernel = strdup(host.release);
	run->arch = strdup(arch_name(arch_native()));
	run->tool = strdup("learn " PACKAGE_VERSION);
	return run;
}

static char **copy_command(char *const *argv)
{
	size_t n = 0;
	char **copy;

	while (argv[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	for (size_t i = 0; copy && i < n; i++)
		copy[i] = strdup(argv[i]);
	return copy;
}

struct profile_run *runs_of_command(char *const *argv, uid_t uid)
{
	struct profile_run *run = run_here();

	if (!run)
		return NULL;
	run->command = copy_command(argv);
	run->cwd = getcwd(NULL, 0);
	if (!run->cwd)
		run->cwd = strdup("(unreachable)");
	run->uid = (uint32_t)uid;
	return run;
}

/* More than execve(2) takes as arguments and environment by default. */
#define MOST_COMMAND_BYTES (8u << 20)

/*
 * WORDS holds LEN bytes: strings with a NUL byte after each. Empty ones at the end are what
 * setproctitle(3) leaves of the arguments that it overwrites.
 */
static char **split_command(char *words, size_t len)
{
	char **argv = calloc(len + 1, sizeof(*argv)), **copy;
	size_t n = 0;

	if (!argv)
		return NULL;
	for (char *word = words; word < words + len; word += strlen(word) + 1)
		argv[n++] = word;
	while (n > 1 && !*argv[n - 1])
		argv[--n] = NULL;
	copy = copy_command(argv);
	free(argv);
	return copy;
}

/* As it was started; its executable where it has no arguments left (setproctitle(3) may do so). */
static char **command_of(pid_t pid)
{
	char name[PROCFS_NAME_MAX], exe[PATH_MAX] = "(unknown)";
	char *const only_exe[] = { exe, NULL };
	auto_free char *words = NULL;
	size_t len = 0;

	procfs_name(name, pid, "cmdline");
	if (read_file(name, MOST_COMMAND_BYTES, &words, &len) == 0 && len > 0)
		return split_command(words, len);
	procfs_link(pid, "exe", exe);
	return copy_command(only_exe);
}

struct profile_run *runs_of_process(pid_t pid)
{
	struct profile_run *run = run_here();
	char cwd[PATH_MAX] = "(unreachable)";
	struct procfs_task facts = { 0 };

	if (!run)
		return NULL;
	procfs_link(pid, "cwd", cwd);
	procfs_task(pid, &facts);
	run->command = command_of(pid);
	run->cwd = strdup(cwd);
	run->uid = (uint32_t)facts.uid;
	return run;
}
