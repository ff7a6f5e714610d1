/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learn emit --check: the tool that reads a format says what it thinks of the output. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "cli/emit_more.h"

/* Whether an executable of that name is in PATH; the checkers of administrators are in sbin. */
static bool is_installed(const char *tool)
{
	const char *path = getenv("PATH");
	auto_free char *dirs = NULL;
	char *rest, *dir;

	if (asprintf(&dirs, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin") < 0) {
		dirs = NULL;
		return false;
	}
	rest = dirs;
	while ((dir = strsep(&rest, ":"))) {
		auto_free char *file = NULL;

		if (asprintf(&file, "%s/%s", dir, tool) < 0) {
			file = NULL;
			return false;
		}
		if (access(file, X_OK) == 0)
			return true;
	}
	return false;
}

/*
 * Runs the script in the directory. Nothing in the line is anybody's but ours: the directory's name
 * and the suffix are, and the form is one that the format accepted.
 */
static int run_script(const char *script, const char *directory, const char *suffix, const char *as)
{
	auto_free char *line = NULL;
	int status;

	if (asprintf(&line, "cd %s && exec >&2 && set -- policy%s '%s' && { %s; }", directory,
		     suffix, as ? as : "", script) < 0) {
		line = NULL;
		return -ENOMEM;
	}
	status = system(line);
	if (status < 0)
		return diag_errno(-errno, "cannot run the checker");
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNALED + WTERMSIG(status);
}

static void remove_directory(const char *directory)
{
	(void)run_script("rm -f -- ./*", directory, "", NULL);
	if (rmdir(directory) < 0)
		diag_errno(-errno, "%s", directory);
}

static int check_in(const char *directory, const struct emitter *emitter,
		    const struct policy *policy, const struct emit_options *options)
{
	auto_free char *file = NULL;
	int status;

	if (asprintf(&file, "%s/policy%s", directory, emitter->suffix) < 0) {
		file = NULL;
		return EXIT_TROUBLE;
	}
	if (emit_write_file(file, emitter, policy, options) < 0)
		return EXIT_TROUBLE;
	status = run_script(emitter->check_script, directory, emitter->suffix, options->as);
	if (status < 0)
		return EXIT_TROUBLE;
	if (status == 0)
		return EXIT_SUCCESS;
	diag(0, "%s does not accept what was written: status %d", emitter->check_tool, status);
	return EXIT_FAILURE;
}

int emit_check(const struct emitter *emitter, const struct policy *policy,
	       const struct emit_options *options)
{
	char directory[] = "/tmp/learn-check-XXXXXX";
	int status;

	if (!emitter->check_tool) {
		diag(0, "emit: there is no checker for %s", emitter->name);
		return EXIT_TROUBLE;
	}
	if (!is_installed(emitter->check_tool)) {
		diag(0, "emit: %s would check this, and is not installed", emitter->check_tool);
		return EXIT_TROUBLE;
	}
	if (!mkdtemp(directory)) {
		diag_errno(-errno, "%s", directory);
		return EXIT_TROUBLE;
	}
	status = check_in(directory, emitter, policy, options);
	remove_directory(directory);
	return status;
}
