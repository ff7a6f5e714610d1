/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock applied to this process: files, TCP ports and scopes (landlock(7)). */
#include "enforcer/confine_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "sysdb/landlock.h"

/* Written out as in include/uapi/linux/landlock.h, which may be older here than the kernel. */
struct ruleset_attr {
	uint64_t handled_access_fs, handled_access_net, scoped;
};

struct path_beneath_attr {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

struct net_port_attr {
	uint64_t allowed_access, port;
};

enum rule_type { RULE_PATH_BENEATH = 1, RULE_NET_PORT = 2 };

static struct ruleset_attr handled_by(const struct policy *policy, unsigned abi)
{
	return (struct ruleset_attr){
		.handled_access_fs = policy->handled_fs & landlock_known(LL_FIELD_FS, abi),
		.handled_access_net = policy->handled_net & landlock_known(LL_FIELD_NET, abi),
		.scoped = policy->scopes & landlock_known(LL_FIELD_SCOPE, abi),
	};
}

static int add_rule(int ruleset, enum rule_type type, const void *attr)
{
	return syscall(SYS_landlock_add_rule, ruleset, type, attr, 0) < 0 ? -errno : 0;
}

/* A path that cannot be opened now has no inode to hang a rule on: it stays denied. */
static bool is_out_of_reach(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES || error == -ELOOP;
}

static int add_path(int ruleset, const struct policy_path *path, uint64_t handled)
{
	auto_close int fd = open(path->path, O_PATH | O_CLOEXEC);
	struct path_beneath_attr attr = { path->rights & handled, fd };
	struct stat st;
	int r;

	if (fd < 0)
		return is_out_of_reach(-errno) ? 0 : diag_errno(-errno, "%s", path->path);
	if (fstat(fd, &st) < 0)
		return diag_errno(-errno, "%s", path->path);
	if (!S_ISDIR(st.st_mode))
		attr.allowed_access &= LL_FILE_RIGHTS;
	if (!attr.allowed_access)
		return 0;
	r = add_rule(ruleset, RULE_PATH_BENEATH, &attr);
	/* EBADFD: on a file system inside the kernel, which landlock does not confine. */
	return r < 0 && r != -EBADFD ? diag_errno(r, "landlock rule for %s", path->path) : 0;
}

static int add_port(int ruleset, const struct policy_port *port, uint64_t handled)
{
	uint64_t right = port->bind ? LL_BIND_TCP : LL_CONNECT_TCP;
	struct net_port_attr attr = { right & handled, port->port };
	int r = attr.allowed_access ? add_rule(ruleset, RULE_NET_PORT, &attr) : 0;

	return r < 0 ? diag_errno(r, "landlock rule for port %u", port->port) : 0;
}

static int add_rules(int ruleset, const struct policy *policy, const struct ruleset_attr *attr)
{
	int r = 0;

	for (size_t i = 0; i < policy->n_paths && r == 0; i++)
		r = add_path(ruleset, &policy->paths[i], attr->handled_access_fs);
	for (size_t i = 0; i < policy->n_ports && r == 0; i++)
		r = add_port(ruleset, &policy->ports[i], attr->handled_access_net);
	return r;
}

int confine_files(const struct policy *policy)
{
	struct ruleset_attr attr = handled_by(policy, landlock_abi());
	auto_close int ruleset = -1;
	int r;

	/* The kernel refuses a ruleset that handles nothing. */
	if (!attr.handled_access_fs && !attr.handled_access_net && !attr.scoped)
		return 0;
	/* Older kernels take the longer structure as long as what they do not know is zero. */
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0)
		return diag_errno(-errno, "cannot make a landlock ruleset");
	r = add_rules(ruleset, policy, &attr);
	if (r < 0)
		return r;
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return diag_errno(-errno, "cannot apply the landlock ruleset");
	return 0;
}
