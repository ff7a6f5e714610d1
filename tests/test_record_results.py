# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of a call is recorded until it succeeded once; then it is not asked for any more."""

import json
import os

import pytest

from calls import CWD, words
from conftest import run

ABSENT = ("!openat", CWD, "s:absent", os.O_RDONLY)
BY_NO_FD = ("!flock", -1, 1)


def results_of(profile, name):
    """{errno or "ok": how often} of a call after the program's loading."""
    calls = [call for program in json.loads(profile.read_text())["programs"]
             for calls in program["phases"]["main"]["calls"].values()
             for call in calls if call["name"] == name]
    assert len(calls) == 1
    return calls[0].get("results", {})


def test_errors_are_recorded_with_their_names_and_numbers(made):
    done = made(ABSENT, ABSENT, ("!openat", CWD, "s:.", os.O_WRONLY), BY_NO_FD)
    assert results_of(done.profile, "openat") == {"ENOENT": 2, "EISDIR": 1}
    assert results_of(done.profile, "flock") == {"EBADF": 1}


def test_errors_after_a_success_are_not_asked_for(made):
    done = made(ABSENT, ("openat", CWD, "s:.", os.O_RDONLY), ABSENT, ABSENT)
    assert results_of(done.profile, "openat") == {"ENOENT": 1, "ok": 1}


def test_what_a_program_forbids_itself_by_landlock_is_recorded(made):
    """A ruleset that lets nothing be written, on itself alone: learn still reads what it does."""
    (made.work / "file").write_text("")
    write_file = "b:" + (1 << 1).to_bytes(8, "little").hex()
    if int(made(("!landlock_create_ruleset", 0, 0, 1)).done.stdout.split()[1]) < 1:
        pytest.skip("no landlock here")
    done = made(("prctl", 38, 1, 0, 0, 0), ("landlock_create_ruleset", write_file, 8, 0),
                ("landlock_restrict_self", "r1", 0), ("!openat", CWD, "s:file", os.O_WRONLY),
                ("openat", CWD, "s:file", os.O_RDONLY))
    assert b"\n3 -13\n" in done.done.stdout
    assert done.did("write") == done.did("read") == {os.fsencode(made.work / "file")}
    assert results_of(done.profile, "openat") == {"EACCES": 1, "ok": 1}


# ---- under a filter that was there before learn came, as in a container ----

OUTSIDE = ["fork", "vfork", "threads", "exec-thread", "signals", "own-filter", "stop"]


@pytest.fixture
def outside(learn_path, target, tmp_path):
    """outside(COMMAND...): records it where clone3 is answered with ENOSYS by another filter."""
    def recorded(*command):
        return run([target("no-clone3"), learn_path, "-q", "-o", tmp_path / "p", "--", *command])
    return recorded


def test_what_another_filter_answers_is_recorded(outside, target, tmp_path):
    done = outside(target("call"), *words([("!clone3", 0, 0), ("getppid",), ("!clone3", 0, 0)]))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[::2] == ["0 -38", "2 -38"]
    assert results_of(tmp_path / "p", "clone3") == {"ENOSYS": 2}
    assert results_of(tmp_path / "p", "getppid") == {"ok": 1}


def test_what_another_filter_answers_is_no_reason_to_kill(outside, learn_path, target, tmp_path):
    """The strictest filter decides: what another one refuses, ours must not kill for."""
    calls = words([("!clone3", 0, 0), ("getppid",)])
    assert outside(target("call"), *calls).returncode == 0
    done = run([target("no-clone3"), learn_path, "run", "--no-fallback", tmp_path / "p", "--",
                target("call"), *calls])
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "0 -38"), done.stderr


@pytest.mark.parametrize("name", OUTSIDE)
def test_programs_are_recorded_under_another_filter_as_without(outside, record, counts, target,
                                                               tmp_path, name):
    done, profile = record(target(name))
    again = outside(target(name))
    assert (again.returncode, again.stdout) == (done.returncode, done.stdout), again.stderr
    clones = {"clone", "clone3"}
    one, other = ({call for _, call in counts(each)} - clones for each in (profile, tmp_path / "p"))
    assert other == one


def test_what_another_filter_answers_is_observed_too(outside, learn_path, target, tmp_path):
    few, more = words([("getppid",)]), words([("getppid",), ("!clone3", 0, 0)])
    assert outside(target("call"), *few).returncode == 0
    done = run([target("no-clone3"), learn_path, "run", "--observe", "--no-fallback", tmp_path / "p",
                "--", target("call"), *more])
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, "1 -38"), done.stderr
    assert results_of(tmp_path / "p", "clone3") == {"ENOSYS": 1}
