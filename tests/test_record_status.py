# SPDX-License-Identifier: GPL-3.0-or-later
"""Recording does not show: exit status, input, output and what a program inherits."""

import os
import signal
import subprocess

import pytest

from conftest import environment, need, run


@pytest.mark.parametrize("status", [0, 1, 3, 125, 255])
def test_the_exit_status_is_the_commands_own(record, target, status):
    done, profile = record(target("status"), str(status))
    assert done.returncode == status
    assert (done.stdout, done.stderr) == ("", "")
    assert profile.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV, signal.SIGINT,
                                    signal.SIGPIPE, signal.SIGSYS, signal.SIGUSR1])
def test_a_death_by_signal_is_128_and_the_number(record, target, number):
    done, _ = record(target("status"), f"-{int(number)}")
    assert done.returncode == 128 + number


def test_a_missing_program_is_127_and_named(record, tmp_path):
    done, profile = record("no-such-program-anywhere")
    assert done.returncode == 127
    assert done.stderr.count("\n") == 1 and "no-such-program-anywhere" in done.stderr
    done, _ = record(tmp_path / "absent")
    assert done.returncode == 127
    assert not profile.exists()


def test_a_file_that_is_no_program_is_126_and_named(record, tmp_path):
    text = tmp_path / "text"
    text.write_text("not a program\n")
    done, profile = record(text)
    assert done.returncode == 126
    assert done.stderr.count("\n") == 1 and str(text) in done.stderr
    done, _ = record(tmp_path)
    assert done.returncode == 126
    assert not profile.exists()


def test_an_executable_of_no_known_format_is_126(record, tmp_path):
    text = tmp_path / "garbage"
    text.write_bytes(b"\x00\x01\x02 no format")
    text.chmod(0o755)
    done, _ = record(text)
    assert done.returncode == 126


def test_no_command_is_a_usage_error(learn):
    for words in ([], ["--"], ["record"], ["-o", "x"]):
        done = learn(*words)
        assert done.returncode == 125, words
        assert "--help" in done.stderr


def test_an_unwritable_profile_is_said_before_the_program_starts(learn, tmp_path):
    ran = tmp_path / "ran"
    done = learn("-o", tmp_path / "absent" / "profile", "--", "touch", ran)
    assert done.returncode == 125
    assert "absent/profile" in done.stderr and done.stderr.count("\n") == 1
    assert not ran.exists()


def test_a_file_that_is_no_profile_is_not_replaced(learn, tmp_path):
    ran, file = tmp_path / "ran", tmp_path / "letter"
    for text in ("Dear Sir,\n", '{"format": "something else", "version": 1}\n', "{"):
        file.write_text(text)
        done = learn("-o", file, "--", "touch", ran)
        assert done.returncode == 125
        assert str(file) in done.stderr and done.stderr.count("\n") == 1
        assert file.read_text() == text
        assert not ran.exists()


def test_an_old_profile_is_replaced(record, learn, counts, target):
    _, profile = record(target("fork"))
    before = counts(profile)
    done = learn("-o", profile, "--", target("fork"))
    assert done.returncode == 0
    assert counts(profile) == before


def test_append_adds_to_a_profile(record, learn, counts, target):
    _, profile = record(target("fork"))
    once = counts(profile)
    done = learn("-a", "-o", profile, "--", target("fork"))
    assert done.returncode == 0, done.stderr
    assert counts(profile) == {call: 2 * n for call, n in once.items()}


def test_append_makes_a_profile_where_there_is_none(learn, counts, tmp_path, target):
    done = learn("--append", "-o", tmp_path / "new", "--", target("fork"))
    assert done.returncode == 0, done.stderr
    assert counts(tmp_path / "new")


def test_the_profile_is_learn_profile_unless_said(learn, tmp_path, target):
    assert learn(target("fork"), cwd=tmp_path).returncode == 0
    assert os.listdir(tmp_path) == ["learn.profile"]


def test_input_and_output_pass_through(record):
    text = bytes(range(256)) * 100
    done, _ = record("cat", input=text)
    assert done.stdout.encode("utf-8", "surrogateescape") == text
    assert done.stderr == ""


def test_output_and_errors_are_the_programs_own(record, tmp_path):
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory" / "file").write_text("text")
    words = ["ls", "-l", tmp_path / "directory", tmp_path / "absent"]
    plain = run(words)
    traced, _ = record(*words)
    assert (traced.returncode, traced.stdout, traced.stderr) == \
        (plain.returncode, plain.stdout, plain.stderr)


def test_what_a_program_inherits_is_the_same_when_traced(record, target):
    plain = run([target("environment"), "an argument", ""])
    traced, _ = record(target("environment"), "an argument", "")
    assert traced.stdout == plain.stdout


def test_blocked_and_ignored_signals_are_inherited(record, target):
    def inherit():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2, signal.SIGCHLD, signal.SIGTERM})
        for number in (signal.SIGHUP, signal.SIGPIPE, signal.SIGINT, signal.SIGTTOU):
            signal.signal(number, signal.SIG_IGN)
    plain = run([target("environment")], preexec_fn=inherit)
    traced, _ = record(target("environment"), preexec_fn=inherit)
    assert f"not default {int(signal.SIGHUP)}" in plain.stdout
    assert traced.stdout == plain.stdout


def test_no_descriptor_of_learn_is_inherited(record, target):
    plain = run([target("fds")])
    traced, _ = record(target("fds"))
    assert traced.stdout == plain.stdout == "0\n1\n2\n"


def test_closed_standard_descriptors_stay_closed(learn_path, target, tmp_path):
    shell = '"$0" "$@" <&- >"$OUT" 2>&-'
    for name, words in (("plain", [target("fds")]),
                        ("traced", [learn_path, "-o", tmp_path / "p", "--", target("fds")])):
        done = run(["sh", "-c", shell, *words], env={"OUT": tmp_path / name})
        assert done.returncode == 0
    assert (tmp_path / "traced").read_text() == (tmp_path / "plain").read_text() == "1\n"


def test_a_terminal_stays_the_programs_terminal(learn_path, target, tmp_path):
    """Under script(1): a session of its own with a terminal."""
    script = need("script")
    outputs = []
    for words in (f"{target('environment')}",
                  f"{learn_path} -q -o {tmp_path}/p -- {target('environment')}"):
        done = subprocess.run([script, "-qec", words, "/dev/null"], env=environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0
        outputs.append([line for line in done.stdout.splitlines() if line.startswith("terminal")])
    assert outputs[0] == outputs[1]
    assert outputs[0][1] == "terminal 1: 1, foreground: 1"
