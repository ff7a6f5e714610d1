# SPDX-License-Identifier: GPL-3.0-or-later
"""learn and strace see the same calls, in the same numbers, of real programs.

Where a program differs from run to run, so do two runs of strace: a difference between learn and
strace counts only when strace never differs from itself in that call.
"""

import collections
import platform
import re

import pytest

from conftest import free_port, need, need_root, run
from programs import PROGRAMS

ENTRY = re.compile(r"^(\d+) +(\w+)\(")
PERSONALITY = re.compile(r"^(\d+) +.*\[ Process PID=(\d+) runs in (\d+) bit mode\. \]")
EXIT = re.compile(r"^(\d+) +\+\+\+ ")
MOST_RUNS = 8


def parse_strace(text):
    """A Counter of (arch, call) from the log of `strace -f -o`."""
    native = platform.machine()
    modes, found = {}, collections.Counter()
    for line in text.splitlines():
        mode = PERSONALITY.match(line)
        if mode:
            modes[mode[2]] = "x86" if mode[3] == "32" and native == "x86_64" else native
            continue
        if EXIT.match(line):
            modes.pop(line.split()[0], None)
            continue
        entry = ENTRY.match(line)
        if entry:
            found[modes.get(entry[1], native), entry[2]] += 1
    return found


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


def differences(learned, traced):
    """What learn counted that no run of strace, or every run of strace, contradicts."""
    found = []
    for key in sorted(set(learned).union(*traced)):
        numbers = [run[key] for run in traced]
        if len(set(numbers)) == 1 and learned[key] != numbers[0]:
            found.append(f"{key}: learn {learned[key]}, strace {numbers}")
        elif not learned[key] and min(numbers) > 0:
            found.append(f"{key}: learn never, strace {numbers}")
    return found


def compare(learned, strace_once):
    """Runs strace until no difference is left that is not its own; returns what is left."""
    traced = [strace_once() for _ in range(2)]
    while differences(learned, traced) and len(traced) < MOST_RUNS:
        traced.append(strace_once())
    for key in sorted(set().union(*traced)):
        numbers = [run[key] for run in traced]
        if len(set(numbers)) > 1:
            print(f"strace differs from strace: {key} {numbers}, learn {learned[key]}")
    return differences(learned, traced)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_learn_counts_what_strace_counts(recording, counts, tmp_path, program):
    strace = need("strace")
    plain = recording(program)

    def strace_once():
        log = tmp_path / "log"
        done = program.run(plain.work, strace, "-f", "-qq", "-o", log)
        assert done.returncode == 0, done.stderr
        return parse_strace(log.read_text(errors="replace"))

    assert not compare(counts(plain.profile), strace_once)


@pytest.mark.parametrize("name", ["fork", "vfork", "threads", "exec-thread", "signals", "untraced",
                                  "own-filter", "posix-spawn", "killed"])
def test_learn_counts_what_strace_counts_in_odd_programs(record, counts, target, tmp_path, name):
    strace = need("strace")
    _, profile = record(target(name))

    def strace_once():
        log = tmp_path / "log"
        done = run([strace, "-f", "-qq", "-o", log, target(name)])
        assert done.returncode == 0, done.stderr
        return parse_strace(log.read_text(errors="replace"))

    assert not compare(counts(profile), strace_once)


def test_learn_sees_the_calls_of_a_server_that_strace_sees(learn_path, counts, srcdir, public_dir,
                                                          tmp_path):
    """nginx with two workers: how often they wait depends on time, which calls they make not."""
    need_root()
    strace, _ = need("strace", "nginx")
    script = srcdir / "samples" / "nginx" / "serve.sh"

    def serve(*prefix):
        done = run([script, public_dir / "server", str(free_port()), *prefix], timeout=120)
        assert (done.returncode, done.stdout) == (0, "200 requests answered\n"), done.stderr

    def strace_once():
        serve(strace, "-f", "-qq", "-o", tmp_path / "log")
        return parse_strace((tmp_path / "log").read_text(errors="replace"))

    serve(learn_path, "-q", "-o", tmp_path / "profile", "--")
    assert not compare(counts(tmp_path / "profile"), strace_once)
