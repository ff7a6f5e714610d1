# SPDX-License-Identifier: GPL-3.0-or-later
"""`learn run --observe` denies nothing, says what would be denied, and makes a profile of it."""

import os
import pathlib
import re
import signal
import subprocess
import time

import pytest

from conftest import environment, free_port, need, run

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


# ---- it is saved as it goes ----

def wait_for(text, file, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if file.exists() and text in file.read_text():
            return
        time.sleep(0.05)
    raise AssertionError(f"no {text} in {file}")


@pytest.fixture
def observed(record, learn_path):
    """An observed run that goes on and on: the process and its profile, which held one of `true`."""
    _, profile = record("true")
    command = [learn_path, "run", "-q", "--observe", profile, "--", "sh", "-c",
               "ls / >/dev/null; exec sleep 600"]
    process = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    yield process, profile
    process.kill()
    process.wait()


def test_an_observed_run_that_is_killed_has_been_saved(observed, learn):
    process, profile = observed
    wait_for("getdents64", profile)
    process.kill()
    process.wait()
    done = learn("show", profile)
    assert done.returncode == 0 and "INCOMPLETE: 1 of 2 recordings" in done.stdout
    done = learn("run", "-q", profile, "--", "true")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_observed_run_that_is_interrupted_is_saved_whole(observed, learn, number):
    process, profile = observed
    wait_for("getdents64", profile)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert "INCOMPLETE" not in learn("show", profile).stdout


def test_an_observed_run_whose_file_cannot_be_written_does_not_begin(record, learn, tmp_path):
    _, profile = record("true")
    done = learn("run", f"--observe={tmp_path / 'none' / 'seen'}", profile, "--", "touch",
                 tmp_path / "made")
    assert done.returncode == 125 and "cannot write" in done.stderr
    assert not (tmp_path / "made").exists()


# ---- real versions ----

def versions_of_gcc():
    found = [path for path in pathlib.Path("/usr/bin").glob("gcc-*") if
             re.fullmatch(r"gcc-\d+", path.name)]
    return sorted(found, key=lambda path: int(path.name[4:]))[-2:]


@pytest.mark.long
def test_the_next_gcc_runs_under_what_was_observed_of_it_and_the_profile_of_the_last(
        record, learn, tmp_path):
    versions = versions_of_gcc()
    if len(versions) < 2:
        pytest.skip("no two versions of gcc here")
    (tmp_path / "hello.c").write_text("int main(void) { return 0; }\n")
    command = [tmp_path / "cc", "-O2", "-o", "hello", "hello.c"]
    os.symlink(versions[0], tmp_path / "cc")
    done, profile = record(*command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "cc").unlink()
    os.symlink(versions[1], tmp_path / "cc")
    seen, merged = tmp_path / "seen", tmp_path / "merged"
    assert learn("run", profile, "--", *command, cwd=tmp_path).returncode == 126
    done = learn("run", f"--observe={seen}", profile, "--", *command, cwd=tmp_path)
    assert done.returncode == 0 and "would be denied: execve(" in done.stderr, done.stderr
    assert learn("merge", "-o", merged, profile, seen).returncode == 0
    for cc in versions:
        (tmp_path / "cc").unlink()
        os.symlink(cc, tmp_path / "cc")
        done = learn("run", "-q", merged, "--", *command, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
