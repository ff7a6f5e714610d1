# SPDX-License-Identifier: GPL-3.0-or-later
"""learn and strace see the same calls, in the same numbers, of real programs.

Where a program differs from run to run, so do two runs of strace: a difference between learn and
strace counts only when strace never differs from itself in that call, and when it is there in
every recording.
"""

import collections
import platform
import re

import pytest

from conftest import free_port, need, need_root, run
from programs import PROGRAMS

ENTRY = re.compile(r"^\d+ +(\w+)\(")
UNKNOWN = re.compile(r"^syscall_(0x[0-9a-f]+)$")  # learn has it in decimal
MOST_RUNS = 8


def parse_strace(text):
    """A Counter of (arch, call) from the log of `strace -f -o`, of programs in native code."""
    arch = platform.machine()
    names = (entry[1] for entry in map(ENTRY.match, text.splitlines()) if entry)
    return collections.Counter((arch, UNKNOWN.sub(lambda m: f"syscall_{int(m[1], 16)}", name))
                               for name in names)


def test_the_parser_of_strace_logs_counts_each_call_once():
    assert parse_strace("""\
10 execve("/bin/x", ["x"], 0x7f) = 0
10 read(3,  <unfinished ...>
11 getpid() = 11
10 <... read resumed>"", 1) = 0
10 --- SIGCHLD {si_signo=SIGCHLD} ---
10 restart_syscall(<... resuming interrupted read ...>) = 0
11 +++ exited with 0 +++
10 exit_group(0) = ?
10 +++ exited with 0 +++
""") == {(platform.machine(), call): 1 for call in
         ["execve", "read", "getpid", "restart_syscall", "exit_group"]}


def differences(learned, traced, numbers=True):
    """{call: what it says} where the recording and all runs of strace, that agree, contradict."""
    found = {}
    for key in sorted(set(learned).union(*traced)):
        seen = [run[key] for run in traced]
        never = max(seen) == 0
        always = min(seen) > 0
        same = len(set(seen)) == 1 and numbers
        if (never and learned[key]) or (always and not learned[key]) \
                or (same and learned[key] != seen[0]):
            found[key] = f"{key}: learn {learned[key]}, strace {seen}"
    return found


def compare(learn_once, strace_once, numbers=True):
    """What is left of the differences when both have been run again and again, in turns."""
    traced = [strace_once() for _ in range(2)]
    left = differences(learn_once(), traced, numbers)
    for _ in range(MOST_RUNS):
        if not left:
            break
        traced.append(strace_once())
        again = differences(learn_once(), traced, numbers)
        left = {key: again[key] for key in left if key in again}
    for key in sorted(set().union(*traced)):
        seen = [run[key] for run in traced]
        if len(set(seen)) > 1:
            print(f"strace differs from strace: {key} {seen}")
    return list(left.values())


def verdict(found):
    """Of compare(), for the table."""
    return "; ".join(found) or "equal"


def test_a_lost_call_is_a_difference_unless_strace_loses_it_too():
    call = (platform.machine(), "read")
    times = [collections.Counter({call: n}) for n in range(6)]
    assert differences(times[3], [times[4], times[4]])
    assert not differences(times[3], [times[4], times[5]])
    assert differences(times[0], [times[4], times[5]])
    assert differences(times[1], [times[0], times[0]], numbers=False)
    assert not differences(times[3], [times[4], times[4]], numbers=False)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_learn_counts_what_strace_counts(recording, learn_path, counts, tmp_path, result, program):
    strace = need("strace")
    plain = recording(program)

    def strace_once():
        log = tmp_path / "log"
        done = program.run(plain.work, strace, "-f", "-o", log)
        assert done.returncode == 0, done.stderr
        return parse_strace(log.read_text(errors="replace"))

    def learn_once():
        done = program.run(plain.work, learn_path, "-o", tmp_path / "profile", "--")
        assert done.returncode == 0, done.stderr
        return counts(tmp_path / "profile")

    found = compare(learn_once, strace_once)
    result(program.name, plain.done.returncode, "same", len(counts(plain.profile)),
           verdict(found), "-")
    assert not found


@pytest.mark.parametrize("name", ["fork", "vfork", "threads", "signals", "own-filter",
                                  "posix-spawn", "exec-chain", "clone-parent"])
def test_learn_counts_what_strace_counts_in_odd_programs(record, counts, target, tmp_path, name):
    strace = need("strace")

    def learn_once():
        return counts(record(target(name))[1])

    def strace_once():
        log = tmp_path / "log"
        done = run([strace, "-f", "-o", log, target(name)])
        assert done.returncode == 0, done.stderr
        return parse_strace(log.read_text(errors="replace"))

    assert not compare(learn_once, strace_once)


def test_learn_sees_the_calls_of_a_server_that_strace_sees(learn_path, counts, srcdir, public_dir,
                                                          tmp_path, result):
    """nginx with two workers: how often they wait depends on time, which calls they make not."""
    need_root()
    strace, _ = need("strace", "nginx")
    script = srcdir / "samples" / "nginx" / "serve.sh"

    def serve(*prefix):
        done = run([script, public_dir / "server", str(free_port()), *prefix], timeout=120)
        assert (done.returncode, done.stdout) == (0, "200 requests answered\n"), done.stderr

    def strace_once():
        serve(strace, "-f", "-o", tmp_path / "log")
        return parse_strace((tmp_path / "log").read_text(errors="replace"))

    def learn_once():
        serve(learn_path, "-q", "-o", tmp_path / "profile", "--")
        return counts(tmp_path / "profile")

    found = compare(learn_once, strace_once, numbers=False)
    result("nginx", 0, "same", len(counts(tmp_path / "profile")), verdict(found), "-")
    assert not found
