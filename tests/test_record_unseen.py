# SPDX-License-Identifier: GPL-3.0-or-later
"""What recording does not see, or keeps a program from doing, is said in the profile."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

from calls import paths_of, words
from conftest import NOBODY, environment, need, need_root, run

PTRACE, URING = "ptrace was asked for and refused", "io_uring was used"
CONT, ATTACH, SEIZE = 7, 16, 0x4206


def limits_of(profile):
    return [limit for program in json.loads(profile.read_text())["programs"]
            for limit in program.get("limits", [])]


def test_a_program_that_traces_cannot_and_that_is_said(record, learn, target):
    assert run([target("debugger")]).returncode == 0
    done, profile = record(target("debugger"))
    assert done.returncode != 0 and "not permitted" in done.stderr
    assert [limit for limit in limits_of(profile) if limit.startswith(PTRACE)]
    assert PTRACE in " ".join(learn("show", profile).stdout.split())


@pytest.mark.parametrize("request_, refused", [(ATTACH, True), (SEIZE, True), (CONT, False)])
def test_who_would_attach_to_what_is_recorded_is_told_of(made, request_, refused):
    """The process itself, which the kernel refuses for another reason, stands for any of them."""
    done = made(("getpid",), ("!ptrace", request_, "r0", 0, 0))
    assert any(limit.startswith(PTRACE) for limit in limits_of(done.profile)) == refused


def test_tracing_others_than_what_is_recorded_works_and_nothing_is_said(made):
    need_root()
    other = subprocess.Popen([need("sleep"), "60"])
    try:
        done = made(("ptrace", SEIZE, other.pid, 0, 0))
    finally:
        other.kill()
        other.wait()
    assert not limits_of(done.profile)


def ring():
    """Whether rings can be made here."""
    done = run(["python3", "-c", "import ctypes; print(ctypes.CDLL(None).syscall("
                "425, 1, ctypes.create_string_buffer(120)))"])
    if int(done.stdout) < 0:
        pytest.skip("no io_uring here")


def test_what_is_done_by_io_uring_is_not_seen_and_that_is_said(made, learn):
    ring()
    done = made(("io_uring_setup", 1, "b:" + "00" * 120))
    assert [limit for limit in limits_of(done.profile) if limit.startswith(URING)]
    assert URING in " ".join(learn("show", done.profile).stdout.split())


def test_a_ring_that_was_not_made_hides_nothing(made):
    done = made(("!io_uring_setup", 0, "b:" + "00" * 120), ("!io_uring_enter", -1, 1, 0, 0, 0, 0))
    assert not limits_of(done.profile)


def test_a_ring_from_before_learn_came_is_told_of_when_it_is_used(learn_path, target, tmp_path):
    ring()
    nap = b"\0" * 8 + (5_000_000).to_bytes(8, "little")
    program = subprocess.Popen(
        [target("call"), *words([("io_uring_setup", 1, "b:" + "00" * 120),
                                 ("read", 0, "b:00", 1),
                                 ("nanosleep", "b:" + nap.hex(), 0),
                                 ("io_uring_enter", "r0", 0, 0, 0, 0, 0),
                                 ("read", 0, "b:00", 1)])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
    try:
        assert program.stdout.readline()
        learning = subprocess.Popen([learn_path, "-o", tmp_path / "p", "-p", str(program.pid)],
                                    env=environment(), stderr=subprocess.PIPE, text=True)
        while not is_traced(program.pid):
            assert learning.poll() is None, learning.stderr.read()
        program.communicate(b"ab", timeout=20)
        assert learning.wait(timeout=20) == 0
    finally:
        program.kill()
        program.wait()
    assert [limit for limit in limits_of(tmp_path / "p") if limit.startswith(URING)]


SQPOLL = 2


def params(flags):
    """struct io_uring_params, whose third word is its flags."""
    return "b:" + "00" * 8 + flags.to_bytes(4, "little").hex() + "00" * 108


@pytest.mark.parametrize("calls, told", [
    ([("io_uring_setup", 1, params(SQPOLL))], True),
    ([("io_uring_setup", 1, params(0)), ("mmap", 0, 4096, 3, 1, "r0", 0)], True),
    ([("getpid",)], False)])
def test_a_ring_that_the_kernel_looks_after_is_told_of_without_a_call(learn, target, tmp_path,
                                                                      calls, told):
    """A thread of the kernel's takes what is to be done from memory."""
    ring()
    program = subprocess.Popen([target("call"), *words([*calls, ("read", 0, "b:00", 1),
                                                        ("read", 0, "b:00", 1)])],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
    try:
        for _ in calls:
            assert program.stdout.readline()
        done = learn("-o", tmp_path / "p", "--timeout=1", "-p", str(program.pid))
        assert done.returncode == 0, done.stderr
        program.communicate(b"ab", timeout=20)
        assert program.returncode == 0
    finally:
        program.kill()
        program.wait()
    assert any(limit.startswith(URING) for limit in limits_of(tmp_path / "p")) == told


def test_the_threads_that_work_for_a_ring_may_run_on_all_cpus(learn_path, target, tmp_path):
    """The kernel makes them, with the CPUs of who asks for the ring, and learn traces them not."""
    ring()
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one CPU")
    learning = subprocess.Popen(
        [learn_path, "-o", tmp_path / "p", "--", target("call"),
         *words([*20 * [("getpid",)], ("io_uring_setup", 1, params(SQPOLL)), ("gettid",),
                 ("read", 0, "b:00", 1)])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
    try:
        for _ in range(22):
            assert learning.stdout.readline()
        threads = [task for child in children(learning.pid)
                   for task in pathlib.Path(f"/proc/{child}/task").iterdir()]
        allowed = {(task / "comm").read_text()[:7]: os.sched_getaffinity(int(task.name))
                   for task in threads}
        learning.communicate(b"a", timeout=20)
    finally:
        learning.kill()
        learning.wait()
    assert learning.returncode == 0
    assert allowed["iou-sqp"] == os.sched_getaffinity(0)


def children(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def is_traced(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return "TracerPid:\t0\n" not in status.read()


@pytest.mark.parametrize("mode", [0o4755, 0o2755])
def test_a_set_user_id_program_without_its_privileges_is_told_of(as_nobody, mode):
    program = as_nobody.home.parent / "set-id"
    shutil.copy("/usr/bin/id", program)
    program.chmod(mode)
    what = "-u" if mode & 0o4000 else "-g"
    done = run(as_nobody(as_nobody.learn, "-o", "p", "--", program, what), cwd=as_nobody.home)
    assert (done.returncode, done.stdout) == (0, f"{NOBODY}\n"), done.stderr
    said = [limit for limit in limits_of(as_nobody.home / "p") if limit.startswith("set-user-ID")]
    assert said and "record it as root" in said[0]


def test_root_records_a_set_user_id_program_with_its_privileges(record, public_dir):
    """It becomes the user whose program it is."""
    need_root()
    program = public_dir / "set-id"
    shutil.copy("/usr/bin/id", program)
    os.chown(program, NOBODY, NOBODY)
    program.chmod(0o6755)
    plain = run([program, "-u"])
    if plain.stdout != f"{NOBODY}\n":
        pytest.skip("set-user-ID programs gain nothing here")
    done, profile = record(program, "-u")
    assert (done.returncode, done.stdout) == (0, plain.stdout), done.stderr
    assert not limits_of(profile)


def test_a_user_that_is_root_in_a_namespace_of_its_own_is_recorded(as_nobody):
    """Files are what they are outside; its own mounts are named as they are there."""
    need("unshare")
    plain = run(as_nobody("unshare", "--user", "--map-root-user", "--mount", "true"))
    if plain.returncode != 0:
        pytest.skip("no user namespaces for users here")
    script = "mkdir made && mount -t tmpfs tmpfs made && id -u && echo x >made/in && cat made/in"
    done = run(as_nobody(as_nobody.learn, "-o", "p", "--", "unshare", "--user", "--map-root-user",
                         "--mount", "sh", "-c", script), cwd=as_nobody.home)
    assert (done.returncode, done.stdout) == (0, "0\nx\n"), done.stderr
    paths = paths_of(as_nobody.home / "p")
    made = str(as_nobody.home / "made").encode()
    assert paths[made][0] >= {"create_dir", "mount"}
    assert paths[made + b"/in"][0] == {"create_file", "write", "read", "truncate"}
