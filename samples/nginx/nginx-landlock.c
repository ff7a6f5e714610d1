/*
 * Written by learn: landlock rules in C.
 * What it allows was seen of:
 *   /usr/sbin/nginx
 * Compile it with the program; call the function in the first thread when all that
 * needs more has been done: it confines the caller and what it starts later.
 * What this format cannot express of the policy:
 *   67 system calls
 *   19 argument rules
 *   2 address families
 *   3 capabilities
 *   9 resource limits
 * Notes:
 *   nginx looks up names by the modules of nsswitch.conf: where that names others, they need other sockets (AF_UNIX, AF_INET, AF_NETLINK) and files
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_PATH, syscall() */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int nginx_landlock(void);

/* The rights of linux/landlock.h, which may be older than the kernel. */
#define ACCESS_FS_EXECUTE 0x1ULL
#define ACCESS_FS_WRITE_FILE 0x2ULL
#define ACCESS_FS_READ_FILE 0x4ULL
#define ACCESS_FS_READ_DIR 0x8ULL
#define ACCESS_FS_REMOVE_DIR 0x10ULL
#define ACCESS_FS_REMOVE_FILE 0x20ULL
#define ACCESS_FS_MAKE_CHAR 0x40ULL
#define ACCESS_FS_MAKE_DIR 0x80ULL
#define ACCESS_FS_MAKE_REG 0x100ULL
#define ACCESS_FS_MAKE_SOCK 0x200ULL
#define ACCESS_FS_MAKE_FIFO 0x400ULL
#define ACCESS_FS_MAKE_BLOCK 0x800ULL
#define ACCESS_FS_MAKE_SYM 0x1000ULL
#define ACCESS_FS_REFER 0x2000ULL
#define ACCESS_FS_TRUNCATE 0x4000ULL
#define ACCESS_FS_IOCTL_DEV 0x8000ULL
#define ACCESS_NET_BIND_TCP 0x1ULL
#define ACCESS_NET_CONNECT_TCP 0x2ULL
#define SCOPE_ABSTRACT_UNIX_SOCKET 0x1ULL
#define SCOPE_SIGNAL 0x2ULL

/* What each ABI of the kernel confines more than the one before. */
static const struct {
	uint64_t fs, net, scoped;
} abis[] = {
	/* ABI 1 */
	{ ACCESS_FS_EXECUTE | ACCESS_FS_WRITE_FILE | ACCESS_FS_READ_FILE | ACCESS_FS_READ_DIR |
	  ACCESS_FS_REMOVE_DIR | ACCESS_FS_REMOVE_FILE | ACCESS_FS_MAKE_CHAR | ACCESS_FS_MAKE_DIR |
	  ACCESS_FS_MAKE_REG | ACCESS_FS_MAKE_SOCK | ACCESS_FS_MAKE_FIFO | ACCESS_FS_MAKE_BLOCK |
	  ACCESS_FS_MAKE_SYM, 0, 0 },
	/* ABI 2; before it renames and links across directories are always denied */
	{ ACCESS_FS_REFER, 0, 0 },
	/* ABI 3; before it truncating files is not confined */
	{ ACCESS_FS_TRUNCATE, 0, 0 },
	/* ABI 4; before it binding TCP ports is not confined, connecting to TCP ports is not confined */
	{ 0, ACCESS_NET_BIND_TCP | ACCESS_NET_CONNECT_TCP, 0 },
	/* ABI 5; before it ioctl on devices is not confined */
	{ ACCESS_FS_IOCTL_DEV, 0, 0 },
	/* ABI 6; before it abstract UNIX sockets are not confined, signals to other processes are not confined */
	{ 0, 0, SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL },
	/* ABI 7 */
	{ 0, 0, 0 },
};

static const struct {
	const char *path;
	uint64_t rights;
} paths[] = {
	{ "/etc/group",
	  ACCESS_FS_READ_FILE }, /* seen 6 times: read */
	{ "/etc/ld.so.cache",
	  ACCESS_FS_READ_FILE }, /* seen 5 times: read */
	{ "/etc/nsswitch.conf",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/etc/passwd",
	  ACCESS_FS_READ_FILE }, /* seen 2 times: read */
	{ "/etc/ssl/openssl.cnf",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/proc/sys/kernel/ngroups_max",
	  ACCESS_FS_READ_FILE }, /* seen 4 times: read */
	{ "/srv/learn-nginx/html/index.html",
	  ACCESS_FS_READ_FILE }, /* seen 101 times: read */
	{ "/srv/learn-nginx/html/numbers.txt",
	  ACCESS_FS_READ_FILE }, /* seen 100 times: read */
	{ "/srv/learn-nginx/log",
	  ACCESS_FS_WRITE_FILE | ACCESS_FS_MAKE_REG }, /* seen 5 times: write, create_file (for /srv/learn-nginx/log/access.log and others) */
	{ "/srv/learn-nginx/nginx.conf",
	  ACCESS_FS_READ_FILE }, /* seen 2 times: read */
	{ "/srv/learn-nginx/run",
	  ACCESS_FS_WRITE_FILE | ACCESS_FS_READ_FILE | ACCESS_FS_REMOVE_FILE | ACCESS_FS_MAKE_DIR |
	  ACCESS_FS_MAKE_REG | ACCESS_FS_TRUNCATE }, /* seen 17 times: read, write, truncate, create_file, create_dir, remove_file, metadata (for /srv/learn-nginx/run/body and others) */
	{ "/sys/devices/system/cpu/online",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
	  ACCESS_FS_EXECUTE | ACCESS_FS_READ_FILE }, /* seen once: execute */
	{ "/usr/lib/x86_64-linux-gnu/libc.so.6",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/usr/lib/x86_64-linux-gnu/libcap.so.2.66",
	  ACCESS_FS_READ_FILE }, /* seen 4 times: read */
	{ "/usr/lib/x86_64-linux-gnu/libcrypt.so.1.1.0",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/usr/lib/x86_64-linux-gnu/libm.so.6",
	  ACCESS_FS_READ_FILE }, /* seen 4 times: read */
	{ "/usr/lib/x86_64-linux-gnu/libnss_systemd.so.2",
	  ACCESS_FS_READ_FILE }, /* seen 4 times: read */
	{ "/usr/lib/x86_64-linux-gnu/libpcre2-8.so.0.11.2",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/usr/lib/x86_64-linux-gnu/libssl.so.3",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/usr/lib/x86_64-linux-gnu/libz.so.1.2.13",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ "/usr/sbin/nginx",
	  ACCESS_FS_EXECUTE | ACCESS_FS_READ_FILE }, /* seen 2 times: execute */
	{ "/usr/share/zoneinfo/Etc/UTC",
	  ACCESS_FS_READ_FILE }, /* seen once: read */
	{ NULL, 0 }
};

static const struct {
	uint64_t port, rights;
} ports[] = {
	{ 8088, ACCESS_NET_BIND_TCP }, /* nginx binds 127.0.0.1 port 8088 */
	{ 0, 0 }
};

/* The kernel's interface: landlock_create_ruleset(2), landlock_add_rule(2). */
struct ruleset {
	uint64_t fs, net, scoped;
};
struct path_rule {
	uint64_t rights;
	int32_t fd;
} __attribute__((packed));
struct port_rule {
	uint64_t rights, port;
};
enum { RULE_PATH = 1, RULE_PORT = 2, ASK_VERSION = 1 };

#ifndef SYS_landlock_create_ruleset /* the same on all but alpha */
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

/* What this kernel can confine of it. */
static struct ruleset known_to(int abi)
{
	struct ruleset known = { 0, 0, 0 };

	for (int i = 0; i < abi && i < (int)(sizeof(abis) / sizeof(abis[0])); i++) {
		known.fs |= abis[i].fs;
		known.net |= abis[i].net;
		known.scoped |= abis[i].scoped;
	}
	return known;
}

/* The kernel refuses other rights on what is no directory. */
static const uint64_t file_rights =
	  ACCESS_FS_EXECUTE | ACCESS_FS_WRITE_FILE | ACCESS_FS_READ_FILE | ACCESS_FS_TRUNCATE |
	  ACCESS_FS_IOCTL_DEV;

/* Nothing can be done to a path that is not there or cannot be reached. */
static int is_absent(int err)
{
	return err == ENOENT || err == ENOTDIR || err == EACCES || err == ELOOP ||
	       err == ENAMETOOLONG;
}

static int allow_path(int ruleset, const char *path, uint64_t rights)
{
	struct path_rule rule = { rights, open(path, O_PATH | O_CLOEXEC) };
	struct stat st;
	int err = 0;

	if (rule.fd < 0)
		return is_absent(errno) ? 0 : -errno;
	if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.rights &= file_rights;
	if (rule.rights && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0) != 0)
		err = -errno;
	close(rule.fd);
	return err;
}

static int allow_paths(int ruleset, uint64_t known)
{
	int err = 0;

	for (size_t i = 0; !err && paths[i].path; i++)
		err = allow_path(ruleset, paths[i].path, paths[i].rights & known);
	return err;
}

static int allow_ports(int ruleset, uint64_t known)
{
	for (size_t i = 0; ports[i].rights; i++) {
		struct port_rule rule = { ports[i].rights & known, ports[i].port };

		if (rule.rights &&
		    syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0) != 0)
			return -errno;
	}
	return 0;
}

/*
 * Confines the calling thread and all that it starts, for good. Returns the kernel's
 * ABI, 0 when the kernel has no landlock (nothing is confined then), or -errno.
 */
int nginx_landlock(void)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	struct ruleset known = known_to(abi);
	int ruleset, err = 0;

	if (abi < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	if (!known.fs && !known.net && !known.scoped)
		return abi;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &known,
			       abi < 4 ? sizeof(known.fs) :
			       abi < 6 ? 2 * sizeof(known.fs) : sizeof(known), 0);
	if (ruleset < 0)
		return -errno;
	err = allow_paths(ruleset, known.fs);
	if (!err)
		err = allow_ports(ruleset, known.net);
	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		err = -errno;
	if (!err && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		err = -errno;
	close(ruleset);
	return err ? err : abi;
}
