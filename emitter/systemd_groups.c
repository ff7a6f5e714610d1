/* SPDX-License-Identifier: GPL-3.0-or-later */
/* systemd's groups of system calls, as far as they matter to an exact list. */
#include "emitter/systemd_groups.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/ruled_out.h"

/* `systemd-analyze syscall-filter @default` of systemd 252. */
const char *const systemd_default_calls[] = {
	"arch_prctl", "brk", "cacheflush", "clock_getres", "clock_getres_time64",
	"clock_gettime", "clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64",
	"execve", "exit", "exit_group", "futex", "futex_time64", "futex_waitv",
	"get_robust_list", "get_thread_area", "getegid", "getegid32", "geteuid", "geteuid32",
	"getgid", "getgid32", "getgroups", "getgroups32", "getpgid", "getpgrp", "getpid",
	"getppid", "getrandom", "getresgid", "getresgid32", "getresuid", "getresuid32",
	"getrlimit", "getsid", "gettid", "gettimeofday", "getuid", "getuid32", "membarrier",
	"mmap", "mmap2", "mprotect", "munmap", "nanosleep", "pause", "prlimit64",
	"restart_syscall", "riscv_flush_icache", "riscv_hwprobe", "rseq", "rt_sigreturn",
	"sched_getaffinity", "sched_yield", "set_robust_list", "set_thread_area",
	"set_tid_address", "set_tls", "sigreturn", "time", "ugetrlimit", "uretprobe",
	NULL,
};

/* ---- the groups of a version ---- */

static const char default_group[] = "@default";

static int add_group(struct systemd_groups *g, const char *name)
{
	struct systemd_group *more = reallocarray(g->v, g->n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	g->v = more;
	g->v[g->n++] = (struct systemd_group){ .name = name, .first = g->n_words };
	return 0;
}

static int add_word(struct systemd_groups *g, const char *word)
{
	const char **more = reallocarray(g->words, g->n_words + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	g->words = more;
	g->words[g->n_words++] = word;
	g->v[g->n - 1].n++;
	return 0;
}

static bool is_name(const char *word)
{
	word += *word == '@';
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_-")];
}

/* A group's name stands at the start of a line; its calls, groups and comments are indented. */
static int read_line(struct systemd_groups *g, char *line)
{
	char *word = line + strspn(line, " \t");

	if (!is_name(word))
		return 0; /* comments, and what is said beside */
	if (word == line)
		return *word == '@' ? add_group(g, word) : 0;
	return g->n ? add_word(g, word) : 0;
}

static const struct systemd_group *find(const struct systemd_groups *groups, const char *name)
{
	for (size_t i = 0; i < groups->n; i++)
		if (strcmp(groups->v[i].name, name) == 0)
			return &groups->v[i];
	return NULL;
}

/* Whether there is @default, and each group that another one has in it. */
static bool is_whole(const struct systemd_groups *groups)
{
	for (size_t i = 0; i < groups->n_words; i++)
		if (*groups->words[i] == '@' && !find(groups, groups->words[i]))
			return false;
	return find(groups, default_group) != NULL;
}

int systemd_groups_read(const char *text, struct systemd_groups *ret)
{
	char *rest, *line;
	int err = 0;

	*ret = (struct systemd_groups){ .text = strdup(text) };
	rest = ret->text;
	if (!rest)
		return -ENOMEM;
	while (!err && (line = strsep(&rest, "\n")))
		err = read_line(ret, line);
	return err ? err : is_whole(ret) ? 0 : -EINVAL;
}

void systemd_groups_clear(struct systemd_groups *groups)
{
	free(groups->v);
	free(groups->words);
	free(groups->text);
	*groups = (struct systemd_groups){ 0 };
}

/* ---- asking ---- */

/* Whether some call of the group, or of one within it, is AS asked; DEPTH ends circles. */
static bool has_any(const struct systemd_groups *groups, const struct systemd_group *group,
		    bool (*as)(const char *call, const void *asked), const void *asked,
		    size_t depth)
{
	for (size_t i = 0; group && depth && i < group->n; i++) {
		const char *word = groups->words[group->first + i];

		if (*word == '@' ? has_any(groups, find(groups, word), as, asked, depth - 1)
				 : as(word, asked))
			return true;
	}
	return false;
}

static bool is_same(const char *call, const void *asked)
{
	return strcmp(call, asked) == 0;
}

bool systemd_group_has(const struct systemd_groups *groups, size_t index, const char *call)
{
	return has_any(groups, &groups->v[index], is_same, call, groups->n);
}

static bool is_in(const char *const *list, const char *word)
{
	while (*list && strcmp(*list, word) != 0)
		list++;
	return *list != NULL;
}

const char **systemd_groups_default(const struct systemd_groups *groups)
{
	const struct systemd_group *group = find(groups, default_group);
	const char **list = calloc(groups->n_words + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; list && i < groups->n_words; i++) {
		const char *word = groups->words[i];

		if (has_any(groups, group, is_same, word, groups->n) && !is_in(list, word))
			list[n++] = word;
	}
	return list;
}

/* A negative number is libseccomp's for a call of other architectures. */
static bool is_more(const char *call, const void *asked)
{
	const struct policy *p = asked;
	uint32_t arches[4];
	size_t n = policy_arches(p, arches);

	for (size_t i = 0; i < n; i++) {
		int nr = seccomp_syscall_resolve_name_arch(arches[i], call);

		if (nr == __NR_SCMP_ERROR || (nr >= 0 && !policy_allows(p, call)))
			return true;
	}
	return false;
}

static bool is_allowed(const char *call, const void *asked)
{
	return policy_allows(asked, call);
}

bool systemd_group_is_allowed(const struct systemd_groups *groups, size_t index,
			      const struct policy *p)
{
	const struct systemd_group *group = &groups->v[index];

	return has_any(groups, group, is_allowed, p, groups->n) &&
	       !has_any(groups, group, is_more, p, groups->n);
}
