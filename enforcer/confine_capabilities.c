/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capabilities taken from this process (capabilities(7)). */
#include "enforcer/confine_capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/diag.h"

/* The sets of capset(2), version 3: two words of 32 each. */
struct sets {
	struct __user_cap_data_struct words[_LINUX_CAPABILITY_U32S_3];
};

static struct __user_cap_header_struct header(void)
{
	return (struct __user_cap_header_struct){ .version = _LINUX_CAPABILITY_VERSION_3 };
}

static int get_sets(struct sets *ret)
{
	struct __user_cap_header_struct h = header();

	return syscall(SYS_capget, &h, ret->words) < 0 ? -errno : 0;
}

static int set_sets(const struct sets *sets)
{
	struct __user_cap_header_struct h = header();

	return syscall(SYS_capset, &h, sets->words) < 0 ? -errno : 0;
}

static uint64_t kept_by(const struct policy *policy)
{
	uint64_t kept = 0;

	for (size_t i = 0; i < policy->n_capabilities; i++)
		kept |= UINT64_C(1) << policy->capabilities[i].capability;
	return kept;
}

/* Else root would have them all again at the next execve. */
static int drop_bounding(uint64_t kept)
{
	for (int c = 0; prctl(PR_CAPBSET_READ, c, 0, 0, 0) >= 0; c++)
		if (!(kept >> c & 1) && prctl(PR_CAPBSET_DROP, c, 0, 0, 0) < 0)
			return -errno;
	return 0;
}

static bool has_setpcap(const struct sets *sets)
{
	return sets->words[CAP_TO_INDEX(CAP_SETPCAP)].effective & CAP_TO_MASK(CAP_SETPCAP);
}

/* What leaves the inheritable set leaves the ambient one. */
static void keep_only(struct sets *sets, uint64_t kept)
{
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		const uint32_t word = (uint32_t)(kept >> 32 * i);

		sets->words[i].effective &= word;
		sets->words[i].permitted &= word;
		sets->words[i].inheritable &= word;
	}
}

uint64_t capabilities_held(void)
{
	struct sets sets;
	uint64_t held = 0;

	if (get_sets(&sets) < 0)
		return 0;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		held |= (uint64_t)sets.words[i].effective << 32 * i;
	return held;
}

int confine_capabilities(const struct policy *policy)
{
	const uint64_t kept = kept_by(policy);
	struct sets sets;
	int r;

	if (!policy->as_root)
		return 0;
	r = get_sets(&sets);
	/* Without it no set grows at execve: no_new_privs is set. */
	if (r == 0 && has_setpcap(&sets))
		r = drop_bounding(kept);
	if (r == 0) {
		keep_only(&sets, kept);
		r = set_sets(&sets);
	}
	return r < 0 ? diag_errno(r, "cannot give up capabilities") : 0;
}
