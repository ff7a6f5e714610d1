# SPDX-License-Identifier: GPL-3.0-or-later
"""What is no profile is refused with file, place and reason; nothing is overwritten or emitted."""

import json
import os
import re
import shlex
import subprocess
import time

import pytest

from conftest import environment

# Every verb that reads a profile: its words, with the profile where PROFILE is.
READERS = {
    "show": ["show", "PROFILE"],
    "show --tsv": ["show", "--tsv", "PROFILE"],
    "emit": ["emit", "bpf_asm", "PROFILE"],
    "run": ["run", "PROFILE", "--", "touch", "RAN"],
    "merge": ["merge", "-o", "RAN", "PROFILE"],
}


@pytest.fixture(scope="module")
def good(learn_path, learn, target, tmp_path_factory):
    """The text of a good profile."""
    path = tmp_path_factory.mktemp("good") / "profile"
    assert learn("-o", path, "--", target("fork")).returncode == 0
    return path.read_text()


def changed(text, change):
    """The profile with the document changed by a function, written again."""
    document = json.loads(text)
    change(document)
    return json.dumps(document, indent=2)


def first_call(document):
    phases = document["programs"][0]["phases"]
    return next(iter(phases["main"]["calls"].values()))[0]


def rename(document, section, old, new):
    """Renames a member of the first program's SECTION (or of its calls in main)."""
    parent = document["programs"][0]["phases"]
    if section == "calls":
        parent = parent["main"]["calls"]
    parent[new] = parent.pop(old)


# name: what becomes of a good profile's text.
BROKEN = {
    "empty": lambda text: "",
    "a blank line": lambda text: "\n",
    "no JSON": lambda text: "Dear Sir,\n",
    "truncated": lambda text: text[:len(text) // 2],
    "without its last byte": lambda text: text.rstrip()[:-1],
    "with more after its end": lambda text: text + "{}",
    "an array": lambda text: "[]",
    "another format": lambda text: changed(text, lambda d: d.update(format="learn-policy")),
    "no format": lambda text: changed(text, lambda d: d.pop("format")),
    "another version": lambda text: changed(text, lambda d: d.update(version=2)),
    "a version that is no number": lambda text: changed(text, lambda d: d.update(version="1")),
    "programs that are no list": lambda text: changed(text, lambda d: d.update(programs={})),
    "a program that is none": lambda text: changed(text, lambda d: d["programs"].append(7)),
    "a count that is text":
        lambda text: changed(text, lambda d: first_call(d).update(count="many")),
    "a negative count": lambda text: changed(text, lambda d: first_call(d).update(count=-1)),
    "a fractional count": lambda text: changed(text, lambda d: first_call(d).update(count=1.5)),
    "a call without a name": lambda text: changed(text, lambda d: first_call(d).pop("name")),
    "an unknown architecture": lambda text: changed(
        text, lambda d: rename(d, "calls", next(iter(d["programs"][0]["phases"]["main"]["calls"])),
                               "pdp11")),
    "an unknown phase": lambda text: changed(text, lambda d: rename(d, "phases", "main", "teeth")),
    "no runs": lambda text: changed(text, lambda d: d.pop("runs")),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_profile_is_refused_in_one_line_with_its_place(learn, good, tmp_path, kind):
    profile = tmp_path / "broken"
    profile.write_text(BROKEN[kind](good))
    done = learn("show", profile)
    assert done.returncode == 2 and done.stdout == ""
    assert re.fullmatch(rf"learn: {re.escape(str(profile))}:.*[^\n]\n", done.stderr), done.stderr


def test_a_syntax_error_has_line_and_column(learn, tmp_path):
    profile = tmp_path / "broken"
    profile.write_text('{\n  "format": "learn-profile",\n  "version": oops\n}\n')
    assert f"{profile}:3:" in learn("show", profile).stderr


@pytest.mark.parametrize("reader", READERS)
def test_every_verb_refuses_a_broken_profile_and_does_nothing(learn, good, tmp_path, reader):
    profile, ran = tmp_path / "broken", tmp_path / "ran"
    profile.write_text(BROKEN["truncated"](good))
    words = [{"PROFILE": profile, "RAN": ran}.get(word, word) for word in READERS[reader]]
    done = learn(*words)
    assert done.returncode == (125 if reader == "run" else 2)
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert str(profile) in done.stderr
    assert not ran.exists()


@pytest.mark.parametrize("reader", READERS)
def test_a_profile_that_is_not_there_or_no_file_is_refused(learn, tmp_path, reader):
    for profile in (tmp_path / "absent", tmp_path):
        ran = tmp_path / "ran"
        words = [{"PROFILE": profile, "RAN": ran}.get(word, word) for word in READERS[reader]]
        done = learn(*words)
        assert done.returncode == (125 if reader == "run" else 2)
        assert str(profile) in done.stderr and done.stderr.count("\n") == 1
        assert not ran.exists()


@pytest.mark.parametrize("kind", ["empty", "truncated", "another version"])
def test_appending_to_a_broken_profile_leaves_it_alone(learn, good, tmp_path, kind):
    profile, ran = tmp_path / "broken", tmp_path / "ran"
    text = BROKEN[kind](good)
    profile.write_text(text)
    done = learn("-a", "-o", profile, "--", "touch", ran)
    assert done.returncode == 125
    assert str(profile) in done.stderr
    assert profile.read_text() == text and not ran.exists()


def test_a_profile_of_another_version_is_called_that(learn, good, tmp_path):
    profile = tmp_path / "newer"
    profile.write_text(BROKEN["another version"](good))
    assert re.search(r"version\W+2", learn("show", profile).stderr)


def test_a_merge_with_one_broken_profile_writes_nothing(learn, good, tmp_path):
    (tmp_path / "good").write_text(good)
    (tmp_path / "broken").write_text(good[:100])
    (tmp_path / "old").write_text(good)
    done = learn("merge", "-o", "old", "good", "broken", cwd=tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "old").read_text() == good


def test_results_that_cannot_be_written_are_said(learn, good, tmp_path):
    (tmp_path / "profile").write_text(good)
    with open("/dev/full", "w", encoding="utf-8") as full:
        for words in (["show", "profile"], ["show", "--tsv", "profile"],
                      ["emit", "bpf_asm", "profile"], ["--help"], ["emit", "--list"]):
            done = learn(*words, cwd=tmp_path, stdout=full)
            assert done.returncode == 2, words
            assert "No space left" in done.stderr, words


def test_an_emitted_file_replaces_no_directory_and_needs_one(learn, good, tmp_path):
    (tmp_path / "profile").write_text(good)
    for output in (tmp_path, tmp_path / "absent" / "file"):
        done = learn("emit", "bpf_asm", "-o", output, "profile", cwd=tmp_path)
        assert done.returncode == 2 and str(output) in done.stderr


@pytest.mark.parametrize("words, said", [
    (["emit"], "emit"),
    (["emit", "no-such-format", "profile"], "no-such-format"),
    (["emit", "--action=pardon", "bpf_asm", "profile"], "pardon"),
    (["emit", "--action=errno:EWHAT", "bpf_asm", "profile"], "EWHAT"),
    (["emit", "--allow=no_such_call", "bpf_asm", "profile"], "no_such_call"),
    (["emit", "--deny=no_such_call", "bpf_asm", "profile"], "no_such_call"),
    (["emit", "--no-such-option", "bpf_asm", "profile"], "no-such-option"),
    (["show"], "show"),
    (["show", "profile", "profile"], "show"),
    (["merge", "profile"], "merge"),
    (["show", "--tsv=yes", "profile"], "tsv"),
])
def test_a_wrong_command_line_is_said(learn, good, tmp_path, words, said):
    (tmp_path / "profile").write_text(good)
    done = learn(*words, cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr


@pytest.mark.parametrize("name", (
    b"\x1b[31m\n", b"\xc2\x9b31m", b"\x9b31m", b"\xe2\x80\xaetxt.exe",
), ids=("escape", "c1", "no-utf-8", "direction"))
def test_a_message_shows_a_hostile_name_and_does_nothing_else_to_the_terminal(learn_path, name):
    done = subprocess.run([learn_path, "show", b"/nonexistent/" + name + b"\xc3\xa9"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    shown = done.stderr.decode()
    assert shown.count("\n") == 1 and "\\x" in shown and "\u00e9" in shown
    assert all(c == "\n" or c.isprintable() for c in shown)


def test_a_fifo_that_nobody_reads_is_refused_before_the_program_starts(learn, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    done = learn("-o", tmp_path / "fifo", "--", "touch", tmp_path / "ran", timeout=10)
    assert done.returncode == 125 and "fifo" in done.stderr
    assert done.stderr.count("\n") == 1 and not (tmp_path / "ran").exists()


def test_a_pipe_gets_the_profile_once_and_whole(learn_path, tmp_path):
    words = f"{shlex.quote(str(learn_path))} -o >(cat >{tmp_path}/kept) -- sleep 4"
    subprocess.run(["bash", "-c", f"{words}; wait"], check=True, env=environment())
    deadline = time.monotonic() + 10
    while not (tmp_path / "kept").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    assert json.loads((tmp_path / "kept").read_text())["complete"] is True


def test_a_full_device_is_named_once(learn):
    done = learn("-o", "/dev/full", "--", "true")
    assert done.returncode == 125
    assert done.stderr == "learn: cannot write '/dev/full': No space left on device\n"


def test_what_is_neither_a_program_nor_a_verb_is_told_of(learn, tmp_path):
    done = learn("recrod", cwd=tmp_path)
    assert done.returncode == 127 and "no verb: see 'learn --help'" in done.stderr
    done = learn("./recrod", cwd=tmp_path)
    assert done.returncode == 127 and "verb" not in done.stderr


def test_a_number_without_a_user_is_told_of(learn, tmp_path):
    done = learn("-u", "4012345", "true", cwd=tmp_path)
    assert done.returncode == 125 and "no user has the number '4012345'" in done.stderr
