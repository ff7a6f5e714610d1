# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy lets a program do what it did, in places and processes that are new each time, too."""

import re
import resource
import sys
import textwrap

import pytest

from conftest import SIGSYS_STATUS, free_port

PYTHON = [sys.executable, "-I", "-S", "-B", "-c"]


@pytest.fixture
def again(record, learn):
    """again(SCRIPT, *ARGS, new=ARGS): Python that is recorded with ARGS and run with NEW."""
    def both(script, *args, new=None, options=()):
        command = [*PYTHON, textwrap.dedent(script)]
        recorded, profile = record(*command, *args)
        assert recorded.returncode == 0, recorded.stderr
        return learn("run", *options, profile, "--", *command, *(args if new is None else new))
    return both


def need_landlock(done):
    if re.search(r"landlock( ABI|:)", done.stderr):
        pytest.skip("landlock is too old here: " + done.stderr)


def test_what_a_program_makes_it_may_make_again(again, tmp_path):
    script = """
        import os, sys
        os.chdir(sys.argv[1])
        os.mkdir("made")
        open("made/file", "w").write("text")
        assert open("made/file").read() == "text"
        os.symlink("file", "made/link")
        os.mkfifo("made/pipe")
        for name in os.listdir("made"):
            os.unlink("made/" + name)
        os.rmdir("made")
        """
    done = again(script, tmp_path)
    assert done.returncode == 0, done.stderr


def test_temporary_names_are_other_ones_each_time(again, tmp_path):
    script = """
        import os, sys
        name = f"{sys.argv[1]}/tmp-{os.getpid()}"
        open(name, "x").write("text")
        assert open(name).read() == "text"
        os.rename(name, sys.argv[1] + "/final")
        """
    done = again(script, tmp_path)
    assert done.returncode == 0, done.stderr


def test_files_may_move_between_the_directories_that_they_moved_between(again, tmp_path):
    for name in ("from", "to"):
        (tmp_path / name).mkdir()
    script = """
        import os, sys
        os.chdir(sys.argv[1])
        open("from/file", "w").write("text")
        os.rename("from/file", "to/file")
        os.link("to/file", "from/link")
        assert open("to/file").read() == "text"
        os.unlink("to/file")
        os.unlink("from/link")
        os.mkdir("from/dir")
        os.rename("from/dir", "to/dir")
        os.rmdir("to/dir")
        """
    done = again(script, tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_process_and_its_children_may_look_at_themselves(again):
    script = """
        import os
        open("/proc/self/status").read()
        if os.fork() == 0:
            open("/proc/self/status").read()
            open(f"/proc/{os.getppid()}/stat").read()
            os._exit(0)
        assert os.wait()[1] == 0
        """
    done = again(script)
    assert done.returncode == 0, done.stderr
    assert "/proc: the rule covers all processes" in done.stderr


def test_a_directory_that_was_not_seen_cannot_be_written_to(again, tmp_path):
    for name in ("seen", "other"):
        (tmp_path / name).mkdir()
    script = """
        import os, sys
        try:
            open(sys.argv[1] + "/file", "w")
        except PermissionError:
            os._exit(13)
        """
    done = again(script, tmp_path / "seen", new=[tmp_path / "other"])
    need_landlock(done)
    assert done.returncode == 13, done.stderr
    assert not (tmp_path / "other" / "file").exists()


def test_a_file_that_was_only_read_cannot_be_written(again, tmp_path):
    file = tmp_path / "file"
    file.write_text("text")
    script = """
        import os, sys
        try:
            os.close(os.open(sys.argv[1], int(sys.argv[2])))
        except PermissionError:
            os._exit(13)
        """
    done = again(script, file, "0", new=[file, "2"])
    need_landlock(done)
    assert done.returncode == 13, done.stderr


BIND = """
    import os, socket, sys
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", int(sys.argv[1])))
    except PermissionError:
        os._exit(13)
    listener.listen()
    client = socket.socket()
    client.connect(listener.getsockname())
    """


def test_a_port_that_was_not_seen_cannot_be_bound(again):
    seen, other = str(free_port()), str(free_port())
    assert again(BIND, seen).returncode == 0
    done = again(BIND, seen, new=[other])
    need_landlock(done)
    assert done.returncode == 13, done.stderr


def test_a_port_that_the_kernel_chose_may_be_another_one(again):
    done = again(BIND, "0")
    assert done.returncode == 0, done.stderr
    assert "connecting to TCP ports is not confined" in done.stderr


def test_memory_is_writable_and_executable_only_for_who_needed_it_so(again):
    script = """
        import mmap, sys
        for prot in sys.argv[1:]:
            mmap.mmap(-1, 4096, prot=int(prot))
        """
    assert again(script, "3", "5", "7").returncode == 0
    assert again(script, "3", "5").returncode == 0
    done = again(script, "3", "5", new=["7"])
    assert done.returncode == SIGSYS_STATUS
    assert "PROT_READ|PROT_WRITE|PROT_EXEC" in done.stderr


def test_a_family_of_sockets_that_was_not_seen_is_a_call_outside_the_policy(again):
    script = "import socket, sys; socket.socket(int(sys.argv[1]), socket.SOCK_DGRAM)"
    done = again(script, "1", new=["2"])
    assert done.returncode == SIGSYS_STATUS and "AF_INET" in done.stderr


def test_limits_hold_for_what_runs_under_the_policy(record, learn):
    script = 'ulimit -Hc; ulimit -Hn; ulimit -Hd; ulimit -Ht; ulimit -Hf'
    recorded, profile = record("sh", "-c", script)
    done = learn("run", profile, "--", "sh", "-c", script)
    assert done.returncode == 0, done.stderr
    core, files, data, seconds, size = done.stdout.split()
    # It asks for the limit of descriptors, so it gets what it got; the rest is headroom.
    assert (core, files) == ("0", recorded.stdout.split()[1])
    assert 128 * 1024 <= int(data) < 160 * 1024
    # What grows with the time that a service lives is not limited here.
    assert [seconds, size] == recorded.stdout.split()[3:]
    assert recorded.stdout.split() != done.stdout.split()


@pytest.mark.parametrize("limit, value", (
    ("RLIMIT_NOFILE", 5000), ("RLIMIT_CORE", 1 << 20), ("RLIMIT_CORE", resource.RLIM_INFINITY),
), ids=("descriptors", "core", "any-core"))
def test_a_limit_that_the_program_sets_itself_can_be_set_under_the_policy(
        record, learn, limit, value):
    script = f"""
import resource
limit = resource.{limit}
resource.setrlimit(limit, ({value}, {value}))
print(resource.getrlimit(limit))"""
    hard = resource.getrlimit(getattr(resource, limit))[1]
    if hard != resource.RLIM_INFINITY and (value == resource.RLIM_INFINITY or hard < value):
        pytest.skip(f"{limit} is lower here")
    recorded, profile = record(*PYTHON, script)
    done = learn("run", profile, "--", *PYTHON, script)
    assert (done.returncode, done.stdout) == (0, recorded.stdout), done.stderr


def test_nothing_is_said_of_a_policy_that_is_as_narrow_as_the_evidence(record, learn, tmp_path):
    file = tmp_path / "file"
    file.write_text("text")
    _, profile = record("cat", file)
    done = learn("run", profile, "--", "cat", file)
    need_landlock(done)
    assert (done.returncode, done.stdout, done.stderr) == (0, "text", "")
