# SPDX-License-Identifier: GPL-3.0-or-later
"""Real programs work under the policy that was learned from them, which kills on anything else."""

import re

import pytest

from conftest import SIGSYS_STATUS, run
from programs import PROGRAMS

LS = next(program for program in PROGRAMS if program.name == "ls")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_program_works_under_its_own_policy(recording, learn_path, program):
    recorded = recording(program)
    done = program.run(recorded.work, learn_path, "run", recorded.profile, "--")
    assert (done.returncode, done.stdout) == (0, recorded.plain.stdout), done.stderr
    assert [line for line in done.stderr.splitlines() if not line.startswith("learn: warning: ")] \
        == recorded.plain.stderr.splitlines()


def test_each_call_taken_away_from_ls_stops_it_and_is_named(recording, learn_path, tsv):
    recorded = recording(LS)
    wrong = []
    for call in sorted({row.call for row in tsv(recorded.profile)}):
        done = LS.run(recorded.work, learn_path, "run", f"--deny={call}", recorded.profile, "--")
        if done.returncode != SIGSYS_STATUS or not re.search(rf"\b{call}\b", done.stderr):
            wrong.append((call, done.returncode, done.stderr))
    assert not wrong


def test_a_program_that_does_more_is_killed_and_the_call_is_named(record, learn, target):
    _, profile = record(target("status"), "0")
    done = learn("run", profile, "--", target("status"), "-15")
    assert done.returncode == SIGSYS_STATUS
    assert re.search(r"\b(prlimit64|setrlimit|kill)\(", done.stderr)


def test_options_may_stand_on_either_side_of_the_profile(recording, learn):
    profile = recording(LS).profile
    for words in (["--deny=openat", profile, "--"], [profile, "--deny=openat", "--"],
                  [profile, "--deny=openat"]):
        done = learn("run", *words, "ls", "/")
        assert done.returncode == SIGSYS_STATUS and "openat" in done.stderr


def test_a_program_that_was_not_seen_cannot_be_executed(recording, learn, tmp_path):
    done = learn("run", recording(LS).profile, "--", "mkdir", tmp_path / "new")
    assert done.returncode == 126
    assert "mkdir" in done.stderr and not (tmp_path / "new").exists()


def test_a_denial_says_process_arguments_and_place(recording, learn_path):
    recorded = recording(LS)
    done = LS.run(recorded.work, learn_path, "run", "--deny=getdents64", recorded.profile, "--")
    said = [line for line in done.stderr.splitlines() if "getdents64" in line]
    assert said and re.search(r"getdents64\(.+\)", done.stderr), done.stderr
    assert re.search(r"\b\d+\b", said[0])
    assert "libc" in done.stderr


def test_an_error_instead_of_a_kill(recording, learn_path):
    recorded = recording(LS)
    done = LS.run(recorded.work, learn_path, "run", "--action=errno:EPERM", "--deny=getdents64",
                  recorded.profile, "--")
    assert done.returncode == 2
    assert "Operation not permitted" in done.stderr


def test_the_exit_status_under_a_policy_is_the_commands_own(record, learn, target):
    _, profile = record(target("status"), "3")
    for status in (0, 3, 77):
        assert learn("run", profile, "--", target("status"), str(status)).returncode == status


def test_a_death_by_another_signal_is_no_denial(record, learn, target):
    _, profile = record(target("status"), "-15")
    done = learn("run", profile, "--", target("status"), "-15")
    assert done.returncode == 128 + 15
    assert "learn" not in done.stderr.replace("learn: warning", "")


def test_a_file_that_was_not_seen_cannot_be_read(record, learn, tmp_path):
    seen, other = tmp_path / "a" / "seen", tmp_path / "b" / "other"
    for file in (seen, other):
        file.parent.mkdir()
        file.write_text(f"{file.name}\n")
    _, profile = record("cat", seen)
    assert learn("run", profile, "--", "cat", seen).stdout == "seen\n"
    done = learn("run", profile, "--", "cat", other)
    if "this kernel has no landlock" in done.stderr:
        pytest.skip("landlock is too old here: " + done.stderr)
    assert done.returncode == 1 and done.stdout == ""
    assert "Permission denied" in done.stderr


def test_a_program_that_is_missing_or_none_is_said_as_when_recording(recording, learn, tmp_path):
    profile = recording(LS).profile
    assert learn("run", profile, "--", "no-such-program").returncode == 127
    assert learn("run", profile, "--", tmp_path).returncode == 126
    assert learn("run", profile).returncode == 125


def test_input_passes_through(record, learn):
    _, profile = record("cat", input="text")
    assert learn("run", profile, "--", "cat", input="other text").stdout == "other text"


@pytest.mark.parametrize("name", ["fork", "vfork", "posix-spawn", "threads", "exec-thread",
                                  "signals", "stop", "killed", "untraced", "clone-parent",
                                  "own-filter", "many", "exec-chain"])
def test_a_target_works_under_its_own_policy(record, learn, target, name):
    recorded, profile = record(target(name))
    done = learn("run", profile, "--", target(name))
    assert (done.returncode, done.stdout) == (0, recorded.stdout), done.stderr


def test_an_unprivileged_user_can_run_a_policy(as_nobody):
    words = ["ls", "-l", "/usr"]
    recorded = run(as_nobody(as_nobody.learn, "-o", "p", "--", *words), cwd=as_nobody.home)
    done = run(as_nobody(as_nobody.learn, "run", "p", "--", *words), cwd=as_nobody.home)
    assert (done.returncode, done.stdout) == (0, recorded.stdout), done.stderr
    done = run(as_nobody(as_nobody.learn, "run", "--deny=getdents64", "p", "--", *words),
               cwd=as_nobody.home)
    assert done.returncode == SIGSYS_STATUS and "getdents64" in done.stderr
