/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource limits applied to this process. */
#include "enforcer/confine_limits.h"

#include <errno.h>
#include <sys/resource.h>

#include "base/diag.h"
#include "sysdb/rlimits.h"

static rlim_t smaller(rlim_t a, rlim_t b)
{
	return a < b ? a : b;
}

/* A policy takes away: it does not raise what the caller had set lower. */
static int set_limit(const struct policy_limit *limit)
{
	struct rlimit now;
	int r = 0;

	if (getrlimit(limit->resource, &now) < 0)
		r = -errno;
	now.rlim_cur = smaller(now.rlim_cur, limit->value);
	now.rlim_max = smaller(now.rlim_max, limit->value);
	if (r == 0 && setrlimit(limit->resource, &now) < 0)
		r = -errno;
	return r < 0 ? diag_errno(r, "cannot set the limit %s",
				  rlimit_by_number(limit->resource)->name)
		     : 0;
}

int confine_limits(const struct policy *policy)
{
	int r = 0;

	for (size_t i = 0; i < policy->n_limits && r == 0; i++)
		if (rlimit_by_number(policy->limits[i].resource)->grows != GROWS_WITH_TIME)
			r = set_limit(&policy->limits[i]);
	return r;
}
