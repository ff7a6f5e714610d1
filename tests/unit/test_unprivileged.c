/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service that starts as root and becomes a user: who it is, and what it then still needs. */
#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check.h"
#include "learner/decide.h"
#include "learner/unprivileged.h"
#include "service/exec_lines.h"
#include "service/other_user.h"
#include "service/undo.h"
#include "sysdb/effects.h"
#include "sysdb/syscalls.h"

/* ---- recordings ---- */

static int number(const char *name)
{
	int nr = -1;

	check(syscall_number(arch_native(), name, &nr) == 0);
	return nr;
}

static struct profile_program *program_of(struct profile *p)
{
	return profile_program(p, "/usr/sbin/subject", "");
}

static struct profile_call *see(struct profile *p, const char *name, int error)
{
	struct profile_call *call =
		profile_call(program_of(p), PHASE_MAIN, arch_native(), number(name));

	check(call && profile_call_name(call, name) >= 0);
	call->count++;
	check(profile_call_result(call, error, 1) >= 0);
	return call;
}

static void see_ids(struct profile *p, const char *name, size_t n, const uint32_t *ids)
{
	struct profile_call *call = see(p, name, 0);

	for (unsigned i = 0; i < n; i++)
		check(profile_call_value(call, i, 16, ids[i], 1) >= 0);
}
#define SEE_IDS(p, name, ...)                                                                      \
	see_ids(p, name, sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t),                   \
		(uint32_t[]){ __VA_ARGS__ })

static void see_path(struct profile *p, const char *path, uint32_t effects)
{
	struct profile_path *entry = profile_path(program_of(p), PHASE_MAIN, path);

	check(entry);
	entry->effects |= effects;
	entry->kinds |= KIND_FILE;
	entry->count++;
}

static struct profile *recording(uint32_t uid)
{
	struct profile *p = profile_new();
	struct profile_run *run = profile_run_new();

	check(p && run);
	run->uid = uid;
	check(profile_add_run(p, run) == 0);
	see(p, "read", 0);
	return p;
}

static struct profile *of_root(void)
{
	struct profile *p = recording(0);

	SEE_IDS(p, "setgid", 44);
	SEE_IDS(p, "setuid", 33);
	return p;
}

/* ---- who ---- */

#define SAME UINT32_MAX

static void the_one_user_is_found_by_all_the_ways_to_become_it(void)
{
	struct profile *p = of_root();
	auto_free char *why_not = NULL;
	struct becomes becomes = { 0 };

	SEE_IDS(p, "setresuid", SAME, 33, SAME);
	SEE_IDS(p, "setreuid", 33, 0); /* the way back is no other user */
	check(unprivileged_find(p, &becomes, &why_not) == 0 && !why_not);
	check(becomes.uid == 33 && becomes.has_group && becomes.gid == 44);
	profile_free(p);
}

/* Takes P. */
static void check_refused(struct profile *p, const char *words)
{
	auto_free char *why_not = NULL;
	struct becomes becomes = { .uid = 7 };

	check(unprivileged_find(p, &becomes, &why_not) == -ENOENT && becomes.uid == 7);
	check(strstr(why_not, words));
	profile_free(p);
}

static void who_becomes_several_or_acts_for_others_is_told_from_it(void)
{
	struct profile *p = of_root();

	SEE_IDS(p, "setresuid", SAME, 34, SAME);
	check_refused(p, "several users");
	p = of_root();
	SEE_IDS(p, "setregid", 45, SAME);
	check_refused(p, "several groups");
	p = of_root();
	see_path(p, "/etc/pam.d/login", PATH_READ);
	check_refused(p, "PAM: /etc/pam.d/login");
	p = recording(0);
	SEE_IDS(p, "setuid", 65534);
	check_refused(p, "nobody");
	check_refused(recording(0), "not seen to become another user");
	check_refused(recording(33), "does not start as root");
	p = recording(0);
	see(p, "setuid", 0); /* of an older learn, which kept no values */
	check_refused(p, "does not tell");
	p = recording(0);
	check(profile_call_value(see(p, "setuid", EPERM), 0, 16, 33, 1) >= 0);
	check_refused(p, "not seen to become another user");
}

static void the_order_of_recordings_does_not_matter(void)
{
	struct profile *one = of_root(), *two = recording(0), *three = of_root();
	struct becomes a, b;
	char *why_not;

	check(profile_merge(&two, one) == 0 && profile_merge(&one, three) == 0);
	check(unprivileged_find(one, &a, &why_not) == 0);
	check(unprivileged_find(two, &b, &why_not) == 0);
	check(a.uid == b.uid && a.gid == b.gid && a.has_group == b.has_group);
	profile_free(one);
	profile_free(two);
	profile_free(three);
}

/* ---- what it needs as that user ---- */

static bool has_capability(const struct policy *p, int capability)
{
	for (size_t i = 0; i < p->n_capabilities; i++)
		if (p->capabilities[i].capability == capability)
			return true;
	return false;
}

static struct action answer(const struct policy *p, const char *name)
{
	return policy_decide(p, arch_native(), number(name), (const uint64_t[6]){ 0 });
}

static void what_only_root_did_gets_the_answer_of_the_kernel(void)
{
	struct profile *both = of_root(), *as_user = recording(33);
	struct decide_options options = decide_defaults;
	struct profile_address *port;
	struct policy *p = NULL;

	see(both, "setgroups", 0);
	see(both, "bind", 0);
	see(both, "chown", 0);
	see(as_user, "chown", 0); /* to what it is already */
	see(as_user, "setgroups", EPERM);
	port = profile_address(program_of(both), PHASE_MAIN, true, AF_INET, SOCK_STREAM, "0.0.0.0",
			       80);
	check(port);
	port->count = 1;
	check(profile_merge(&both, as_user) == 0);
	options.as_user = as_user;
	check(decide(both, &options, &p) == 0);
	check(!p->as_root);
	check(p->n_capabilities == 1 && has_capability(p, CAP_NET_BIND_SERVICE));
	check(answer(p, "setuid").kind == ACTION_ERRNO && answer(p, "setuid").error == EPERM);
	check(answer(p, "setgroups").kind == ACTION_ERRNO);
	check(answer(p, "chown").kind == ACTION_ALLOW && answer(p, "read").kind == ACTION_ALLOW);
	policy_free(p);
	/* A person's word stands above it. */
	options.allow = (const char *const[]){ "setuid", "capability:CAP_SETUID" };
	options.n_allow = 2;
	check(decide(both, &options, &p) == 0);
	check(answer(p, "setuid").kind == ACTION_ALLOW && has_capability(p, CAP_SETUID));
	policy_free(p);
	profile_free(both);
	profile_free(as_user);
}

static void what_it_goes_on_without_is_told(void)
{
	struct profile *as_root = of_root(), *as_user = recording(33);
	auto_free char *calls = NULL, *none = NULL;

	see(as_root, "setpriority", 0);
	see(as_root, "openat", EACCES);
	see(as_user, "openat", EACCES); /* as before */
	see(as_user, "setuid", EPERM);	/* of course */
	see(as_user, "mkdir", ENOENT);
	check(unprivileged_refused(as_root, as_user, &none) == 0 && strcmp(none, "") == 0);
	see(as_user, "setpriority", EPERM);
	see(as_user, "mkdir", EACCES);
	check(unprivileged_refused(as_root, as_user, &calls) == 0);
	check(strcmp(calls, "setpriority, mkdir") == 0 || strcmp(calls, "mkdir, setpriority") == 0);
	profile_free(as_root);
	profile_free(as_user);
}

/* ---- lines ---- */

static void commands_lose_the_prefix_that_makes_them_roots(void)
{
	static const struct {
		const char *unit, *first, *wanted;
	} rows[] = {
		{ "ExecStart=/bin/a b", "", "" },
		{ "ExecStart=!-/bin/a 'b c'\nExecStop=/bin/s", "",
		  "ExecStart=\nExecStart=-/bin/a 'b c'\n" },
		{ "ExecStart=!!/bin/a\n", "", "ExecStart=\nExecStart=/bin/a\n" },
		{ "ExecStart=\"!/bin/a b\" c\n", "", "ExecStart=\nExecStart=\"/bin/a b\" c\n" },
		{ "ExecStart=+!/bin/a\n", "", "" },
		{ "ExecStartPre=/bin/p\nExecStart=/bin/a", "ExecStartPre=+/bin/f\n",
		  "ExecStartPre=\nExecStartPre=+/bin/f\nExecStartPre=/bin/p\n" },
		{ "ExecStart=/bin/a", "ExecStartPre=+/bin/f\n",
		  "ExecStartPre=\nExecStartPre=+/bin/f\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct settings cleanup(settings_clear) s = { 0 };
		auto_free char *unit = NULL, *got = NULL;
		size_t size;
		FILE *out = open_memstream(&got, &size);

		check(asprintf(&unit, "[Service]\n%s\n", rows[i].unit) > 0);
		check(settings_parse(&s, unit) == 0);
		check(exec_lines_write_as_user(&s, rows[i].first, out) == 0);
		fclose(out);
		check(strcmp(got, rows[i].wanted) == 0);
	}
}

/* ---- files ---- */

static void paths_say_what_has_to_be_made_for_the_user(void)
{
	const uint32_t made = PATH_WRITE | PATH_CREATE_FILE | PATH_REMOVE_FILE;
	struct other_user cleanup(other_user_clear) user = { 0 };
	struct profile *p = recording(0);
	struct policy *policy = NULL;

	see_path(p, "/run/learn-unit.pid", made);
	see_path(p, "/run/learn-unit", PATH_CREATE_DIR);
	see_path(p, "/run/learn-unit/socket", PATH_CREATE_SOCKET);
	see_path(p, "/run/learn-unit.sock", PATH_CREATE_SOCKET);
	see_path(p, "/tmp/learn-unit", made);
	check(decide(p, &decide_defaults, &policy) == 0);
	check(other_user_find(65534, false, 0, policy, &user) == 0);
	check(strcmp(user.user, "nobody") == 0 && user.gid == 65534);
	check(user.files.n == 1 && strcmp(user.files.v[0], "/run/learn-unit.pid") == 0);
	check(user.directories.n == 1 && strcmp(user.directories.v[0], "learn-unit") == 0);
	check(user.doubts.n == 1 && strstr(user.doubts.v[0], "/run/learn-unit.sock is made"));
	check(user.owned.n == 0 && user.more_groups.n == 0);
	policy_free(policy);
	profile_free(p);
}

static void what_changes_hands_comes_back_as_it_was(void)
{
	char top[] = "/tmp/learn-gift-XXXXXX";
	auto_free char *state = NULL, *file = NULL, *other = NULL;
	struct undo undo;
	struct stat st;

	if (geteuid() != 0) /* nobody else can give files away */
		return;
	check(mkdtemp(top) != NULL);
	check(asprintf(&state, "%s/state/learn/services/x", top) > 0);
	check(asprintf(&file, "%s/file:odd", top) > 0);
	check(asprintf(&other, "%s/other", top) > 0);
	fclose(fopen(file, "w"));
	check(chown(file, 7, 8) == 0 && chmod(file, 02640) == 0);
	check(undo_open(&undo, state) == 0);
	check(undo_give(&undo, file, 33, 44) == 0);
	check(stat(file, &st) == 0 && st.st_uid == 33 && st.st_gid == 44);
	undo_close(&undo);
	/* Another process takes over. */
	check(undo_open(&undo, state) == 0 && undo_gifts(&undo) == 0);
	check(stat(file, &st) == 0 && st.st_uid == 7 && st.st_gid == 8);
	check((st.st_mode & 07777) == 02640);
	/* A second name may be somebody else's. */
	check(link(file, other) == 0 && undo_give(&undo, file, 33, 44) == -EPERM);
	check(undo_all(&undo, NULL) == 0);
	undo_close(&undo);
	check(unlink(file) == 0 && unlink(other) == 0 && rmdir(top) == 0);
}

int main(void)
{
	the_one_user_is_found_by_all_the_ways_to_become_it();
	who_becomes_several_or_acts_for_others_is_told_from_it();
	the_order_of_recordings_does_not_matter();
	what_only_root_did_gets_the_answer_of_the_kernel();
	what_it_goes_on_without_is_told();
	commands_lose_the_prefix_that_makes_them_roots();
	paths_say_what_has_to_be_made_for_the_user();
	what_changes_hands_comes_back_as_it_was();
	return 0;
}
