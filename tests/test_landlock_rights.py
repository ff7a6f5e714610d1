# SPDX-License-Identifier: GPL-3.0-or-later
"""Each right of landlock: what a program was seen to do it may do again, and there only."""

import os
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess

import pytest

from calls import AT_EMPTY_PATH, AT_REMOVEDIR, CWD, words
from conftest import WITH_QUEUES, environment, free_port, need, need_root

R, W, RW, CREAT, EXCL = os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_EXCL
TCGETS = 0x5401
DENIED = "Permission denied"


@pytest.fixture
def call(learn_path, target, made):
    """call(LEARN-WORDS, CALLS): runs tests/targets/call below learn, in made.work."""
    def run(before, calls, stdin=subprocess.DEVNULL):
        done = subprocess.run([*made.prefix, learn_path, *before, "--", target("call"), *words(calls)],
                              cwd=made.work, env=environment(), stdin=stdin, timeout=60,
                              capture_output=True, text=True)
        if re.search(r"landlock( ABI|:)", done.stderr):
            pytest.skip("landlock is too old here: " + done.stderr)
        return done
    return run


@pytest.fixture
def fresh(made):
    """fresh(): a new work/a and work/b, each with something of every sort."""
    def make():
        for name in ("a", "b"):
            top = made.work / name
            shutil.rmtree(top, ignore_errors=True)
            (top / "dir").mkdir(parents=True)
            (top / "from").mkdir()
            (top / "to").mkdir()
            (top / "file").write_text("text")
            (top / "from" / "file").write_text("text")
            (top / "x (deleted)").write_text("text")
            shutil.copy("/bin/true", top / "program")
            if os.geteuid() == 0:
                os.mknod(top / "device", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    make()
    return make


def unix(path):
    raw = struct.pack("<H", 1) + path.encode() + b"\0"
    return "b:" + raw.hex(), len(raw)


# The right, and what a program does in a directory.
RIGHTS = {
    "EXECUTE": [("umask", 0o22), ("execve", "s:{}/program", "w:s:x", "w:0")],
    "EXECUTE by a descriptor": [("openat", CWD, "s:{}/program", os.O_PATH),
                                ("execveat", "r0", "s:", "w:s:x", "w:0", AT_EMPTY_PATH)],
    "WRITE_FILE": [("openat", CWD, "s:{}/file", W)],
    "READ_FILE": [("openat", CWD, "s:{}/file", R)],
    "READ_DIR": [("openat", CWD, "s:{}/dir", R | os.O_DIRECTORY)],
    "REMOVE_DIR": [("rmdir", "s:{}/dir")],
    "REMOVE_DIR by unlinkat": [("unlinkat", CWD, "s:{}/dir", AT_REMOVEDIR)],
    "REMOVE_FILE": [("unlink", "s:{}/file")],
    "MAKE_CHAR": [("mknod", "s:{}/new", stat.S_IFCHR | 0o600, 0x103)],
    "MAKE_DIR": [("mkdir", "s:{}/new", 0o755)],
    "MAKE_REG": [("openat", CWD, "s:{}/new", W | CREAT | EXCL, 0o600)],
    "MAKE_REG by mknod": [("mknod", "s:{}/new", 0o600, 0)],
    "MAKE_REG by link": [("link", "s:{}/file", "s:{}/new")],
    "MAKE_REG by rename": [("rename", "s:{}/file", "s:{}/new")],
    "MAKE_REG by O_TMPFILE": [("openat", CWD, "s:{}", RW | os.O_TMPFILE, 0o600),
                              ("linkat", CWD, "s:/proc/self/fd/3", CWD, "s:{}/new", 0x400)],
    "MAKE_SOCK": [("socket", 1, 1, 0), ("bind", "r0", "{}/new")],
    "MAKE_FIFO": [("mknod", "s:{}/new", stat.S_IFIFO | 0o600, 0)],
    "MAKE_BLOCK": [("mknod", "s:{}/new", stat.S_IFBLK | 0o600, 0x700)],
    "MAKE_SYM": [("symlink", "s:file", "s:{}/new")],
    "REFER": [("rename", "s:{}/from/file", "s:{}/to/file")],
    "REFER by link": [("link", "s:{}/from/file", "s:{}/to/file")],
    "REFER by exchange": [("renameat2", CWD, "s:{}/from/file", CWD, "s:{}/dir", 2)],
    "TRUNCATE": [("truncate", "s:{}/file", 0)],
    "TRUNCATE by O_TRUNC": [("openat", CWD, "s:{}/file", R | os.O_TRUNC)],
}


def in_directory(calls, name):
    out = []
    for call, *args in calls:
        if call == "bind":
            args = [args[0], *unix(args[1].format(name))]
        out.append((call, *(a.format(name) if isinstance(a, str) else a for a in args)))
    return out


@pytest.mark.parametrize("right", RIGHTS)
def test_what_was_done_may_be_done_again_there_and_not_elsewhere(call, fresh, tmp_path, right):
    if right in ("MAKE_CHAR", "MAKE_BLOCK"):
        need_root()
    profile = tmp_path / "profile"
    here, there = (in_directory(RIGHTS[right], name) for name in ("a", "b"))
    recorded = call(["-o", profile], here)
    assert recorded.returncode == 0, recorded.stderr
    fresh()
    again = call(["run", profile], here)
    assert (again.returncode, again.stdout) == (0, recorded.stdout), again.stderr
    fresh()
    elsewhere = call(["run", profile], there)
    # REFER: EXDEV, so that programs copy instead (landlock(7)).
    denied = "Invalid cross-device link|" + DENIED if right.startswith("REFER") else DENIED
    assert elsewhere.returncode == 1 and re.search(denied, elsewhere.stderr), elsewhere.stderr


# What a descriptor may be used for, when both files were opened and only one used so.
BY_DESCRIPTOR = {
    "TRUNCATE": ("file", W, ("ftruncate", 0)),
    "IOCTL_DEV": ("device", R, ("ioctl", TCGETS, "b:" + "00" * 64)),
}


@pytest.mark.parametrize("right", BY_DESCRIPTOR)
def test_a_descriptor_may_be_used_as_it_was(call, fresh, tmp_path, right):
    need_root()
    profile = tmp_path / "profile"
    name, flags, (how, *args) = BY_DESCRIPTOR[right]
    opens = [("openat", CWD, f"s:{where}/{name}", flags) for where in ("a", "b")]
    recorded = call(["-o", profile], [*opens, ("!" + how, "r0", *args)])
    again = call(["run", profile], [*opens, ("!" + how, "r0", *args)])
    other = call(["run", profile], [*opens, ("!" + how, "r1", *args)])
    assert recorded.returncode == again.returncode == other.returncode == 0, other.stderr
    assert again.stdout == recorded.stdout
    assert other.stdout.splitlines()[-1] == "2 -13" != recorded.stdout.splitlines()[-1]


def test_an_ioctl_that_is_for_any_file_needs_no_right(call, fresh, tmp_path, learn):
    need_root()
    fioclex = 0x5451
    profile = tmp_path / "profile"
    calls = [("openat", CWD, "s:a/device", R), ("ioctl", "r0", fioclex)]
    call(["-o", profile], calls)
    assert call(["run", profile], calls).returncode == 0
    assert "a/device" in learn("emit", "landlock", profile).stdout
    assert '"ioctl"' not in "".join(re.findall(r'"did": \[[^]]*\]', profile.read_text()))


def inet(port):
    raw = struct.pack("<H", 2) + struct.pack(">H", port) + socket.inet_aton("127.0.0.1") + bytes(8)
    return "b:" + raw.hex(), len(raw)


def test_a_port_may_be_bound_that_was_bound(call, tmp_path):
    profile = tmp_path / "profile"
    port, other = free_port(), free_port()
    recorded, again, elsewhere = (
        call(before, [("socket", 2, 1, 0), ("bind", "r0", *inet(number))])
        for before, number in ((["-o", profile], port), (["run", profile], port),
                               (["run", profile], other)))
    assert recorded.returncode == again.returncode == 0, again.stderr
    assert elsewhere.returncode == 1 and DENIED in elsewhere.stderr


def test_a_port_may_be_connected_to_that_was_connected_to(call, tmp_path):
    profile = tmp_path / "profile"
    with socket.create_server(("127.0.0.1", 0)) as one, \
            socket.create_server(("127.0.0.1", 0)) as two:
        ports = [server.getsockname()[1] for server in (one, two)]
        recorded, again, elsewhere = (
            call(before, [("socket", 2, 1, 0), ("connect", "r0", *inet(number))])
            for before, number in ((["-o", profile], ports[0]), (["run", profile], ports[0]),
                                   (["run", profile], ports[1])))
    assert recorded.returncode == again.returncode == 0, again.stderr
    assert elsewhere.returncode == 1 and DENIED in elsewhere.stderr


def test_abstract_sockets_outside_are_reached_only_where_one_was(call, fresh, tmp_path):
    name = f"\0learn-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server, \
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as named:
        server.bind(name)
        named.bind(str(tmp_path / "socket"))
        reach = [("socket", 1, 2, 0), ("connect", "r0", *unix(name))]
        reach[1] = ("connect", "r0", reach[1][2], 2 + len(name))
        by_path = [("socket", 1, 2, 0), ("connect", "r0", *unix(str(tmp_path / "socket")))]
        assert call(["-o", tmp_path / "reach"], reach).returncode == 0
        assert call(["-o", tmp_path / "path"], by_path).returncode == 0
        assert call(["run", tmp_path / "reach"], reach).returncode == 0
        assert call(["run", tmp_path / "path"], by_path).returncode == 0
        denied = call(["run", tmp_path / "path"], reach)
    assert denied.returncode == 1 and "not permitted" in denied.stderr


def test_processes_outside_are_signalled_only_where_one_was(call, tmp_path):
    child = subprocess.Popen([need("sleep"), "60"])
    try:
        outside = [("kill", child.pid, signal.SIGCONT)]
        inside = [("getpid",), ("kill", "r0", signal.SIGCONT)]
        assert call(["-o", tmp_path / "outside"], outside).returncode == 0
        assert call(["-o", tmp_path / "inside"], inside).returncode == 0
        again = call(["run", tmp_path / "outside"], outside)
        denied = call(["run", tmp_path / "inside"], [*inside, *outside])
    finally:
        child.kill()
        child.wait()
    assert again.returncode == 0, again.stderr
    assert denied.returncode == 1 and "not permitted" in denied.stderr


# ---- what needs no right, or one that is easily forgotten ----

WORKS = {
    "a message queue": [("mq_open", "s:learn-test", CREAT | RW, 0o600, 0), ("mq_unlink", "s:learn-test")],
    "a removed file opened again": [("openat", CWD, "s:a/new", RW | CREAT, 0o600),
                                    ("unlink", "s:a/new"), ("openat", CWD, "s:/proc/self/fd/3", R)],
    "a program in memory": [("memfd_create", "s:image", 0), ("openat", CWD, "s:a/program", R),
                            ("sendfile", "r0", "r1", 0, 1 << 20),
                            ("execveat", "r0", "s:", "w:s:x", "w:0", AT_EMPTY_PATH)],
    "a chain of scripts": [("execve", "s:a/second", "w:s:x", "w:0")],
    "acct": [("!acct", "s:a/file")],
    "swapon": [("!swapon", "s:a/file", 0)],
    "a whiteout": [("!renameat2", CWD, "s:a/file", CWD, "s:a/new", 4)],
    "exchange of a directory": [("renameat2", CWD, "s:a/file", CWD, "s:b/dir", 2)],
    "a rename onto a file": [("rename", "s:a/file", "s:b/file")],
    "inotify": [("inotify_init1", 0), ("inotify_add_watch", "r0", "s:a/file", 2)],
    "shared memory": [("openat", CWD, "s:/dev/shm/learn-test", RW | CREAT, 0o600),
                      ("ftruncate", "r0", 4096), ("unlink", "s:/dev/shm/learn-test")],
    "a name that looks removed": [("openat", CWD, "s:a/x (deleted)", R)],
    "a dangling link": [("symlink", "s:file-to-be", "s:a/new"),
                        ("openat", CWD, "s:a/new", W | CREAT, 0o600)],
    "openat2 in a root of its own": [("openat", CWD, "s:a", os.O_PATH),
                                     ("openat2", "r0", "s:/../file", "b:" + "00" * 16 +
                                      "1000000000000000", 24)],
}


@pytest.mark.parametrize("name", WORKS)
def test_it_works_again_under_its_policy(call, made, fresh, tmp_path, name):
    if name in ("acct", "swapon", "a whiteout", "a message queue"):
        need_root()
    if name == "a message queue":
        made.prefix = WITH_QUEUES

    def again():
        fresh()
        for script, interpreter in (("first", "/bin/sh"), ("second", made.work / "a" / "first")):
            (made.work / "a" / script).write_text(f"#!{interpreter}\n")
            (made.work / "a" / script).chmod(0o755)
    profile = tmp_path / "profile"
    again()
    recorded = call(["-o", profile], WORKS[name])
    assert recorded.returncode == 0, recorded.stderr
    again()
    # What failed here has not shown what capability it needs, and fails otherwise without.
    done = call(["run", "--layers=calls,files", profile], WORKS[name])
    assert (done.returncode, done.stdout) == (0, recorded.stdout), done.stderr
