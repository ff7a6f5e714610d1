# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded peak of each resource is what a program of known use used, within a stated error."""

import json
import os
import subprocess
import sys

import pytest

from conftest import environment, need, need_root, run

KIB, MIB = 1 << 10, 1 << 20

# What tests/targets/use does with how much: the peak, and by how much it may be off. The target
# prints what the kernel says where that is more than the amount: code, libraries, environment.
KNOWN = [
    ("data", 64 * MIB, "DATA", 256 * KIB),
    ("as", 64 * MIB, "AS", 0),
    ("stack", 2 * MIB, "STACK", 8 * KIB),
    ("memlock", 2 * MIB, "MEMLOCK", 0),
    ("shm", 2 * MIB, "MEMLOCK", 0),
    ("fsize", 3_000_000, "FSIZE", 0),
    ("far-fsize", 3_000_000, "FSIZE", 0),
    ("rss", 32 * MIB, "RSS", 256 * KIB),
    ("nofile", 50, "NOFILE", 0),
    ("cpu", 2, "CPU", 1),
    ("nproc", 7, "NPROC", 0),
    ("msgqueue", 7, "MSGQUEUE", 0),
    ("nice", 25, "NICE", 0),
    ("rtprio", 5, "RTPRIO", 0),
]
QUEUE_BYTES = 7 * (100 + 48) + 7 * 48  # getrlimit(2), of 7 messages with 100 bytes


@pytest.fixture
def peaks(record, target, tmp_path):
    """peaks(WORD...): what tests/targets/use printed, its peaks, and those of the tree."""
    def recorded(*words):
        done, profile = record(target("use"), *words, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        document = json.loads(profile.read_text())
        program, = document["programs"]
        return done.stdout, program["peaks"], document["tree"], profile
    return recorded


def truth_of(what, amount, printed):
    return QUEUE_BYTES if what == "msgqueue" else int(printed or amount)


@pytest.mark.parametrize("what, amount, limit, error", KNOWN, ids=str)
def test_a_peak_is_what_was_used(peaks, what, amount, limit, error):
    if what in ("nice", "rtprio"):
        need_root()
    printed, found, _, _ = peaks(what, str(amount))
    truth = truth_of(what, amount, printed)
    assert truth >= amount
    assert abs(found[limit] - truth) <= error


@pytest.mark.parametrize("what, limit", [("nice", "NICE"), ("rtprio", "RTPRIO"), ("core", "CORE")])
def test_what_is_not_used_is_recorded_as_nothing(peaks, what, limit):
    _, found, _, _ = peaks("nofile", "10")
    assert found[limit] == 0


def test_queued_signals_are_counted_with_those_of_the_user(peaks):
    _, found, _, _ = peaks("sigpending", "100")
    assert 100 <= found["SIGPENDING"] <= 1000


def test_a_core_that_was_dumped_fits_into_the_peak(peaks, tmp_path):
    pattern = open("/proc/sys/kernel/core_pattern").read().strip()
    if pattern.startswith(("|", "/")):
        pytest.skip(f"core files go to {pattern}")
    _, found, _, _ = peaks("core", str(100 * MIB))
    core, = tmp_path.glob("core*")
    assert core.stat().st_size <= found["CORE"] <= core.stat().st_size + 4 * MIB


def test_real_time_is_measured_of_real_time_programs_alone(record, target):
    need_root()
    def used(*words):
        done, profile = record("chrt", *words, target("use"), "cpu", "1")
        assert done.returncode == 0, done.stderr
        return max(program.get("peaks", {}).get("RTTIME", 0)
                   for program in json.loads(profile.read_text())["programs"])
    need("chrt")
    assert used("--batch", "0") == 0
    assert 1_000_000 <= used("--rr", "1") < 5_000_000


def need_raised_limits(limit, amount):
    """Whoever has no priority by limit, as usual, has to raise it: some roots may not."""
    need_root()
    need("prlimit")
    if run(["prlimit", f"--{limit.lower()}={amount}:{amount}", "true"]).returncode != 0:
        pytest.skip("may not raise a limit here (CAP_SYS_RESOURCE)")


# ---- one unit below the true peak fails ----

UNIT = {"data": 4 * KIB, "as": 4 * KIB, "memlock": 4 * KIB, "stack": 16 * KIB}
LIMITED = [row for row in KNOWN if row[0] not in ("cpu", "nproc", "shm", "rss", "far-fsize")]


def limited(target, tmp_path, what, amount, limit, value):
    """The target under a limit, as a user who has no privilege to pass it."""
    words = ["prlimit", f"--{limit.lower()}={value}:{value}", "--", target("use"), what,
             str(amount)]
    if os.geteuid() == 0:
        drop = "-sys_resource,-sys_nice,-ipc_lock"
        words = ["setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}", *words]
    return run(words, cwd=tmp_path)


@pytest.mark.parametrize("what, amount, limit, error", LIMITED, ids=str)
def test_the_true_peak_as_a_limit_is_enough_and_one_unit_less_is_not(
        peaks, target, tmp_path, what, amount, limit, error):
    if what in ("nice", "rtprio"):
        need_raised_limits(limit, amount)
    need("prlimit", "setpriv")
    printed, found, _, _ = peaks(what, str(amount))
    truth = truth_of(what, amount, printed)
    unit = UNIT.get(what, 1)
    # What is printed is rounded to pages, and the loader's memory differs by some from run to run.
    room = 64 * KIB if what in ("data", "as", "stack") else 0
    assert limited(target, tmp_path, what, amount, limit, found[limit] + error + room) \
        .returncode == 0
    assert limited(target, tmp_path, what, amount, limit, truth - room - unit).returncode != 0


@pytest.mark.parametrize("what, amount, limit, error",
                         [row for row in KNOWN if row[0] not in
                          ("nproc", "msgqueue", "shm", "rss", "far-fsize")],
                         ids=lambda value: str(value))
def test_a_limit_that_was_learned_lets_the_program_do_the_same(
        peaks, learn, target, tmp_path, what, amount, limit, error):
    if what in ("nice", "rtprio"):
        need_raised_limits(limit, amount)
    need("prlimit")
    _, _, _, profile = peaks(what, str(amount))
    script = tmp_path / "limits.sh"
    emitted = learn("emit", "rlimits", "--as=prlimit", "-o", script, profile)
    assert emitted.returncode == 0, emitted.stderr
    assert f"$(limit {limit.lower()} " in script.read_text()
    done = run(["sh", script, target("use"), what, str(amount)], cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_program_that_reserves_address_space_gets_no_limit_of_it(record, learn):
    node = need("node")
    done, profile = record(node, "-e", "1")
    assert done.returncode == 0, done.stderr
    script = learn("emit", "rlimits", "--as=prlimit", profile).stdout
    assert "$(limit data " in script and "$(limit as " not in script


# ---- all processes together ----

def test_memory_of_processes_is_added_up(peaks):
    _, _, tree, _ = peaks("memory", str(96 * MIB))
    assert tree["tasks"] == 4
    assert 96 * MIB <= tree["memory"] <= 100 * MIB


@pytest.mark.parametrize("each", [64, 200, 900])
def test_memory_of_many_short_and_small_processes_is_added_up(peaks, each):
    """100 processes of so many KiB, none of which lives for long. Each has a stack besides, and
    what it does not share any more with who made it."""
    _, _, tree, _ = peaks("swarm", str(100 * each << 10))
    assert tree["tasks"] == 101
    assert 100 * each << 10 <= tree["memory"] <= 100 * (each + 60) << 10


def test_memory_shared_by_processes_is_counted_once(peaks):
    _, _, tree, _ = peaks("shared", str(64 * MIB))
    assert 64 * MIB <= tree["memory"] <= 68 * MIB


def test_memory_of_children_that_end_together_is_counted_once(record):
    """One that has ended and was not waited for has none, though it is a process still."""
    done, profile = record(sys.executable, "-c", f"""
import os
memory = bytearray(b"x") * {32 * MIB}
go, gone = os.pipe()
for _ in range(8):
    if os.fork() == 0:
        os.close(gone)
        os.read(go, 1)
        os._exit(0)
os.close(gone)
for _ in range(8):
    os.wait()
""")
    assert done.returncode == 0, done.stderr
    assert 32 * MIB <= json.loads(profile.read_text())["tree"]["memory"] <= 48 * MIB


def test_memory_of_short_programs_counts_beside_that_of_who_started_them(record):
    """Before they are programs of their own they share all of its memory, which is no peak."""
    done, profile = record(sys.executable, "-c", f"""
import os, sys
memory = bytearray(b"x") * {128 * MIB}
go, gone = os.pipe()
ready, told = os.pipe()
os.set_inheritable(go, True)
os.set_inheritable(told, True)
for _ in range(8):
    if os.fork() == 0:
        os.close(gone)
        os.execv(sys.executable, ["python3", "-ISc",
                 f"import os; memory = bytearray(b'x') * {16 * MIB}; "
                 f"os.write({{told}}, b'x'); os.read({{go}}, 1)"])
os.close(go)
for _ in range(8):
    os.read(ready, 1)
os.close(gone)
for _ in range(8):
    os.wait()
""")
    assert done.returncode == 0, done.stderr
    least = (128 + 8 * 16) * MIB
    assert least <= json.loads(profile.read_text())["tree"]["memory"] <= least * 1.5


def test_memory_that_is_given_back_at_once_is_seen(peaks):
    _, _, tree, _ = peaks("briefly", str(64 * MIB))
    assert 64 * MIB <= tree["memory"] <= 65 * MIB


def test_the_tree_is_shown_and_merged_to_the_larger(peaks, learn, tmp_path):
    _, _, small, first = peaks("nproc", "3")
    _, _, large, second = peaks("nproc", "9")
    shown = learn("show", first)
    assert "together at most" in shown.stdout and "3 tasks" in shown.stdout
    for order in ([first, second], [second, first]):
        assert learn("merge", "-o", tmp_path / "sum", *order).returncode == 0
        tree = json.loads((tmp_path / "sum").read_text())["tree"]
        assert tree == {key: max(one.get(key, 0) for one in (small, large))
                        for key in small.keys() | large.keys()}
        assert tree["tasks"] == 9


def test_a_long_recording_tells_of_its_peaks_before_it_ends(learn_path, target, tmp_path):
    profile = tmp_path / "p"
    process = subprocess.Popen([learn_path, "-o", profile, "--", "sh", "-c",
                                f"{target('use')} memory {96 * MIB}; sleep 2; kill -9 $PPID"],
                               env=environment())
    process.wait(timeout=30)
    document = json.loads(profile.read_text())
    assert not document["complete"]
    assert document["tree"]["tasks"] >= 4 and document["tree"]["memory"] >= 96 * MIB
