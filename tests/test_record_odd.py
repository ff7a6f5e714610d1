# SPDX-License-Identifier: GPL-3.0-or-later
"""What only hostile or very odd programs do is survived, and said where it cannot be seen."""

import json
import subprocess

import pytest

from conftest import need, need_root, run


def test_a_fault_in_the_first_process_of_a_pid_namespace_kills_it(record, target):
    need_root()
    done, profile = record(target("namespace-init"), timeout=20)
    assert (done.returncode, done.stdout) == (0, "died of the fault\n"), done.stderr


def test_a_fault_in_such_a_process_kills_it_under_its_policy_too(record, learn, target):
    need_root()
    _, profile = record(target("namespace-init"), timeout=20)
    done = learn("run", profile, "--", target("namespace-init"), timeout=20)
    assert (done.returncode, done.stdout) == (0, "died of the fault\n"), done.stderr


def test_a_program_executed_as_the_first_of_a_pid_namespace_runs(record, tsv):
    need_root()
    need("unshare")
    words = ["unshare", "--pid", "--fork", "--mount-proc", "/bin/ls", "/proc/self/task"]
    plain = run(words)
    done, profile = record(*words, timeout=20)
    assert (done.returncode, done.stdout) == (0, plain.stdout), done.stderr
    assert {row.phase for row in tsv(profile) if row.program.endswith("/ls")} == {"load", "main"}


@pytest.mark.parametrize("act", ["execs", "leaders", "unmapped", "stops", "births", "memory",
                                 "listens", "names", "chains", "ends"])
def test_what_is_hard_to_follow_is_followed_to_its_end(record, target, act):
    plain = run([target("hostile"), act])
    assert plain.returncode == 0, plain.stderr
    done, profile = record(target("hostile"), act, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, "")
    assert json.loads(profile.read_text())["runs"][0]["complete"] is True


@pytest.mark.parametrize("children", [2000, pytest.param(10_000, marks=pytest.mark.long)])
def test_no_child_gets_away_by_flags_that_change_under_the_call(record, counts, target,
                                                                children):
    """clone3's flags are read by us and then by the kernel; a thread changes them all the time."""
    done, profile = record(target("flips"), str(children), timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "all came to their end\n", "")
    found = {call: n for (_, call), n in counts(profile).items()}
    assert found["clone3"] == found["exit_group"] == children + 1


def test_the_call_with_number_minus_one_is_denied_by_name(record, learn, target):
    _, profile = record(target("odd-calls"))
    done = learn("run", profile, "--", target("odd-calls"), "minus-one")
    assert done.returncode == 159
    assert "denied: syscall_-1(" in done.stderr and "odd-calls!main" in done.stderr


def test_strict_mode_is_named_as_what_cannot_be_recorded(record, learn, target):
    assert subprocess.run([target("odd-calls"), "strict"], check=False).returncode == -9
    done, profile = record(target("odd-calls"), "strict")
    assert done.returncode == 3
    assert "strict mode" in " ".join(learn("show", profile).stdout.split())


def test_a_program_finds_its_own_code_as_it_is_in_its_file(record, target):
    """The breakpoint at the entry point is gone by then, in a child from before it as well."""
    done, profile = record(target("own-text"))
    assert (done.returncode, done.stdout) == (7, "differs 0\nchild 7\ndiffers 0\n"), done.stderr
    program = next(p for p in json.loads(profile.read_text())["programs"]
                   if p["path"].endswith("own-text"))
    calls = {phase: {call["name"] for call in arch_calls}
             for phase, of in program["phases"].items()
             for arch_calls in of["calls"].values()}
    assert calls["load"] & {"clone", "fork"} and "pread64" in calls["main"]
