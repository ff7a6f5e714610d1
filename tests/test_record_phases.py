# SPDX-License-Identifier: GPL-3.0-or-later
"""--phase-at says where start-up ends, in each process for itself."""

import json
import signal

import pytest

from calls import words
from test_record_addresses import call32  # noqa: F401

# Four marks (umask), with an event of each kind between each two of them.
MARKS = [0o1, 0o2, 0o3, 0o4]
SCRIPT = """
import os, signal
signal.signal({signal}, lambda number, frame: None)
os.umask(1)
os.kill(os.getpid(), {signal})
os.getpgid(0)
os.umask(2)
open("{file}").close()
os.getpgid(0)
os.umask(3)
open("{file}").close()
os.getpgid(0)
os.umask(4)
"""


def marks(profile, phase):
    """The marks that were made in a phase: values of umask's argument."""
    found = set()
    for program in json.loads(profile.read_text())["programs"]:
        for calls in program["phases"].get(phase, {}).get("calls", {}).values():
            for call in calls:
                if call["name"] == "umask":
                    found |= {int(value["value"], 16) for value in call["args"][0]["values"]}
    return sorted(found)


# (event, how many of the marks come before it; the signal that is sent)
EVENTS = [
    ("getpgid", 1, signal.SIGUSR1), ("getpgid:1", 1, signal.SIGUSR1),
    ("getpgid:3", 3, signal.SIGUSR1), ("getpgid:4", 4, signal.SIGUSR1),
    ("signal:USR1", 1, signal.SIGUSR1), ("signal:SIGUSR1", 1, signal.SIGUSR1),
    ("signal:USR2", 4, signal.SIGUSR1), ("signal:RTMIN", 1, signal.SIGRTMIN),
    ("signal:SIGRTMIN+5", 1, signal.SIGRTMIN + 5), ("signal:RTMIN+4", 4, signal.SIGRTMIN + 5),
    ("path:{file}", 2, signal.SIGUSR1), ("path:*/ma?ker", 2, signal.SIGUSR1),
    ("path:{file}x", 4, signal.SIGUSR1),
]


@pytest.mark.parametrize("event, before, number", EVENTS, ids=lambda value: str(value))
def test_what_comes_after_the_event_is_in_the_phase_serving(record, tmp_path, event, before,
                                                            number):
    file = tmp_path / "marker"
    file.write_text("")
    done, profile = record("/usr/bin/python3", "-I", "-S", "-c",
                           SCRIPT.format(signal=int(number), file=file),
                           options=["--phase-at=" + event.format(file=file)])
    assert done.returncode == 0, done.stderr
    assert marks(profile, "main") == MARKS[:before]
    assert marks(profile, "serving") == MARKS[before:]


FORKING = """
import os, signal
signal.signal(signal.SIGUSR1, lambda number, frame: None)
os.umask(1)
child = os.fork()
if child == 0:
    os.umask(2)
    os.kill(os.getpid(), signal.SIGUSR1)
    os.umask(3)
    os._exit(0)
os.waitpid(child, 0)
os.umask(4)
"""


def test_each_process_comes_to_the_event_by_itself(record):
    done, profile = record("/usr/bin/python3", "-I", "-S", "-c", FORKING,
                           options=["--phase-at=signal:USR1"])
    assert done.returncode == 0, done.stderr
    assert (marks(profile, "main"), marks(profile, "serving")) == ([1, 2, 4], [3])


def test_a_32_bit_program_comes_to_a_call_too(learn, call32, tmp_path):  # noqa: F811
    profile = tmp_path / "profile"
    calls = words([("umask", 1), ("getppid",), ("umask", 2)], "x86")
    done = learn("-o", profile, "--phase-at=getppid", "--", call32, *calls)
    assert done.returncode == 0, done.stderr
    assert (marks(profile, "main"), marks(profile, "serving")) == ([1], [2])


@pytest.mark.parametrize("event, why", [
    ("no_such_call", "unknown system call 'no_such_call'"), ("", "unknown system call ''"),
    ("listen:0", "'0' is no count"), ("listen:x", "'x' is no count"), ("listen:", "no count"),
    ("signal:NONE", "unknown signal 'NONE'"), ("signal:RTMIN+99", "unknown signal"),
    ("signal:RTMINx", "unknown signal"), ("path:relative", "no absolute path")])
def test_an_event_that_cannot_be_is_refused_before_anything_runs(learn, tmp_path, event, why):
    done = learn("-o", tmp_path / "p", f"--phase-at={event}", "--", "touch", tmp_path / "ran")
    assert done.returncode == 125 and why in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_event_that_does_not_come_is_told_of(learn, tmp_path):
    done = learn("-o", tmp_path / "p", "--phase-at=listen", "--", "true")
    assert done.returncode == 0 and "--phase-at=listen: nothing was done after that" in done.stderr
    done = learn("-o", tmp_path / "p", "--phase-at=openat", "--", "cat", "/dev/null")
    assert done.returncode == 0 and "phase" not in done.stderr
