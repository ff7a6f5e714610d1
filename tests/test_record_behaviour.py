# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that do unusual things are recorded whole, and do not notice."""

import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

from conftest import NOBODY, SKIPPED, environment, need, run


def native(tsv, profile):
    """The architecture's name of the calls (that of execve, which every profile has)."""
    return next(row.arch for row in tsv(profile) if row.call == "execve")


# Of each target the calls that it is sure to make, with their number over all its processes.
EXPECTED = {
    "fork": {"getppid": 4, "exit_group": 5},
    "vfork": {"vfork": 2, "execve": 2, "exit_group": 3},
    "posix-spawn": {"execve": 3},
    "threads": {"getppid": 400, "exit": 4},
    "exec-chain": {"execve": 6},
    "exec-thread": {"execve": 2, "gettid": 1},
    "ignored": {"fork": 0},
    "bystanders": {},
    "signals": {"kill": 6, "rt_sigqueueinfo": 6, "rt_sigreturn": 13},
    "stop": {"exit_group": 2},
    "restart": {"restart_syscall": 1},
    "killed": {"exit_group": 1},
    "timer": {},
    "untraced": {"getppid": 2, "clone3": 1},
    "clone-parent": {"exit_group": 3},
    "own-filter": {"fork": 0},
    "many": {"exit_group": 201},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_target_ends_well_and_its_calls_are_counted(record, tsv, counts, target, name):
    plain = run([target(name)])
    assert plain.returncode == 0, plain.stderr
    done, profile = record(target(name))
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, "")
    found = counts(profile)
    arch = native(tsv, profile)
    for call, count in EXPECTED[name].items():
        assert found[arch, call] == count, call


def test_no_call_fails_for_a_timer_that_would_not_have_failed(record, target):
    """100 us apart, with a handler that lacks SA_RESTART: a call that never waits is not touched,
    though it is stopped."""
    done, _ = record(target("interrupted"), "3000", timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no call failed\n", "")


def test_a_program_that_watches_over_itself_finds_nothing_amiss(learn_path, target, tmp_path):
    program = subprocess.Popen([learn_path, "-q", "-o", tmp_path / "p", "--", target("invariants")],
                               env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    assert program.stdout.readline() == "running\n"
    time.sleep(2)
    said, amiss = program.communicate(timeout=60)
    assert (program.returncode, said, amiss) == (0, "nothing amiss\n", "")


def test_every_thread_is_recorded(record, tsv, counts, target):
    _, profile = record(target("threads"), "64", "20")
    assert counts(profile)[native(tsv, profile), "getppid"] == 64 * 20


def test_a_daemon_is_recorded_to_its_end(record, tsv, tmp_path, target):
    written = tmp_path / "written"
    done, profile = record(target("daemon"), written)
    assert done.returncode == 0
    assert written.read_text() == "done\n"
    calls = [row.call for row in tsv(profile) if row.program == str(target("daemon"))]
    assert "setsid" in calls and "write" in calls


def test_32_bit_calls_of_a_64_bit_process_keep_their_own_names(record, counts, target):
    plain = run([target("int80")])
    if plain.returncode == SKIPPED:
        pytest.skip("no 32-bit system calls here")
    done, profile = record(target("int80"))
    assert done.stdout == plain.stdout
    found = counts(profile)
    assert found["x86", "getpid"] == 1
    assert ("x86_64", "writev") not in found


def test_a_32_bit_program_is_recorded(record, counts, srcdir, tmp_path):
    need("gcc")
    program = tmp_path / "fork32"
    built = run(["gcc", "-m32", "-D_GNU_SOURCE", "-o", program, srcdir / "tests/targets/fork.c"])
    if built.returncode != 0:
        pytest.skip("no 32-bit C library here")
    done, profile = record(program)
    assert (done.returncode, done.stdout) == (0, "forked\n")
    found = counts(profile)
    assert found["x86", "getppid"] == 4 and found["x86", "exit_group"] == 5


def test_a_static_musl_program_is_recorded(record, tsv, counts, srcdir, tmp_path):
    compiler = need("musl-gcc")
    program = tmp_path / "static"
    built = run([compiler, "-static", "-D_GNU_SOURCE", "-o", program,
                 srcdir / "tests/targets/fork.c"])
    assert built.returncode == 0, built.stderr
    done, profile = record(program)
    assert (done.returncode, done.stdout) == (0, "forked\n")
    assert counts(profile)[native(tsv, profile), "getppid"] == 4


def test_calls_belong_to_the_program_that_made_them(record, tsv):
    _, profile = record("/bin/sh", "-c", "/bin/ls / >/dev/null; /bin/true")
    by_program = {}
    for row in tsv(profile):
        by_program.setdefault(os.path.basename(row.program), set()).add(row.call)
    assert {"ls", "true"} < set(by_program) and len(by_program) == 3
    assert "getdents64" in by_program["ls"]
    assert "getdents64" not in by_program["true"]


def test_loading_and_running_are_told_apart(record, tsv):
    _, profile = record("/bin/ls", "/")
    phases = {}
    for row in tsv(profile):
        phases.setdefault(row.phase, set()).add(row.call)
    assert set(phases) == {"load", "main"}
    assert "execve" in phases["load"] and "getdents64" in phases["main"]
    assert "getdents64" not in phases["load"]


def test_rows_are_in_order_of_program_and_name_each_call_once(record, tsv):
    _, profile = record("/bin/sh", "-c", "/bin/ls / >/dev/null; /bin/cat </dev/null")
    rows = tsv(profile)
    keys = [row[:4] for row in rows]
    assert len(keys) == len(set(keys))
    assert all(row.count > 0 for row in rows)


def test_an_unprivileged_user_can_record(as_nobody):
    done = run(as_nobody(as_nobody.learn, "-o", "ls.profile", "--", "ls", "-l", "/usr"),
               cwd=as_nobody.home)
    plain = run(["ls", "-l", "/usr"])
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, "")
    assert (as_nobody.home / "ls.profile").stat().st_uid == NOBODY


# ---- ends that nobody planned ----

def descendants(pid):
    """The pids of all processes below pid, from /proc."""
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(errors="replace")
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, left = [], [pid]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds=20):
    """The condition's first true value, which must come within that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("did not happen in time")


@pytest.fixture
def long_recording(learn_path, tmp_path):
    """learn while it traces a shell with two sleeping children and a busy one."""
    profile = tmp_path / "long.profile"
    shell = "sleep 600 & sleep 600 & while :; do /bin/true; sleep 0.05; done"
    process = subprocess.Popen([learn_path, "-o", profile, "--", "/bin/sh", "-c", shell],
                               env=environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: len(descendants(process.pid)) >= 3)
        yield process, profile
    finally:
        for pid in [process.pid, *descendants(process.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.communicate(timeout=20)


def test_killing_learn_leaves_no_process_and_an_incomplete_profile(long_recording, learn):
    process, profile = long_recording
    wait_until(lambda: profile.exists() and "nanosleep" in profile.read_text())
    tree = descendants(process.pid)
    process.kill()
    process.wait(timeout=20)
    wait_until(lambda: not any(alive(pid) for pid in tree))
    shown = learn("show", profile)
    assert shown.returncode == 0, shown.stderr
    assert "incomplete" in shown.stdout.lower()
    assert [name for name in os.listdir(profile.parent) if name != profile.name] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_to_learn_reaches_the_command(learn_path, tmp_path, number):
    ready = tmp_path / "ready"
    shell = f"trap 'echo caught; exit 7' {int(number)}; : >{ready}; while :; do sleep 0.05; done"
    process = subprocess.Popen([learn_path, "-o", tmp_path / "p", "--", "/bin/sh", "-c", shell],
                               env=environment(), stdout=subprocess.PIPE, text=True)
    wait_until(ready.exists)
    process.send_signal(number)
    output, _ = process.communicate(timeout=20)
    assert (process.returncode, output) == (7, "caught\n")


def test_a_command_killed_from_outside_is_recorded(learn_path, tmp_path):
    profile = tmp_path / "p"
    process = subprocess.Popen([learn_path, "-o", profile, "--", "sleep", "600"],
                               env=environment(), stdin=subprocess.DEVNULL)
    child = wait_until(lambda: descendants(process.pid))[0]
    wait_until(lambda: profile.exists() and "nanosleep" in profile.read_text())
    os.kill(child, signal.SIGKILL)
    assert process.wait(timeout=20) == 128 + signal.SIGKILL
    run_of = json.loads(profile.read_text())["runs"][0]
    assert (run_of["signal"], run_of["complete"]) == ("SIGKILL", True)


def test_a_full_disk_is_said_and_learn_fails(learn, target):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    done = learn("-o", "/dev/full", "--", target("fork"))
    assert done.returncode == 125
    assert "/dev/full" in done.stderr
