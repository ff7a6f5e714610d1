/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a recording goes: saved while it runs, added to a file, rescued from a full disk. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"

/* A long recording is saved this often: what a kill of `learn` itself can lose. */
#define PAUSE_S 3
#define LONGEST_PAUSE_S 3600

/* Whether a small profile has room where the file goes. File systems that cannot tell say yes. */
static int check_room(const struct new_file *file)
{
	const off_t small = 64 << 10;
	int error = fallocate(fileno(file->out), 0, 0, small) < 0 ? errno : 0;

	return error == ENOSPC || error == EDQUOT || error == EFBIG ? -error : 0;
}

static void only_fail(int signal)
{
	(void)signal;
}

/* Handlers, not SIG_IGN, which the command would inherit. */
static void let_writes_fail(void)
{
	static const int of_writes[] = { SIGPIPE, SIGXFSZ };
	const struct sigaction fail = { .sa_handler = only_fail, .sa_flags = SA_RESTART };
	struct sigaction now;

	for (size_t i = 0; i < ARRAY_SIZE(of_writes); i++)
		if (sigaction(of_writes[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaction(of_writes[i], &fail, NULL);
}

int output_prepare(struct output *output)
{
	int r = profile_check_replaceable(output->path);

	let_writes_fail();
	output->pause_s = PAUSE_S;
	output->wait_s = 1; /* most recordings end before */
	if (r < 0)
		return r;
	r = new_file_open(&output->direct, output->path);
	if (r < 0)
		return diag_errno(r, "cannot write '%s'", output->path);
	output->once = !output->direct.temporary;
	if (!output->once) {
		r = check_room(&output->direct);
		new_file_abandon(&output->direct);
	}
	if (r < 0)
		return diag_errno(r, "cannot write '%s'", output->path);
	if (!output->append || output->once || access(output->path, F_OK) < 0)
		return 0;
	return profile_read(output->path, &output->before);
}

static int print_to(struct new_file *file, const struct profile *profile)
{
	int r = profile_print(profile, file->out);

	if (r < 0)
		new_file_abandon(file);
	return r < 0 ? r : new_file_commit(file);
}

static int write_to(const char *path, const struct profile *profile)
{
	struct new_file file;
	int r = new_file_open(&file, path);

	return r < 0 ? r : print_to(&file, profile);
}

/* What the file is to hold: PROFILE, or *SUM, for the caller to free. NULL without memory. */
static const struct profile *whole(const struct output *output, const struct profile *profile,
				   struct profile **sum)
{
	if (!output->before)
		return profile;
	*sum = profile_new();
	if (*sum && profile_merge(sum, output->before) == 0 && profile_merge(sum, profile) == 0)
		return *sum;
	profile_free(*sum);
	return *sum = NULL;
}

int output_save(struct output *output, const struct profile *profile)
{
	struct profile *sum = NULL;
	const struct profile *all = whole(output, profile, &sum);
	int r;

	if (!all)
		return diag(-ENOMEM, "out of memory");
	r = output->once ? print_to(&output->direct, all)
					 : write_to(output->path, all);
	profile_free(sum);
	return r < 0 ? diag_errno(r, "cannot write '%s'", output->path) : 0;
}

bool output_save_due(struct output *output)
{
	return !output->once && --output->wait_s == 0;
}

void output_saved(struct output *output, int result)
{
	if (result == 0) {
		output->pause_s = PAUSE_S;
	} else {
		output->pause_s = output->pause_s * 2 > LONGEST_PAUSE_S ? LONGEST_PAUSE_S
									 : output->pause_s * 2;
		diag(0, "the recording goes on; it is saved again in %u s, and at its end",
		     output->pause_s);
	}
	output->wait_s = output->pause_s;
}

/* A file of a new name in DIRECTORY. 0 or -errno; then there is none. */
static int rescue_to(const char *directory, const struct profile *profile)
{
	const char suffix[] = ".profile";
	auto_free char *name = NULL;
	int fd, r;

	if (asprintf(&name, "%s/learn-XXXXXX%s", directory, suffix) < 0) {
		name = NULL;
		return -ENOMEM;
	}
	fd = mkostemps(name, (int)sizeof(suffix) - 1, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	r = write_to(name, profile);
	if (r < 0)
		unlink(name);
	else
		diag(0, "'%s' holds what was seen", name);
	return r;
}

int output_rescue(struct output *output, const struct profile *profile)
{
	const char *const directories[] = { getenv("TMPDIR"), "/tmp", "/var/tmp", "/dev/shm" };
	struct profile *sum = NULL;
	const struct profile *all = whole(output, profile, &sum);
	int r = all ? -ENOENT : -ENOMEM;

	for (size_t i = 0; all && r < 0 && i < ARRAY_SIZE(directories); i++)
		if (directories[i])
			r = rescue_to(directories[i], all);
	profile_free(sum);
	return r < 0 ? diag(r, "nor can it be written to a directory for temporary files") : 0;
}

static void finish_first(int signal)
{
	(void)signal;
}

void output_finish_first(void)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	const struct sigaction finish = { .sa_handler = finish_first,
					  .sa_flags = SA_RESETHAND | SA_RESTART };

	for (size_t i = 0; i < ARRAY_SIZE(ending); i++) {
		struct sigaction now;

		if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaction(ending[i], &finish, NULL);
	}
}

void output_clear(struct output *output)
{
	profile_free(output->before);
	output->before = NULL;
	new_file_abandon(&output->direct);
}
