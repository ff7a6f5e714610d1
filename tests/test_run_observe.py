# SPDX-License-Identifier: GPL-3.0-or-later
"""`learn run --observe` denies nothing, says what would be denied, and makes a profile of it."""

import re

import pytest

from conftest import free_port, need, run

OLD = r"""
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
	close(open("/etc/passwd", O_RDONLY));
	return write(1, "done\n", 5) != 5;
}
"""
NEW = r"""
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	struct sockaddr_in at = { AF_INET, htons(atoi(argv[2])), { htonl(INADDR_LOOPBACK) } };
	int s = socket(AF_INET, SOCK_STREAM, 0), one = 1, n;
	int fd = open(argv[1], O_RDWR | O_CREAT, 0600);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(s, (struct sockaddr *)&at, sizeof(at)) || listen(s, 1))
		return 3;
	if (ioctl(0, FIONREAD, &n) || mmap(0, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		return 4;
	if (!fork())
		execl("/bin/true", "true", NULL);
	wait(&n);
	close(open("/etc/hostname", O_RDONLY));
	return n || argc != 3 || write(1, "done\n", 5) != 5;
}
"""


def test_what_a_new_version_needs_is_told_and_the_profile_that_comes_of_it_runs_it(
        record, learn, tmp_path):
    program, file, port = tmp_path / "program", tmp_path / "data" / "file", free_port()
    file.parent.mkdir()

    def build(source):
        done = run([need("gcc"), "-x", "c", "-o", program, "-"], input=source)
        assert done.returncode == 0, done.stderr
    build(OLD)
    _, profile = record(program, input="text")
    build(NEW)
    command = [program, file, str(port)]
    assert learn("run", profile, "--", *command, input="text").returncode != 0
    seen = tmp_path / "seen"
    done = learn("run", f"--observe={seen}", profile, "--", *command, input="text")
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    told = re.findall(r"^learn: would be denied: (\w+)\(", done.stderr, re.M)
    assert {"socket", "bind", "listen", "ioctl", "mmap", "wait4"} <= set(told)
    assert "PROT_EXEC" in done.stderr and f"TCP port {port}" in done.stderr
    assert learn("run", profile, "--", *command, input="text").returncode != 0
    merged = tmp_path / "merged"
    assert learn("merge", "-o", merged, profile, seen).returncode == 0
    for path in (file, tmp_path / "data" / "file"):
        path.unlink(missing_ok=True)
        done = learn("run", merged, "--", *command, input="text")
        assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    done = learn("run", "--observe", merged, "--", *command, input="text")
    assert "learn: 0 kinds of denials" in done.stderr, done.stderr


def test_an_observed_run_adds_to_the_profile_in_use(record, learn):
    _, profile = record("true")
    assert learn("run", profile, "--", "ls", "/").returncode == 126
    done = learn("run", "--observe", profile, "--", "ls", "/")
    assert done.returncode == 0 and "would be denied: execve" in done.stderr
    assert learn("run", profile, "--", "ls", "/").stdout == done.stdout
    assert learn("run", profile, "--", "true").returncode == 0


def test_options_that_do_not_go_together_are_refused(record, learn):
    _, profile = record("true")
    for words in (["--exec", "--observe", profile], ["--observe", "-"]):
        done = learn("run", *words, "--", "true", input=profile.read_text())
        assert done.returncode == 125 and "--observe" in done.stderr
    assert learn("run", "--observe=/etc/passwd", profile, "--", "true").returncode == 125
