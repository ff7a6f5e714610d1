/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence built by hand becomes the policy that it should. */
#include <asm/ioctls.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check.h"
#include "learner/decide.h"
#include "learner/limits.h"
#include "policy/policy.h"
#include "profile/profile.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/landlock.h"
#include "sysdb/syscalls.h"

#define ANY_ARGS (const uint64_t[6]){ 0 }

/* ---- building evidence ---- */

struct evidence {
	struct profile *profile;
	struct profile_program *program;
};

static struct evidence start(void)
{
	struct evidence e = { .profile = profile_new() };

	check(e.profile);
	e.program = profile_program(e.profile, "/usr/bin/subject", "");
	check(e.program);
	return e;
}

static void end(struct evidence *e, struct policy *policy)
{
	policy_free(policy);
	profile_free(e->profile);
}

static int number(const char *name)
{
	int nr = -1;

	check(syscall_number(arch_native(), name, &nr) == 0);
	return nr;
}

static struct profile_call *see_in(struct profile_program *p, const char *name, uint64_t count)
{
	struct profile_call *call = profile_call(p, PHASE_MAIN, arch_native(), number(name));

	check(call);
	call->count += count;
	return call;
}

static struct profile_call *see(struct evidence *e, const char *name, uint64_t count)
{
	return see_in(e->program, name, count);
}

static void see_value(struct evidence *e, const char *name, unsigned index, uint64_t value)
{
	const struct argspec *spec = argspec_of(name, index);

	check(spec);
	check(profile_call_value(see(e, name, 1), index, spec->most, value, 1) >= 0);
}

static void see_path(struct evidence *e, const char *path, uint32_t effects, uint32_t kinds)
{
	struct profile_path *entry = profile_path(e->program, PHASE_MAIN, path);

	check(entry);
	entry->effects |= effects;
	entry->kinds |= kinds;
	entry->count++;
}

static struct policy *decided_with(const struct evidence *e, const struct decide_options *options)
{
	struct policy *policy = NULL;

	check(decide(e->profile, options, &policy) == 0);
	return policy;
}

static struct policy *decided(const struct evidence *e)
{
	return decided_with(e, &decide_defaults);
}

/* ---- asking the policy ---- */

static struct action answer(const struct policy *p, const char *name, const uint64_t args[6])
{
	return policy_decide(p, arch_native(), number(name), args);
}

static bool allows(const struct policy *p, const char *name, unsigned index, uint64_t value)
{
	uint64_t args[6] = { 0 };

	args[index] = value;
	return answer(p, name, args).kind == ACTION_ALLOW;
}

static bool not_there(struct action action)
{
	return action.kind == ACTION_ERRNO && action.error == ENOSYS;
}

static const struct policy_path *path_of(const struct policy *p, const char *path)
{
	for (size_t i = 0; i < p->n_paths; i++)
		if (strcmp(p->paths[i].path, path) == 0)
			return &p->paths[i];
	return NULL;
}

static bool has_note(const struct policy *p, const char *words)
{
	for (size_t i = 0; i < p->n_notes; i++)
		if (strstr(p->notes[i].text, words))
			return true;
	return false;
}

static const struct policy_limit *limit_of(const struct policy *p, int resource)
{
	for (size_t i = 0; i < p->n_limits; i++)
		if (p->limits[i].resource == resource)
			return &p->limits[i];
	return NULL;
}

/* ---- calls ---- */

static void what_was_seen_is_allowed_and_nothing_else(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 10);
	p = decided(&e);
	check(answer(p, "read", ANY_ARGS).kind == ACTION_ALLOW);
	check(answer(p, "write", ANY_ARGS).kind == ACTION_KILL);
	check(answer(p, "exit_group", ANY_ARGS).kind == ACTION_ALLOW);
	check(answer(p, "execve", ANY_ARGS).kind == ACTION_ALLOW);
	check(answer(p, "clock_gettime", ANY_ARGS).kind == ACTION_ALLOW);
	check(not_there(answer(p, "clone3", ANY_ARGS)));
	end(&e, p);
}

static void every_rule_says_why(void)
{
	struct evidence e = start();
	struct policy *p;
	bool implied = false;

	see(&e, "read", 12);
	p = decided(&e);
	check(strcmp(p->calls[0].name, "read") == 0);
	check(strcmp(p->calls[0].why, "seen 12 times in subject") == 0);
	for (size_t i = 0; i < p->n_calls; i++) {
		check(p->calls[i].implied == (p->calls[i].count == 0));
		implied = implied || strncmp(p->calls[i].why, "implied", 7) == 0;
	}
	check(implied);
	end(&e, p);
}

static void calls_are_sorted_by_frequency_then_name(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "write", 5);
	see(&e, "close", 7);
	see(&e, "read", 5);
	p = decided(&e);
	check(strcmp(p->calls[0].name, "close") == 0);
	check(strcmp(p->calls[1].name, "read") == 0);
	check(strcmp(p->calls[2].name, "write") == 0);
	for (size_t i = 1; i < p->n_calls; i++)
		check(p->calls[i - 1].count >= p->calls[i].count);
	end(&e, p);
}

static void foreign_numbers_are_refused(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 1);
	p = decided(&e);
	check(policy_decide(p, AUDIT_ARCH_PPC, 0, ANY_ARGS).kind == ACTION_KILL);
	check(not_there(policy_decide(p, arch_native(), p->newest + 1, ANY_ARGS)));
	p->action = (struct action){ ACTION_ERRNO, EPERM };
	check(policy_decide(p, arch_native(), -1, ANY_ARGS).error == EPERM);
	check(policy_decide(p, AUDIT_ARCH_PPC, 0, ANY_ARGS).kind == ACTION_KILL);
	check(policy_decide(p, AUDIT_ARCH_X86_64, X32_SYSCALL_BIT, ANY_ARGS).kind == ACTION_KILL);
	end(&e, p);
}

static void other_architectures_have_their_own_baseline(void)
{
	struct evidence e = start();
	struct profile_call *call;
	struct policy *p;
	int nr;

	call = profile_call(e.program, PHASE_MAIN, AUDIT_ARCH_I386, 3);
	check(call);
	call->count = 1;
	p = decided(&e);
	check(policy_decide(p, AUDIT_ARCH_I386, 3, ANY_ARGS).kind == ACTION_ALLOW);
	check(syscall_number(AUDIT_ARCH_I386, "sigreturn", &nr) == 0);
	check(policy_decide(p, AUDIT_ARCH_I386, nr, ANY_ARGS).kind == ACTION_ALLOW);
	check(syscall_number(AUDIT_ARCH_I386, "clock_gettime64", &nr) == 0);
	check(policy_decide(p, AUDIT_ARCH_I386, nr, ANY_ARGS).kind == ACTION_ALLOW);
	/* Whoever puts the filter on is native. */
	check(answer(p, "execve", ANY_ARGS).kind == ACTION_ALLOW);
	end(&e, p);
}

static void a_call_that_was_never_there_is_not_allowed(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 1);
	check(profile_call_result(see(&e, "openat2", 2), ENOSYS, 2) >= 0);
	/* Seen twice, looked at once: the other time may have worked. */
	check(profile_call_result(see(&e, "statx", 2), ENOSYS, 1) >= 0);
	check(profile_call_result(see(&e, "rseq", 1), EINVAL, 1) >= 0);
	check(profile_call_result(see(&e, "copy_file_range", 500), ENOSYS, 32) >= 0);
	p = decided(&e);
	check(not_there(answer(p, "openat2", ANY_ARGS)));
	check(!policy_find_call(p, arch_native(), number("openat2")));
	check(answer(p, "statx", ANY_ARGS).kind == ACTION_ALLOW);
	check(not_there(answer(p, "copy_file_range", ANY_ARGS)));
	check(answer(p, "rseq", ANY_ARGS).kind == ACTION_ALLOW);
	end(&e, p);
}

static void an_empty_profile_is_refused(void)
{
	struct evidence e = start();
	struct decide_options options = decide_defaults;
	struct policy *p = NULL;

	check(decide(e.profile, &options, &p) == -ENODATA);
	see(&e, "read", 1);
	options.program = "/no/such/*";
	check(decide(e.profile, &options, &p) == -ENODATA);
	check(!p);
	end(&e, p);
}

static void gaps_in_the_evidence_are_told(void)
{
	struct evidence e = start();
	struct profile_run *run = profile_run_new();
	struct policy *p;

	see(&e, "read", 1);
	check(run);
	run->complete = false;
	run->command = calloc(1, sizeof(*run->command));
	check(profile_add_run(e.profile, run) == 0);
	check(profile_limit(e.program, "it did what cannot be seen") == 0);
	p = decided(&e);
	check(has_note(p, "1 of 1 recordings are incomplete"));
	check(has_note(p, "/usr/bin/subject: it did what cannot be seen"));
	end(&e, p);
}

static void programs_are_chosen_by_glob(void)
{
	struct evidence e = start();
	struct decide_options options = decide_defaults;
	struct profile_program *other;
	struct policy *p;

	see(&e, "read", 1);
	other = profile_program(e.profile, "/opt/other", "");
	check(other);
	see_in(other, "write", 1);
	options.program = "/opt/*";
	p = decided_with(&e, &options);
	check(answer(p, "write", ANY_ARGS).kind == ACTION_ALLOW);
	check(answer(p, "read", ANY_ARGS).kind == ACTION_KILL);
	check(p->n_programs == 1 && strcmp(p->programs[0], "/opt/other") == 0);
	end(&e, p);
}

static void a_persons_word_counts(void)
{
	struct evidence e = start();
	static const char *const allow[] = { "fcntl", "mount", "statx" };
	static const char *const deny[] = { "read", "exit", "mount", "openat2" };
	static const char *const unknown[] = { "no_such_call" };
	struct decide_options options = decide_defaults;
	struct policy *p = NULL;

	see(&e, "read", 1);
	see_value(&e, "fcntl", 1, 1);
	options.allow = allow;
	options.n_allow = ARRAY_SIZE(allow);
	options.deny = deny;
	options.n_deny = ARRAY_SIZE(deny);
	p = decided_with(&e, &options);
	check(allows(p, "fcntl", 1, 77)); /* with any argument */
	check(answer(p, "statx", ANY_ARGS).kind == ACTION_ALLOW);
	check(answer(p, "read", ANY_ARGS).kind == ACTION_KILL);
	check(answer(p, "exit", ANY_ARGS).kind == ACTION_KILL);
	check(answer(p, "mount", ANY_ARGS).kind == ACTION_KILL);
	check(answer(p, "openat2", ANY_ARGS).kind == ACTION_KILL);
	policy_free(p);
	p = NULL;
	options.deny = unknown;
	options.n_deny = 1;
	check(decide(e.profile, &options, &p) == -EINVAL);
	end(&e, p);
}

/* ---- arguments ---- */

static void commands_are_a_list(void)
{
	struct evidence e = start();
	struct decide_options options = decide_defaults;
	struct policy *p;

	see_value(&e, "ioctl", 1, TCGETS);
	see_value(&e, "ioctl", 1, TIOCGWINSZ);
	p = decided(&e);
	check(allows(p, "ioctl", 1, TCGETS));
	check(!allows(p, "ioctl", 1, TIOCSTI));
	/* The kernel reads 32 bits: what stands above must not change the answer. */
	check(allows(p, "ioctl", 1, (UINT64_C(1) << 32) | TCGETS));
	check(!allows(p, "ioctl", 1, (UINT64_C(1) << 32) | TIOCSTI));
	policy_free(p);
	options.arguments = false;
	p = decided_with(&e, &options);
	check(allows(p, "ioctl", 1, TIOCSTI));
	end(&e, p);
}

static void flags_are_a_mask_where_it_is_harmless(void)
{
	struct evidence e = start();
	struct policy *p;

	see_value(&e, "mprotect", 2, PROT_READ);
	see_value(&e, "mprotect", 2, PROT_READ | PROT_WRITE);
	p = decided(&e);
	check(policy_find_call(p, arch_native(), number("mprotect"))->checks[0].kind == CHECK_MASK);
	check(allows(p, "mprotect", 2, PROT_NONE));
	check(!allows(p, "mprotect", 2, PROT_EXEC));
	end(&e, p);
}

static void write_and_execute_meet_only_where_they_met(void)
{
	struct evidence e = start();
	struct policy *p;

	see_value(&e, "mprotect", 2, PROT_READ | PROT_WRITE);
	see_value(&e, "mprotect", 2, PROT_READ | PROT_EXEC);
	see_value(&e, "mmap", 2, PROT_READ | PROT_WRITE | PROT_EXEC);
	see_value(&e, "mmap", 2, PROT_READ);
	p = decided(&e);
	check(allows(p, "mprotect", 2, PROT_READ | PROT_EXEC));
	check(!allows(p, "mprotect", 2, PROT_READ | PROT_WRITE | PROT_EXEC));
	check(!allows(p, "mprotect", 2, PROT_WRITE | PROT_EXEC));
	check(allows(p, "mmap", 2, PROT_READ | PROT_WRITE | PROT_EXEC));
	end(&e, p);
}

static void namespaces_are_never_made_by_a_mask(void)
{
	struct evidence e = start();
	struct policy *p;

	see_value(&e, "clone", 0, CLONE_VM | CLONE_FS | SIGCHLD);
	see_value(&e, "clone", 0, CLONE_NEWUSER | SIGCHLD);
	see_value(&e, "clone", 0, CLONE_NEWNET | SIGCHLD);
	p = decided(&e);
	check(allows(p, "clone", 0, CLONE_NEWUSER | SIGCHLD));
	check(!allows(p, "clone", 0, CLONE_NEWUSER | CLONE_NEWNET | SIGCHLD));
	check(not_there(answer(p, "clone3", ANY_ARGS)));
	policy_free(p);
	see(&e, "clone3", 1);
	p = decided(&e);
	check(has_note(p, "clone3"));
	end(&e, p);
}

static void too_many_values_are_any_with_a_warning(void)
{
	struct evidence e = start();
	struct policy *p;

	for (unsigned i = 0; i < 200; i++)
		see_value(&e, "prctl", 0, i);
	p = decided(&e);
	check(allows(p, "prctl", 0, 1000));
	check(has_note(p, "prctl: any option"));
	end(&e, p);
}

static void a_program_without_values_lifts_the_check(void)
{
	struct evidence e = start();
	struct profile_program *other;
	struct policy *p;

	see_value(&e, "fcntl", 1, 1);
	other = profile_program(e.profile, "/opt/imported", "");
	check(other);
	see_in(other, "fcntl", 1);
	p = decided(&e);
	check(allows(p, "fcntl", 1, 5));
	check(has_note(p, "/opt/imported"));
	end(&e, p);
}

static void frequent_calls_are_shown_but_not_checked(void)
{
	struct evidence e = start();
	struct policy *p;

	see_value(&e, "futex", 1, 0);
	p = decided(&e);
	check(policy_find_call(p, arch_native(), number("futex"))->n_checks == 0);
	check(p->n_notes == 0);
	end(&e, p);
}

/* ---- paths ---- */

static void files_have_rules_of_their_own(void)
{
	struct evidence e = start();
	const struct policy_path *path;
	struct policy *p;

	see(&e, "read", 1);
	see_path(&e, "/etc/hosts", PATH_READ, KIND_FILE);
	see_path(&e, "/usr/bin/tool", PATH_EXECUTE, KIND_FILE);
	see_path(&e, "/etc/absent", PATH_READ, KIND_MISSING);
	see_path(&e, "/dev/null", PATH_WRITE | PATH_CREATE_FILE | PATH_TRUNCATE, KIND_CHAR);
	see_path(&e, "pipe:[1]", PATH_READ, KIND_FIFO);
	p = decided(&e);
	path = path_of(p, "/etc/hosts");
	check(path && path->rights == LL_READ_FILE && !path->directory);
	path = path_of(p, "/usr/bin/tool");
	check(path && path->rights == (LL_EXECUTE | LL_READ_FILE));
	path = path_of(p, "/dev/null");
	check(path && path->rights == (LL_WRITE_FILE | LL_TRUNCATE));
	check(p->n_paths == 3 && p->n_notes == 0);
	check(p->handled_fs == landlock_known(LL_FIELD_FS, LANDLOCK_NEWEST_ABI));
	end(&e, p);
}

static void what_is_made_belongs_to_the_directory_that_stays(void)
{
	struct evidence e = start();
	const struct policy_path *path;
	struct policy *p;

	see(&e, "read", 1);
	see_path(&e, "/srv/job/out", PATH_CREATE_DIR, KIND_MISSING);
	see_path(&e, "/srv/job/out/a", PATH_WRITE | PATH_CREATE_FILE, KIND_MISSING);
	see_path(&e, "/srv/job/out/a", PATH_READ, KIND_FILE);
	see_path(&e, "/srv/job/in", PATH_READ, KIND_FILE);
	p = decided(&e);
	path = path_of(p, "/srv/job");
	check(path && path->directory);
	check(path->rights == (LL_MAKE_DIR | LL_MAKE_REG | LL_WRITE_FILE | LL_READ_FILE));
	/* Covered by the directory, so not listed again. */
	check(p->n_paths == 1);
	check(path->count == 4);
	end(&e, p);
}

static void a_directory_that_was_there_needs_no_right_to_make_it(void)
{
	struct evidence e = start();
	const struct policy_path *path;
	struct policy *p;

	see(&e, "read", 1);
	see_path(&e, "/srv/job", PATH_CREATE_DIR | PATH_LIST, KIND_DIRECTORY);
	p = decided(&e);
	path = path_of(p, "/srv/job");
	check(path && path->rights == LL_READ_DIR && p->n_paths == 1);
	end(&e, p);
}

static void wide_directories_are_never_silent(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 1);
	see_path(&e, "/etc/new", PATH_CREATE_FILE | PATH_WRITE, KIND_MISSING);
	see_path(&e, "/var/log/old.log", PATH_CREATE_FILE | PATH_WRITE, KIND_FILE);
	p = decided(&e);
	check(path_of(p, "/etc") && has_note(p, "/etc:"));
	/* Always there, and only opened with O_CREAT: the file is enough. */
	check(!path_of(p, "/var/log"));
	check(path_of(p, "/var/log/old.log")->rights == LL_WRITE_FILE);
	end(&e, p);
}

static void process_numbers_become_proc(void)
{
	struct evidence e = start();
	const struct policy_path *path;
	struct policy *p;

	see(&e, "read", 1);
	see_path(&e, "/proc/self/status", PATH_READ, KIND_FILE);
	see_path(&e, "/proc/1234/comm", PATH_WRITE, KIND_FILE);
	see_path(&e, "/proc/sys/kernel/pid_max", PATH_READ, KIND_FILE);
	see_path(&e, "/dev/pts/7", PATH_READ, KIND_CHAR);
	p = decided(&e);
	path = path_of(p, "/proc");
	check(path && path->directory && path->rights == (LL_READ_FILE | LL_WRITE_FILE));
	check(has_note(p, "/proc:"));
	check(path_of(p, "/dev/pts")->rights == LL_READ_FILE);
	check(!path_of(p, "/dev/pts/7"));
	end(&e, p);
}

static void directories_between_which_files_move_have_equal_file_rights(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 1);
	see_path(&e, "/srv/a/f", PATH_REMOVE_FILE | PATH_REFER, KIND_FILE);
	see_path(&e, "/srv/b/f", PATH_CREATE_FILE | PATH_REFER, KIND_MISSING);
	see_path(&e, "/srv/b/f", PATH_READ, KIND_FILE);
	p = decided(&e);
	check(path_of(p, "/srv/a")->rights == (LL_REMOVE_FILE | LL_REFER | LL_READ_FILE));
	check(path_of(p, "/srv/b")->rights == (LL_MAKE_REG | LL_REFER | LL_READ_FILE));
	end(&e, p);
}

static void mounting_takes_the_files_out_of_landlock(void)
{
	struct evidence e = start();
	struct policy *p;

	check(profile_call_result(see(&e, "mount", 1), EPERM, 1) >= 0);
	p = decided(&e);
	check(p->handled_fs != 0);
	policy_free(p);
	check(profile_call_result(see(&e, "mount", 1), 0, 1) >= 0);
	p = decided(&e);
	check(p->handled_fs == 0 && has_note(p, "mount"));
	end(&e, p);
}

/* ---- network ---- */

static void see_address(struct evidence *e, bool bind, int family, const char *address,
			uint16_t port)
{
	struct profile_address *entry =
		profile_address(e->program, PHASE_MAIN, bind, family, SOCK_STREAM, address, port);

	check(entry);
	entry->count++;
}

static void ports_and_scopes_follow_what_was_reached(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 1);
	see_address(&e, true, AF_INET, "0.0.0.0", 80);
	see_address(&e, false, AF_INET, "127.0.0.1", 5432);
	see_address(&e, true, AF_UNIX, "@mine", 0);
	p = decided(&e);
	check(p->n_ports == 2);
	check(p->ports[0].bind && p->ports[0].port == 80);
	check(!p->ports[1].bind && p->ports[1].port == 5432);
	check(p->handled_net == (LL_BIND_TCP | LL_CONNECT_TCP));
	check(p->scopes == (LL_SCOPE_ABSTRACT_UNIX | LL_SCOPE_SIGNAL));
	policy_free(p);
	see_address(&e, false, AF_UNIX, "@other", 0);
	check(profile_signal(e.program, PHASE_MAIN, SIGTERM));
	p = decided(&e);
	check(p->scopes == 0);
	policy_free(p);
	/* A port that the kernel chose is another one each time. */
	see_address(&e, true, AF_INET, "127.0.0.1", 0);
	see_address(&e, false, AF_INET, "127.0.0.1", 40000);
	p = decided(&e);
	check(p->handled_net == LL_BIND_TCP && has_note(p, "40000"));
	end(&e, p);
}

static void families_are_those_of_sockets(void)
{
	struct evidence e = start();
	struct profile_socket *entry;
	struct policy *p;

	see(&e, "read", 1);
	entry = profile_socket(e.program, PHASE_MAIN, AF_NETLINK, SOCK_RAW, 0);
	check(entry);
	entry->count = 3;
	p = decided(&e);
	check(p->n_families == 1 && p->families[0].family == AF_NETLINK);
	check(p->families[0].count == 3);
	check(strcmp(p->families[0].why, "sockets made in subject") == 0);
	end(&e, p);
}

/* ---- limits ---- */

static void see_peak(struct evidence *e, int resource, uint64_t value)
{
	struct profile_peak *peak = profile_peak(e->program, resource);

	check(peak);
	peak->value = value;
}

static void limits_leave_headroom(void)
{
	const uint64_t mib = UINT64_C(1) << 20;
	static const int resources[] = { RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_STACK, RLIMIT_NOFILE,
					 RLIMIT_AS };

	check(limit_for_peak(RLIMIT_CPU, 0) == 4);
	check(limit_for_peak(RLIMIT_CPU, 10) == 40);
	check(limit_for_peak(RLIMIT_FSIZE, 100 * mib) == 125 * mib);
	check(limit_for_peak(RLIMIT_FSIZE, 1) == 2 * mib);
	check(limit_for_peak(RLIMIT_NOFILE, 10) == 26);
	check(limit_for_peak(RLIMIT_NOFILE, 1000) == 1250);
	check(limit_for_peak(RLIMIT_STACK, 132 * 1024) == 4 * mib);
	/* The limit in force when threads were made is the size of their stacks. */
	check(limit_for_peak(RLIMIT_STACK, 8 * mib) == 8 * mib);
	check(limit_for_peak(RLIMIT_AS, UINT64_MAX - 5) == UINT64_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(resources); i++)
		for (uint64_t peak = 1; peak < UINT64_MAX / 3; peak = 3 * peak + 1)
			check(limit_for_peak(resources[i], peak) >= peak);
}

static void limits_follow_peaks_that_bound_the_use(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 1);
	see_peak(&e, RLIMIT_NOFILE, 10);
	see_peak(&e, RLIMIT_RSS, 1000);        /* limits nothing */
	see_peak(&e, RLIMIT_SIGPENDING, 1000); /* not an upper bound */
	see_peak(&e, RLIMIT_NPROC, 3);         /* counted over the whole user */
	p = decided(&e);
	check(limit_of(p, RLIMIT_NOFILE)->value == 26 && limit_of(p, RLIMIT_NOFILE)->peak == 10);
	check(limit_of(p, RLIMIT_CORE)->value == 0);
	check(!limit_of(p, RLIMIT_RSS) && !limit_of(p, RLIMIT_NPROC) && !limit_of(p, RLIMIT_AS));
	check(!limit_of(p, RLIMIT_SIGPENDING));
	policy_free(p);
	see_value(&e, "prlimit64", 1, RLIMIT_NOFILE);
	p = decided(&e);
	check(!limit_of(p, RLIMIT_NOFILE)); /* who asks takes what it gets */
	end(&e, p);
}

static void what_a_server_opens_is_not_limited(void)
{
	static const char *const calls[] = { "listen", "accept", "accept4" };

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		struct evidence e = start();
		struct policy *p;

		see_peak(&e, RLIMIT_NOFILE, 10);
		see(&e, "bind", 1);
		p = decided(&e);
		check(limit_of(p, RLIMIT_NOFILE)->value == 26);
		policy_free(p);
		see(&e, calls[i], 1);
		p = decided(&e);
		check(!limit_of(p, RLIMIT_NOFILE));
		end(&e, p);
	}
}

static void reserved_addresses_are_not_limited(void)
{
	const uint64_t mib = UINT64_C(1) << 20;
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 1);
	see_peak(&e, RLIMIT_DATA, 200 * mib);
	see_peak(&e, RLIMIT_AS, 712 * mib);
	p = decided(&e);
	check(limit_of(p, RLIMIT_AS)->value == 1736 * mib);
	check(limit_of(p, RLIMIT_DATA)->value == 400 * mib);
	policy_free(p);
	see_peak(&e, RLIMIT_AS, 713 * mib);
	p = decided(&e);
	check(!limit_of(p, RLIMIT_AS) && limit_of(p, RLIMIT_DATA));
	end(&e, p);
}

static void memory_locked_for_the_user_is_not_limited(void)
{
	static const char *const calls[] = { "io_uring_setup", "bpf", "perf_event_open", "shmctl" };

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		struct evidence e = start();
		struct policy *p;

		see(&e, "mlock", 1);
		see_peak(&e, RLIMIT_MEMLOCK, 0);
		p = decided(&e);
		check(limit_of(p, RLIMIT_MEMLOCK)->value == 65536);
		policy_free(p);
		see(&e, calls[i], 1);
		p = decided(&e);
		check(!limit_of(p, RLIMIT_MEMLOCK));
		end(&e, p);
	}
}

static void the_peaks_of_the_tree_are_in_the_policy(void)
{
	struct evidence e = start();
	struct policy *p;

	see(&e, "read", 1);
	profile_tree(e.profile, 1000, 3);
	profile_tree(e.profile, 10, 5);
	p = decided(&e);
	check(p->memory_peak == 1000 && p->tasks_peak == 5);
	end(&e, p);
}

/* ---- capabilities ---- */

static void see_run(struct evidence *e, uint32_t uid)
{
	struct profile_run *run = profile_run_new();

	check(run);
	run->uid = uid;
	check(profile_add_run(e->profile, run) == 0);
}

static const struct policy_capability *capability_of(const struct policy *p, int capability)
{
	for (size_t i = 0; i < p->n_capabilities; i++)
		if (p->capabilities[i].capability == capability)
			return &p->capabilities[i];
	return NULL;
}

static void capabilities_are_those_without_which_it_would_have_failed(void)
{
	struct evidence e = start();
	struct profile_socket *socket;
	struct policy *p;

	see_run(&e, 0);
	see(&e, "bind", 1);
	see(&e, "setgroups", 1);
	see(&e, "socket", 1);
	check(profile_call_result(see(&e, "mount", 1), EPERM, 1) >= 0);
	see_value(&e, "prctl", 0, PR_CAPBSET_DROP);
	see_address(&e, true, AF_INET, "0.0.0.0", 80);
	see_address(&e, true, AF_UNIX, "@x", 0);
	see_path(&e, "/srv/null", PATH_CREATE_CHAR, KIND_MISSING);
	socket = profile_socket(e.program, PHASE_MAIN, AF_PACKET, SOCK_RAW, 0);
	check(socket);
	p = decided(&e);
	check(strstr(capability_of(p, CAP_NET_BIND_SERVICE)->why, "port 80"));
	check(!capability_of(p, CAP_NET_BIND_SERVICE)->guess);
	check(capability_of(p, CAP_SETGID) && capability_of(p, CAP_SETPCAP));
	check(capability_of(p, CAP_NET_RAW) && capability_of(p, CAP_MKNOD));
	/* It failed each time. */
	check(!capability_of(p, CAP_SYS_ADMIN));
	check(p->n_capabilities == 5);
	end(&e, p);
}

static void a_capability_that_may_not_be_needed_is_a_guess_and_only_of_root(void)
{
	struct evidence e = start();
	struct policy *p;

	see_run(&e, 1000);
	see(&e, "setuid", 1);
	see(&e, "chown", 1);
	see(&e, "setgid", 1);
	p = decided(&e);
	check(p->n_capabilities == 0);
	policy_free(p);
	see_run(&e, 0);
	p = decided(&e);
	check(capability_of(p, CAP_SETUID)->guess && capability_of(p, CAP_CHOWN)->guess);
	check(capability_of(p, CAP_SETGID)->guess);
	check(strstr(capability_of(p, CAP_SETUID)->why, "a guess: setuid"));
	policy_free(p);
	/* What is sure is no guess any more. */
	see(&e, "setgroups", 1);
	p = decided(&e);
	check(!capability_of(p, CAP_SETGID)->guess);
	end(&e, p);
}

static void root_needs_a_capability_for_files_that_their_mode_denies(void)
{
	char path[] = "/tmp/learn-unit-XXXXXX";
	int fd = mkstemp(path);
	struct evidence e = start();
	struct policy *p;

	check(fd >= 0 && fchmod(fd, 0) == 0);
	see_run(&e, getuid());
	see(&e, "openat", 1);
	see_path(&e, path, PATH_READ, KIND_FILE);
	p = decided(&e);
	check(getuid() != 0 || capability_of(p, CAP_DAC_READ_SEARCH)->guess);
	policy_free(p);
	check(fchmod(fd, 0400) == 0);
	p = decided(&e);
	check(p->n_capabilities == 0);
	check(unlink(path) == 0 && close(fd) == 0);
	end(&e, p);
}

/* ---- words ---- */

static void actions_have_words(void)
{
	static const char *const words[] = { "kill", "trap", "log", "errno:EPERM", "errno:ENOSYS" };
	static const char *const wrong[] = { "",	  "allow",     "errno", "errno:", "errno:0",
					     "errno:4096", "errno:EFOO", "kill " };
	struct action action;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		auto_free char *text = NULL;

		check(action_parse(words[i], &action) == 0);
		text = action_format(action);
		check(text && strcmp(text, words[i]) == 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		check(action_parse(wrong[i], &action) == -EINVAL);
	check(action_parse("errno:EPERM", &action) == 0);
	check(action_to_seccomp(action) == (0x00050000 | EPERM));
}

static void check_format(const char *call, unsigned index, uint64_t value, const char *expected)
{
	const struct argspec *spec = argspec_of(call, index);
	auto_free char *text = spec ? argspec_format(spec, value) : NULL;

	if (!text || strcmp(text, expected) != 0)
		fprintf(stderr, "%s %" PRIu64 ": %s\n", call, value, text ? text : "(none)");
	check(text && strcmp(text, expected) == 0);
}

static void arguments_have_names(void)
{
	check_format("ioctl", 1, TCGETS, "TCGETS");
	check_format("ioctl", 1, (UINT64_C(1) << 32) | TCGETS, "TCGETS");
	check_format("ioctl", 1, 0xdeadbeef, "_IOC(_IOC_READ|_IOC_WRITE,0xbe,0xef,0x1ead)");
	check_format("socket", 1, SOCK_STREAM | SOCK_CLOEXEC, "SOCK_STREAM|SOCK_CLOEXEC");
	check_format("mmap", 2, PROT_READ | PROT_WRITE, "PROT_READ|PROT_WRITE");
	check_format("mmap", 2, 0, "PROT_NONE");
	check_format("mmap", 2, PROT_READ | 0x800, "PROT_READ|2048");
	check_format("clone", 0, 0x1200011, "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD");
	check_format("futex", 1, 0x81, "FUTEX_WAKE|FUTEX_PRIVATE_FLAG");
	check_format("personality", 0, 0xffffffff, "PER_QUERY");
	check_format("personality", 0, 0x40000, "PER_LINUX|ADDR_NO_RANDOMIZE");
	check_format("openat", 2, 0x80000, "O_RDONLY|O_CLOEXEC");
	check_format("openat", 2, 0x80241, "O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC");
	check_format("mmap", 3, 0x22, "MAP_PRIVATE|MAP_ANONYMOUS");
	check_format("quotactl", 0, 0x80000701, "Q_GETQUOTA|GRPQUOTA");
	check_format("clone3", ARGSPEC_ARGUMENTS, UINT64_C(0x100000200),
		     "CLONE_FS|CLONE_CLEAR_SIGHAND");
}

static void check_row(const struct argspec *spec)
{
	size_t n;
	const struct argspec *rows = argspecs_of(spec->call, &n);
	int nr;

	check(rows <= spec && spec < rows + n); /* rows of a call stand together */
	check(argspec_of(spec->call, spec->index) == spec);
	check(spec == rows || spec[-1].index < spec->index);
	check(spec->index < ARGSPEC_ARGUMENTS + ARGSPEC_FIELDS);
	check(spec->width == 32 || spec->width == 64);
	check(!argspec_is_field(spec) || spec->shown_only);
	check(spec->most > 0 && spec->most <= PROFILE_MOST_VALUES);
	check(spec->why && spec->arg);
	/* Some architecture has the call. */
	check(syscall_number(AUDIT_ARCH_X86_64, spec->call, &nr) == 0 ||
	      syscall_number(AUDIT_ARCH_I386, spec->call, &nr) == 0);
	for (const struct arg_name *name = spec->names; name && name->name; name++) {
		auto_free char *text = argspec_format(spec, name->value);
		uint64_t value;

		/* Of two names for a number the first is used, and both are understood. */
		check(text && argspec_parse(spec, name->name, &value) == 0);
		check(value == name->value && argspec_significant(spec, value) == value);
		for (const struct arg_name *other = spec->names; other != name; other++)
			check(other->value == name->value || strcmp(other->name, name->name) != 0);
	}
}

/* What is written is understood again, whatever the value. */
static void check_values(const struct argspec *spec)
{
	uint64_t seed = 1;

	for (int i = 0; i < 200; i++) {
		auto_free char *text = NULL;
		uint64_t value, again;

		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		value = argspec_significant(spec, seed >> 8 >> i % 56);
		text = argspec_format(spec, value);
		check(text && !strchr(text, ' ') && argspec_parse(spec, text, &again) == 0);
		check(again == value);
	}
}

static void every_row_of_arguments_is_sound(void)
{
	for (const struct argspec *spec = argspec_table; spec->call; spec++)
		check_row(spec);
	for (const struct argspec *spec = argspec_table; spec->call; spec++)
		check_values(spec);
	check(!argspec_applies(argspec_of("mmap", 2), AUDIT_ARCH_I386));
	check(argspec_applies(argspec_of("mmap", 2), AUDIT_ARCH_X86_64));
	check(!argspec_applies(argspec_of("clone", 0), AUDIT_ARCH_S390X));
}

static const struct {
	const char *claim;
	void (*test)(void);
} tests[] = {
#define TEST(name) { #name, name }
	TEST(what_was_seen_is_allowed_and_nothing_else),
	TEST(every_rule_says_why),
	TEST(calls_are_sorted_by_frequency_then_name),
	TEST(foreign_numbers_are_refused),
	TEST(other_architectures_have_their_own_baseline),
	TEST(a_call_that_was_never_there_is_not_allowed),
	TEST(an_empty_profile_is_refused),
	TEST(gaps_in_the_evidence_are_told),
	TEST(programs_are_chosen_by_glob),
	TEST(a_persons_word_counts),
	TEST(commands_are_a_list),
	TEST(flags_are_a_mask_where_it_is_harmless),
	TEST(write_and_execute_meet_only_where_they_met),
	TEST(namespaces_are_never_made_by_a_mask),
	TEST(too_many_values_are_any_with_a_warning),
	TEST(a_program_without_values_lifts_the_check),
	TEST(frequent_calls_are_shown_but_not_checked),
	TEST(files_have_rules_of_their_own),
	TEST(what_is_made_belongs_to_the_directory_that_stays),
	TEST(a_directory_that_was_there_needs_no_right_to_make_it),
	TEST(wide_directories_are_never_silent),
	TEST(process_numbers_become_proc),
	TEST(directories_between_which_files_move_have_equal_file_rights),
	TEST(mounting_takes_the_files_out_of_landlock),
	TEST(ports_and_scopes_follow_what_was_reached),
	TEST(families_are_those_of_sockets),
	TEST(capabilities_are_those_without_which_it_would_have_failed),
	TEST(a_capability_that_may_not_be_needed_is_a_guess_and_only_of_root),
	TEST(root_needs_a_capability_for_files_that_their_mode_denies),
	TEST(limits_leave_headroom),
	TEST(limits_follow_peaks_that_bound_the_use),
	TEST(what_a_server_opens_is_not_limited),
	TEST(reserved_addresses_are_not_limited),
	TEST(memory_locked_for_the_user_is_not_limited),
	TEST(the_peaks_of_the_tree_are_in_the_policy),
	TEST(actions_have_words),
	TEST(arguments_have_names),
	TEST(every_row_of_arguments_is_sound),
};

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		fprintf(stderr, "%s\n", tests[i].claim);
		tests[i].test();
	}
	return EXIT_SUCCESS;
}
