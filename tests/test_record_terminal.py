# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal: job control works in what is recorded, and the status line keeps out of its way."""

import contextlib
import fcntl
import os
import pty
import re
import select
import subprocess
import termios
import time

import pytest

from conftest import environment, need

STOP, INTERRUPT = b"\x1a", b"\x03"


class Terminal:
    """A command with a terminal of its own, and what it wrote there."""

    def __init__(self, command, **env):
        self.leader, follower = pty.openpty()
        self.said = b""
        self.process = subprocess.Popen(
            command, stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
            env=environment({"TERM": "xterm", **env}),
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(follower)

    def type(self, text):
        os.write(self.leader, text)

    def read(self, seconds):
        """False at the end."""
        if not select.select([self.leader], [], [], seconds)[0]:
            return True
        with contextlib.suppress(OSError):  # EIO: nobody has it any more
            more = os.read(self.leader, 4096)
            self.said += more
            return bool(more)
        return False

    def expect(self, pattern, since=0):
        """Until the pattern is there; what was said up to its end."""
        end = time.monotonic() + 20
        while not (found := re.compile(pattern).search(self.said, since)):
            assert time.monotonic() < end and self.read(1), (pattern, self.said)
        return found.end()

    def end(self):
        while self.read(20):
            pass
        os.close(self.leader)
        return self.process.wait(timeout=20)


@contextlib.contextmanager
def terminal(command, **env):
    its = Terminal(command, **env)
    try:
        yield its
    finally:
        its.process.kill()
        its.process.wait()


# What is typed, and what has to come before the next is: a job is stopped, goes on in the
# background and then in the foreground, is interrupted there; another one is stopped and killed.
JOB = b"sh -c 'exec sleep 60'\n"
FOREGROUND = "a job has the terminal, and sleeps"
QUIETLY = b"stty -echo; PS1='$ '; echo rea''dy\n"
SESSION = [
    (JOB, FOREGROUND), (STOP, rb"Stopped[^$]*\$ "), (b"jobs -s\n", rb"Stopped[^$]*\$ "),
    (b"bg\n", rb"&[^$]*\$ "), (b"jobs -r\n", rb"Running[^$]*\$ "),
    (b"fg && echo never\n", FOREGROUND), (STOP, rb"Stopped[^$]*\$ "),
    (b"fg\n", FOREGROUND), (INTERRUPT, rb"\$ "), (b"echo was $?\n", rb"was 130[^$]*\$ "),
    (JOB, FOREGROUND), (STOP, rb"Stopped[^$]*\$ "),
    (b"kill -CONT %1; kill -TERM %1; wait %1; echo was $?\n", rb"was 143[^$]*\$ "),
    (b"sleep 60 | cat\n", FOREGROUND), (INTERRUPT, rb"\$ "),
    (b"echo was $?\n", rb"was 130[^$]*\$ "),
]


def asleep(group):
    """Whether a process of the group is `sleep` and waits."""
    listed = subprocess.run([need("ps"), "-eo", "pgid=,state=,comm="], capture_output=True,
                            text=True).stdout
    return bool(re.search(rf"^ *{group} S sleep$", listed, re.M))


def wait_for_job(its, shell):
    end = time.monotonic() + 20
    while (group := os.tcgetpgrp(its.leader)) == shell or not asleep(group):
        assert time.monotonic() < end, its.said
        time.sleep(0.02)
    return group


def session(prefix):
    """How it ended, and all that was said without numbers of processes."""
    with terminal([*prefix, need("bash"), "--norc", "--noprofile", "--noediting", "-i"]) as its:
        since, shell = its.expect(rb"\$ |# "), os.tcgetpgrp(its.leader)
        its.type(QUIETLY)
        since = its.expect(rb"ready[^$]*\$ ", since)
        start = len(its.said)
        for typed, answer in SESSION:
            its.type(typed)
            if answer == FOREGROUND:
                job = wait_for_job(its, shell)
                since = len(its.said)
            else:
                since = its.expect(answer, since)
            assert typed != STOP or not asleep(job)
        its.type(b"exit 5\n")
        return its.end(), re.sub(rb"\d{3,}", b"N", its.said[start:])


def test_a_shell_has_job_control_as_without_learn(learn_path, tmp_path, tsv):
    plain = session([])
    assert plain[0] == 5
    assert session([learn_path, "-q", "-o", tmp_path / "p", "--"]) == plain
    calls = {row.call for row in tsv(tmp_path / "p") if row.program.endswith("/sleep")}
    assert calls & {"clock_nanosleep", "nanosleep"}


# ---- the status line ----

LINE = re.compile(rb"\r\x1b\[Klearn: 0:0\d  (\d+) process(?:es)?  (\d+) calls  (\d+) distinct  "
                  rb"(\d+) new\r")
CLEARED = b"\r\x1b[K"
SLEEPS = ["sh", "-c", "sleep 3.2 & sleep 3.2; echo ends"]
RAW = ["sh", "-c", "stty raw; sleep 3.2; stty sane"]
ASKS = ["sh", "-c", "printf 'name? '; sleep 3.2; echo"]
READS = ["sh", "-c", "timeout --foreground 3.2 cat; true"]


@pytest.fixture(scope="module")
def lines(learn_path, tmp_path_factory):
    """What is written to the terminal of several recordings at once: {name: bytes}."""
    top = tmp_path_factory.mktemp("lines")
    words = {"shown": SLEEPS, "quiet": ["-q", *SLEEPS], "raw": RAW, "dumb": SLEEPS,
             "in a line": ASKS, "read": READS}
    options = {"dumb": {"TERM": "dumb"}}
    with contextlib.ExitStack() as stack:
        running = {}
        for name, command in words.items():
            quiet = [word for word in command if word == "-q"]
            command = [learn_path, *quiet, "-o", top / name, "--", *command[len(quiet):]]
            running[name] = stack.enter_context(terminal(command, **options.get(name, {})))
        for its in running.values():
            assert its.end() == 0
        return {name: its.said for name, its in running.items()}


def test_the_status_line_tells_processes_calls_and_what_is_new(lines):
    shown = LINE.findall(lines["shown"])
    assert shown
    processes, calls, distinct, news = map(int, shown[0])
    assert processes == 3 and calls > distinct > 10 and news > 0
    assert int(shown[-1][3]) == 0 or len(shown) == 1


def test_the_status_line_is_taken_away_before_the_command_writes(lines):
    rest = LINE.sub(b"", lines["shown"])
    assert rest in (CLEARED + b"ends\r\n", CLEARED + b"ends\r\n" + CLEARED)


@pytest.mark.parametrize("name", ["quiet", "raw", "dumb", "in a line", "read"])
def test_the_status_line_stays_away(lines, name):
    """With -q, while the command has the terminal to itself, where it cannot be cleared, behind
    what the command has written of a line, and where it reads what is typed."""
    assert b"learn" not in lines[name] and b"\x1b" not in lines[name]
