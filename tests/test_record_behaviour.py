# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that do unusual things are recorded whole, and do not notice."""

import os
import shutil
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
    "untraced": {"getppid": 3, "clone3": 2},
    "clone-parent": {"exit_group": 3},
    "own-filter": {"getppid": 2},
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


def test_what_the_kernel_hides_from_an_unprivileged_user_is_said(as_nobody):
    """By prctl(2), or because the program's file cannot be read."""
    need("setpriv", "perl")
    secret = as_nobody.home.parent / "secret"
    shutil.copy("/bin/cat", secret)
    secret.chmod(0o711)
    hide = "require 'syscall.ph'; syscall(&SYS_prctl, 4, 0); open(F, '>new'); exit 3"
    for words, status in (([secret, "/etc/passwd"], 0), (["perl", "-e", hide], 3)):
        done = run(as_nobody(as_nobody.learn, "-o", "p", "--", *words), cwd=as_nobody.home)
        assert done.returncode == status, done.stderr
        shown = run([as_nobody.learn, "show", as_nobody.home / "p"]).stdout
        assert "hides its memory from users" in " ".join(shown.split())


def test_an_unprivileged_user_can_record(as_nobody):
    done = run(as_nobody(as_nobody.learn, "-o", "ls.profile", "--", "ls", "-l", "/usr"),
               cwd=as_nobody.home)
    plain = run(["ls", "-l", "/usr"])
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, "")
    assert (as_nobody.home / "ls.profile").stat().st_uid == NOBODY
