/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does one thing of every kind to paths below the directory in its argument, which is empty: what
 * a recording must then hold is in tests/test_record_paths.py.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "target.h"

static void touch(int dirfd, const char *name)
{
	int fd = (int)must(openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL, 0644));

	must(write(fd, "text\n", 5));
	must(close(fd));
}

static void make(void)
{
	must(mkdir("from", 0755));
	must(mkdir("to", 0755));
	touch(AT_FDCWD, "from/moved");
	touch(AT_FDCWD, "from/renamed");
	touch(AT_FDCWD, "removed");
	touch(AT_FDCWD, "truncated");
	touch(AT_FDCWD, "caf\xe9 \xff");
	must(symlink("truncated", "link"));
	must(link("truncated", "hardlink"));
	must(mkfifo("pipe", 0600));
}

static void change(void)
{
	must(rename("from/moved", "to/moved"));
	must(rename("from/renamed", "from/renamed-here"));
	must(unlink("removed"));
	must(truncate("truncated", 2));
	must(mkdir("emptied", 0755));
	must(rmdir("emptied"));
	must(chmod("truncated", 0600));
}

static void look(int dirfd)
{
	int fd = (int)must(openat(dirfd, "moved", O_RDONLY));

	must(close(fd));
	fd = (int)must(open("link", O_RDONLY));
	must(close(fd));
	fd = (int)must(open("to/../to/./moved", O_RDONLY));
	must(close(fd));
	check(open("absent", O_RDONLY) == -1 && errno == ENOENT);
	fd = (int)must(open("/proc/self/status", O_RDONLY));
	must(close(fd));
	must(chdir("to"));
	fd = (int)must(open("moved", O_RDWR));
	must(close(fd));
	must(chdir(".."));
}

int main(int argc, char **argv)
{
	int dirfd;

	check(argc == 2);
	must(chdir(argv[1]));
	make();
	change();
	dirfd = (int)must(open("to", O_RDONLY | O_DIRECTORY));
	touch(dirfd, "by-dirfd");
	look(dirfd);
	must(close(dirfd));
	puts("paths");
	return 0;
}
