/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy applied to this process, for good. */
#include "enforcer/enforcer.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/diag.h"
#include "enforcer/confine_capabilities.h"
#include "enforcer/confine_files.h"
#include "enforcer/confine_limits.h"
#include "sysdb/landlock.h"
#include "sysdb/syscalls.h"

/*
 * No flags: SECCOMP_FILTER_FLAG_SPEC_ALLOW would take a mitigation (SSBD, before Linux 5.16) from
 * a program that is confined because it is not trusted, and the other flags are for supervisors.
 */
static int confine_calls(const struct enforcement *e)
{
	struct sock_fprog program = {
		.len = (unsigned short)e->filter_length,
		/* The structure is shared with callers that write; the kernel copies from it. */
		.filter = (struct sock_filter *)(uintptr_t)e->filter,
	};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0
		       ? diag_errno(-errno, "cannot install the seccomp filter")
		       : 0;
}

static const char *known_arch_name(uint32_t arch)
{
	const char *name = arch_name(arch);

	return name ? name : "another architecture";
}

/*
 * The order matters: an unprivileged process needs no_new_privs for landlock and seccomp; landlock
 * needs a descriptor or two, which a limit may not leave; the filter comes last because nothing of
 * all this need be allowed under it.
 */
int enforce_self(void *state)
{
	const struct enforcement *e = state;
	int r;

	if (e->policy->arch != arch_native())
		return diag(-EINVAL, "the policy is for %s: it cannot be applied here",
			    known_arch_name(e->policy->arch));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return diag_errno(-errno, "cannot set no_new_privs");
	r = e->layers & LAYER_FILES ? confine_files(e->policy) : 0;
	if (r == 0 && e->layers & LAYER_LIMITS)
		r = confine_limits(e->policy);
	if (r == 0 && e->layers & LAYER_CAPABILITIES)
		r = confine_capabilities(e->policy);
	return r == 0 && e->layers & LAYER_CALLS ? confine_calls(e) : r;
}

void filter_hand_over(struct sock_filter *filter, size_t n, uint16_t data)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t action = filter[i].k & SECCOMP_RET_ACTION_FULL;

		if (filter[i].code == (BPF_RET | BPF_K) &&
		    (action == SECCOMP_RET_ERRNO || action == SECCOMP_RET_LOG))
			filter[i].k = SECCOMP_RET_TRACE | data;
	}
}

/* ---- what this kernel cannot do ---- */

static void warn_of_landlock(const struct policy *policy, unsigned abi)
{
	if (!abi && (policy->handled_fs || policy->handled_net || policy->scopes)) {
		diag_warn("this kernel has no landlock: files, TCP ports, abstract UNIX sockets "
			  "and signals are not confined");
		return;
	}
	for (const struct landlock_right *r = landlock_table; r->name; r++)
		if (r->since_abi > abi && r->lost && (policy_handled(policy, r->field) & r->bit))
			diag_warn("this kernel has landlock ABI %u: %s", abi, r->lost);
}

static void warn_of_action(struct action action)
{
	uint32_t value = action_to_seccomp(action) & SECCOMP_RET_ACTION_FULL;

	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &value) < 0)
		diag_warn("this kernel's seccomp does not know the action: it kills instead");
}

/* no_new_privs takes from such a program, without a word, what it was recorded with. */
static void warn_of_rights(const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_uses; i++)
		if (policy->uses[i].kind == USE_RIGHTS)
			diag_warn("%s gives rights to users who execute it (set-user-ID, "
				  "set-group-ID or capabilities): under no_new_privs it does not",
				  policy->uses[i].path);
}

void enforcement_warn(const struct policy *policy, unsigned layers)
{
	warn_of_rights(policy);
	if (layers & LAYER_FILES)
		warn_of_landlock(policy, landlock_abi());
	if (layers & LAYER_CALLS)
		warn_of_action(policy->action);
}
