/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts that are interpreted by scripts (execve(2), fs/binfmt_script.c). */
#include "tracer/scripts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sysdb/effects.h"
#include "tracer/procfs.h"

#define LINE_MAX_READ 256 /* the kernel's BINPRM_BUF_SIZE */

/* The interpreter in the first line of FILE. 0 or -ENOEXEC. */
static int read_interpreter(const char *file, char to[LINE_MAX_READ])
{
	auto_close int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char line[LINE_MAX_READ + 1];
	ssize_t n = fd < 0 ? -1 : read(fd, line, LINE_MAX_READ);
	const char *name;
	size_t length;

	if (n < 2 || line[0] != '#' || line[1] != '!')
		return -ENOEXEC;
	line[n] = '\0';
	name = line + 2 + strspn(line + 2, " \t");
	length = strcspn(name, " \t\n");
	if (!length)
		return -ENOEXEC;
	snprintf(to, LINE_MAX_READ, "%.*s", (int)length, name);
	return 0;
}

/* The name of PATH for us: through the root of TASK's namespace, where that is not ours. */
static int interpreter_of(const struct task *task, const struct place *place,
			  char to[LINE_MAX_READ])
{
	char file[PROCFS_NAME_MAX + PATH_MAX];
	int n = 0;

	if (place->kind != KIND_FILE)
		return -ENOEXEC;
	if (task->view == VIEW_OTHER_NAMESPACE)
		n = snprintf(file, sizeof(file), "/proc/%d/root", (int)task->tid);
	snprintf(file + n, sizeof(file) - (size_t)n, "%s", place->path);
	return read_interpreter(file, to);
}

int scripts_between(const struct lookup *l, struct task *task, struct place *place)
{
	char path[LINE_MAX_READ], next[LINE_MAX_READ];
	struct lookup_request request = { path, AT_FDCWD, LAST_FOLLOWED, 0 };
	struct place interpreter;

	if (interpreter_of(task, place, path) < 0 ||
	    lookup_path(l, task, &request, &interpreter) < 0 ||
	    interpreter_of(task, &interpreter, next) < 0)
		return 0;
	*place = interpreter;
	return 1;
}
