/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which capabilities the use of files needed: what their modes deny to who made the recording. */
#include <endian.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "learner/inference.h"
#include "sysdb/effects.h"

/* Whether the mode bits let UID do what WANT (S_IROTH, S_IWOTH) says; groups are not looked at. */
static bool mode_allows(const struct stat *st, uint32_t uid, mode_t want)
{
	mode_t group = st->st_gid == 0 && uid == 0 ? want << 3 : 0;

	if (st->st_uid == uid)
		return (st->st_mode & (want << 6)) == want << 6;
	if (group)
		return (st->st_mode & group) == group;
	return (st->st_mode & want) == want;
}

/* Files whose use is judged by a capability, whatever their mode; ENDING for those of processes. */
static const struct {
	const char *path, *ending;
	uint32_t effects;
	int capability;
	const char *unless;
} special_files[] = {
	{ "/dev/kmsg", "", PATH_READ, CAP_SYSLOG, "where the kernel log is public" },
	{ "/proc/kmsg", "", PATH_READ, CAP_SYSLOG, NULL },
	{ "/dev/mem", "", PATH_READ | PATH_WRITE, CAP_SYS_RAWIO, NULL },
	{ "/dev/port", "", PATH_READ | PATH_WRITE, CAP_SYS_RAWIO, NULL },
	{ "/proc", "/loginuid", PATH_WRITE, CAP_AUDIT_CONTROL, "where it is not set yet" },
	{ "/proc", "/oom_score_adj", PATH_WRITE, CAP_SYS_RESOURCE, "for a higher one" },
	{ "/proc", "/uid_map", PATH_WRITE, CAP_SETUID, "for its own ID" },
	{ "/proc", "/gid_map", PATH_WRITE, CAP_SETGID, "for its own ID" },
};

static bool ends_with(const char *path, const char *ending)
{
	size_t n = strlen(path), m = strlen(ending);

	return m <= n && strcmp(path + n - m, ending) == 0;
}

static int infer_special(const struct inference *in, const struct profile_path *path)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(special_files) && r == 0; i++)
		if ((path->effects & special_files[i].effects) &&
		    path_is_within(path->path, special_files[i].path) &&
		    ends_with(path->path, special_files[i].ending))
			r = infer(in, special_files[i].capability, true, path->path,
				  special_files[i].unless);
	return r;
}

#define CHANGES_DIRECTORY                                                                          \
	(PATH_CREATE_FILE | PATH_CREATE_DIR | PATH_CREATE_SYMLINK | PATH_CREATE_SOCKET |           \
	 PATH_CREATE_FIFO | PATH_CREATE_CHAR | PATH_CREATE_BLOCK | PATH_REMOVE_FILE |              \
	 PATH_REMOVE_DIR | PATH_REFER)

static int add_denied(const struct inference *in, const char *path, mode_t want)
{
	auto_free char *what = NULL;

	if (asprintf(&what, "the mode bits of %s deny it", path) < 0)
		return -ENOMEM;
	return infer(in, want & S_IWOTH ? CAP_DAC_OVERRIDE : CAP_DAC_READ_SEARCH, true, what,
		   "if they were others then");
}

/* The directories above, which are searched, and the last of them, where names come and go. */
static int infer_directories(const struct inference *in, const struct profile_path *path)
{
	auto_free char *directory = strdup(path->path);
	mode_t want = S_IXOTH | (path->effects & CHANGES_DIRECTORY && path->kinds != KIND_FILE
					 ? S_IWOTH : 0);
	int r = directory ? 0 : -ENOMEM;

	while (r == 0) {
		char *slash = strrchr(directory, '/');
		struct stat st;

		if (slash == directory)
			break;
		*slash = '\0';
		if (stat(directory, &st) == 0 && !mode_allows(&st, in->uid, want))
			r = add_denied(in, directory, want);
		want = S_IXOTH;
	}
	return r;
}

static mode_t wanted_of(uint32_t effects)
{
	return (effects & (PATH_READ | PATH_LIST) ? S_IROTH : 0) |
	       (effects & (PATH_WRITE | PATH_TRUNCATE | PATH_CONNECT) ? S_IWOTH : 0) |
	       (effects & (PATH_EXECUTE | PATH_CHDIR) ? S_IXOTH : 0);
}

/* Whether something was changed that only the owner may change; owners are CAP_CHOWN's. */
static bool changes_as_owner(const struct inference *in)
{
	static const char *const calls[] = {
		"chmod",	"fchmod",	 "fchmodat",	 "fchmodat2",	     "utime",
		"utimes",	"futimesat",	 "utimensat",	 "utimensat_time64", "setxattr",
		"lsetxattr",	"fsetxattr",	 "setxattrat",	 "removexattr",	     "lremovexattr",
		"fremovexattr", "removexattrat", "file_setattr",
	};

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (tally_may_have_worked(in->tally, calls[i]))
			return true;
	return false;
}

static int infer_file(const struct inference *in, const struct profile_path *path)
{
	auto_free char *what = NULL;
	struct stat st;
	mode_t want = wanted_of(path->effects);
	bool devices = (path->effects & (PATH_CREATE_CHAR | PATH_CREATE_BLOCK)) != 0;
	int r = devices ? infer(in, CAP_MKNOD, false, "devices made", NULL) : 0;

	if (r < 0 || path->path[0] != '/')
		return r;
	r = infer_special(in, path);
	if (r == 0)
		r = infer_directories(in, path);
	if (r < 0 || stat(path->path, &st) < 0)
		return r;
	if ((path->effects & PATH_METADATA) && st.st_uid != in->uid && changes_as_owner(in)) {
		if (asprintf(&what, "%s is changed and has another owner", path->path) < 0)
			return -ENOMEM;
		r = infer(in, CAP_FOWNER, true, what, "for owners and the present time");
	}
	return r < 0 || !want || mode_allows(&st, in->uid, want)
		       ? r
		       : add_denied(in, path->path, want);
}

int infer_files(const struct inference *in, size_t number)
{
	auto_free struct profile_path **paths = profile_sorted(&in->tally->programs[number]->paths);
	int r = paths ? 0 : -ENOMEM;

	for (size_t i = 0; i < in->tally->programs[number]->paths.n && r == 0; i++)
		if (tally_wants(in->tally, number, paths[i]->phase))
			r = infer_file(in, paths[i]);
	return r;
}

/* execve(2): EPERM where the bounding set lacks what the file is to have in effect. */
static int infer_programs_right(const struct inference *in, const char *program)
{
	struct vfs_ns_cap_data data = { 0 };
	auto_free char *what = NULL;
	int r = 0;

	if (getxattr(program, "security.capability", &data, sizeof(data)) <
	    (ssize_t)XATTR_CAPS_SZ_2)
		return 0;
	if (asprintf(&what, "%s is executed and has it", program) < 0)
		return -ENOMEM;
	for (unsigned half = 0; half < VFS_CAP_U32_2; half++) {
		uint32_t set = le32toh(data.data[half].permitted);

		for (unsigned bit = 0; bit < 32 && r == 0; bit++)
			if ((set >> bit & 1) && 32 * half + bit <= CAP_LAST_CAP)
				r = infer(in, (int)(32 * half + bit), false, what, NULL);
	}
	return r;
}

int infer_programs_rights(const struct inference *in)
{
	const struct policy *policy = in->policy;
	int r = 0;

	for (size_t i = 0; i < policy->n_uses && r == 0; i++)
		if (policy->uses[i].kind == USE_CODE)
			r = infer_programs_right(in, policy->uses[i].path);
	return r;
}
