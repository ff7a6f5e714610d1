# SPDX-License-Identifier: GPL-3.0-or-later
"""`learn show`: the report for people, and one line a call for programs."""

import os
import pty
import re

import pytest

import profiles
from conftest import run


@pytest.fixture
def show(learn, tmp_path):
    """show(DOCUMENT, *OPTIONS): what is printed."""
    def shown(value, *options):
        done = learn("show", *options, profiles.write(tmp_path / "shown", value))
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout
    return shown


# ---- for programs ----

def test_tsv_has_a_line_a_call_by_frequency(show):
    assert show(profiles.document(), "--tsv").splitlines() == [
        "/usr/bin/ls\tload\tx86_64\tread\t2",
        "/usr/bin/ls\tmain\tx86\texit\t1",
        "/usr/bin/ls\tmain\tx86_64\tprctl\t99",
        "/usr/bin/ls\tmain\tx86_64\tread\t9",
        "/usr/bin/ls\tmain\tx86_64\tioctl\t5",
        "/usr/bin/ls\tmain\t0xc0000102\tsyscall_7\t1",
    ]


def test_tsv_is_in_order_of_program_and_of_name_where_counts_are_equal(show):
    def program(path, *names):
        numbers = {"read": 0, "write": 1, "open": 2}
        return {"path": path, "build_id": "", "phases": {"main": {"calls": {"x86_64": [
            {"name": n, "number": numbers[n], "count": 1} for n in names]}}}}
    value = profiles.document(programs=[program("/b", "write"),
                                        program("/a", "write", "read", "open")])
    assert [line.split("\t")[::3] for line in show(value, "--tsv").splitlines()] == [
        ["/a", "open"], ["/a", "read"], ["/a", "write"], ["/b", "write"]]


def test_tsv_adds_up_programs_that_differ_in_build_id_only(show):
    other = {**profiles.PROGRAM, "build_id": "ffff"}
    value = profiles.document(programs=[profiles.PROGRAM, other])
    lines = show(value, "--tsv").splitlines()
    assert len(lines) == 6 and "/usr/bin/ls\tmain\tx86_64\tioctl\t10" in lines


def test_a_line_stays_a_line_whatever_the_program_is_called(show):
    program = {**profiles.PROGRAM, "path": "/a\tb\nc\u001b[31m\\xff\\\\"}
    lines = show(profiles.document(programs=[program]), "--tsv").splitlines()
    assert {line.split("\t")[0] for line in lines} == {"/a\\x09b\\x0ac\\x1b[31m\\xff\\\\"}
    assert all(line.count("\t") == 4 for line in lines)


def test_an_empty_profile_has_no_lines(show):
    assert show(profiles.document(runs=(), programs=()), "--tsv") == ""


@pytest.mark.parametrize("glob, shown", [
    ("/usr/bin/ls", 6), ("*/ls", 6), ("/usr/*", 6), ("/???/bin/[lm]s", 6),
])
def test_programs_are_chosen_by_a_pattern(show, glob, shown):
    other = {**profiles.PROGRAM, "path": "/opt/other"}
    value = profiles.document(programs=[profiles.PROGRAM, other])
    lines = show(value, "--tsv", f"--program={glob}").splitlines()
    assert len(lines) == shown and all(line.startswith("/usr/bin/ls\t") for line in lines)
    assert "/opt/other" not in show(value, f"--program={glob}")


def test_a_pattern_that_fits_no_program_is_said(learn, tmp_path):
    profile = profiles.write(tmp_path / "shown", profiles.document())
    done = learn("show", "--program=nginx", profile)
    assert (done.returncode, done.stdout, done.stderr) == (
        2, "", f"learn: {profile}: no program matches 'nginx'\n")


# ---- for people ----

def test_the_report_says_calls_by_frequency_with_arguments_errors_and_callers(show):
    report = show(profiles.document())
    main = report[report.index("Calls in main on x86_64"):]
    assert re.search(r"3 different, 113 in all\n.*COUNT  CALL.*\n +99  prctl\n", main)
    assert main.index("prctl") < main.index("read") < main.index("ioctl")
    assert "ioctl  ls!main+0x2, libc.so.6!tcgetattr+0x4\n" in main
    assert "request: TIOCGWINSZ (3), TCGETS (2)\n" in main
    assert "errors: ENOTTY, 599\n" in main
    assert "option: more than" in main


def test_the_report_says_paths_sockets_addresses_signals_and_peaks(show):
    report = show(profiles.document())
    for line in (r" +1  read +/etc/ld\.so\.cache",
                 r" +3  read,write,create_file  /tmp/\\xff\\x1b\[31m\\x09  \(missing,file\)",
                 r" +1  AF_INET +SOCK_STREAM +6",
                 r" +1  bind +AF_INET +SOCK_STREAM +8080  127\.0\.0\.1",
                 r" +1  connect +AF_UNIX +SOCK_STREAM +0  @abstract",
                 r" +1  SIGTERM",
                 r" +12  NOFILE    one more than .*",
                 r" +117\.7 MiB  AS .*",
                 r"  1 library loaded"):
        assert re.search(rf"^{line}$", report, re.M), line


def test_an_incomplete_recording_is_said_first(show):
    cut = {**profiles.RUN, "complete": False, "exit": None, "signal": "SIGKILL"}
    report = show(profiles.document(runs=[profiles.RUN, cut]))
    assert report.startswith("INCOMPLETE: 1 of 2 recordings")
    assert "killed by SIGKILL  INCOMPLETE" in report
    assert "INCOMPLETE: a child installed a filter of its own" in report
    complete = {k: v for k, v in profiles.PROGRAM.items() if k != "limits"}
    assert "INCOMPLETE" not in show(profiles.document(programs=[complete]))


def test_a_run_that_stands_twice_is_one_run(show):
    assert "shown: 1 run, 1 program" in show(profiles.document(runs=[profiles.RUN] * 2))


def test_many_runs_are_not_all_listed(show):
    runs = [{**profiles.RUN, "uid": uid} for uid in range(25)]
    report = show(profiles.document(runs=runs))
    assert report.count(" exit 0\n") == 10 and "  and 15 more\n" in report


def poisoned(value):
    """Every string that is free to be anything, made hostile."""
    if isinstance(value, dict):
        return {k: value[k] + "\u001b]0;x\u0007\u009b\u202e\r"
                if k in ("path", "cwd", "kernel", "tool", "arch", "build_id", "address")
                and isinstance(value[k], str) else poisoned(value[k]) for k in value}
    if isinstance(value, list):
        return [poisoned(v) if not isinstance(v, str) else
                v if re.fullmatch("[a-z_]+", v) else v + "\u001b[2J\u0085" for v in value]
    return value


@pytest.mark.parametrize("options", [[], ["--tsv"]])
def test_nothing_in_a_profile_reaches_the_terminal_raw(show, options):
    shown = show(poisoned(profiles.document()), *options)
    assert "\\x1b" in shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", shown)


def test_lists_are_broken_at_80_columns(show, tmp_path):
    value = profiles.document()
    profiles.main_calls(value)[1]["args"][0]["values"] = [
        {"value": hex(0x5401 + i), "count": 1} for i in range(30)]
    report = show(value)
    assert max(len(line) for line in report.splitlines() if str(tmp_path) not in line) <= 80


def test_the_report_fits_what_was_recorded(record, learn):
    done, profile = record("ls", "/")
    assert done.returncode == 0
    report = learn("show", profile).stdout
    assert "exit 0" in report and "Calls in main on" in report and "INCOMPLETE" not in report


# ---- the terminal ----

def on_a_terminal(learn_path, profile, **env):
    """What learn writes to a terminal."""
    leader, follower = pty.openpty()
    done = run([learn_path, "show", profile], stdout=follower, env=env)
    os.close(follower)
    text = b""
    try:
        while chunk := os.read(leader, 65536):
            text += chunk
    except OSError:
        pass  # the follower is closed
    os.close(leader)
    assert done.returncode == 0
    return text.decode()


def test_headings_are_bold_on_a_terminal_only(learn_path, show, tmp_path):
    value = {**profiles.document(), "programs": []}
    assert show(value)
    profile = tmp_path / "shown"
    assert "\x1b" not in run([learn_path, "show", profile],
                             env={"NO_COLOR": "", "TERM": "xterm"}).stdout
    assert "\x1b[1m" in on_a_terminal(learn_path, profile, NO_COLOR="", TERM="xterm")
    assert "\x1b" not in on_a_terminal(learn_path, profile, NO_COLOR="1", TERM="xterm")
    assert "\x1b" not in on_a_terminal(learn_path, profile, NO_COLOR="", TERM="dumb")


@pytest.mark.parametrize("options", [[], ["--tsv"]])
def test_output_that_cannot_be_written_is_said_once(learn, tmp_path, options):
    profile = profiles.write(tmp_path / "shown", profiles.document())
    with open("/dev/full", "wb") as full:
        done = learn("show", *options, profile, stdout=full)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "standard output" in done.stderr


@pytest.mark.parametrize("words", [[], ["one", "two"]])
def test_show_takes_one_profile(learn, words):
    done = learn("show", *words)
    assert done.returncode == 2 and "expected one PROFILE" in done.stderr


def test_options_may_follow_the_profile_and_end_at_two_dashes(learn, tmp_path):
    profile = profiles.write(tmp_path / "shown", profiles.document())
    before = learn("show", "--tsv", profile)
    assert before.returncode == 0 and before.stdout
    assert learn("show", profile, "--tsv").stdout == before.stdout
    assert learn("show", "--tsv", "--", profile).stdout == before.stdout
    done = learn("show", profile, "--", "--tsv")
    assert done.returncode == 2 and "expected one PROFILE" in done.stderr


def test_a_command_is_shown_as_a_shell_takes_it(show):
    run_ = {**profiles.RUN, "command": ["sh", "-c", "ls 'a b' | sort"]}
    assert "\n      sh -c 'ls '\\''a b'\\'' | sort'\n" in show(profiles.document(runs=[run_]))


def test_show_says_how_many_calls_a_later_filter_is_rid_of(record, learn):
    done, profile = record("cat", "/dev/null")
    assert done.returncode == 0
    found = re.search(r"^  (\d+) of (\d+) calls are not needed after the program's entry point",
                      learn("show", profile).stdout, re.M)
    assert found and 0 < int(found[1]) < int(found[2])
    # The load of a program and its main part, as --tsv has them.
    rows = [line.split("\t") for line in learn("show", "--tsv", profile).stdout.splitlines()]
    load, main = ({row[3] for row in rows if row[1] == phase} for phase in ("load", "main"))
    assert (int(found[1]), int(found[2])) == (len(load - main), len(load | main))
