# SPDX-License-Identifier: GPL-3.0-or-later
"""`learn emit systemd --groups`: groups of calls stand for what is allowed and for nothing else, by
what the installed systemd-analyze says is in them."""

import ctypes
import ctypes.util
import re

import pytest

import profiles
from conftest import need, run


@pytest.fixture(scope="module")
def listed():
    """What systemd-analyze prints."""
    done = run([need("systemd-analyze"), "syscall-filter"])
    if done.returncode != 0 or "\n@timer\n" not in done.stdout:
        pytest.skip("this systemd-analyze lists no groups: " + done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def members(listed):
    """{group: its calls}, groups within groups resolved."""
    words, group = {}, None
    for line in listed.splitlines():
        if line.startswith("@"):
            group = words.setdefault(line.strip(), [])
        elif line.strip() and not line.strip().startswith("#") and group is not None:
            group.append(line.strip())

    def calls(name):
        return {call for word in words[name] for call in
                (calls(word) if word.startswith("@") else [word])}
    return {name: calls(name) for name in words}


def number(name):
    library = ctypes.CDLL(ctypes.util.find_library("seccomp") or pytest.skip("no libseccomp here"))
    return library.seccomp_syscall_resolve_name_arch(0xC000003E, name.encode())


def exists(name):
    """Whether the call is one of x86-64."""
    return number(name) >= 0


def profile_of(calls, path):
    program = {**profiles.PROGRAM, "peaks": {}, "phases": {"main": {"calls": {"x86_64": [
        {"name": name, "number": number(name), "count": 1} for name in sorted(calls)]}}}}
    return profiles.write(path, profiles.document(programs=[program]))


NOTHING_MORE = ["--no-baseline", "--no-vdso", "--no-fallback"]


@pytest.fixture
def emitted(learn, listed, tmp_path):
    """emitted(CALLS, ...): (words allowed, words removed) of the drop-in for these calls."""
    groups = tmp_path / "groups"
    groups.write_text(listed)

    def emit(calls, *options):
        profile = profile_of(calls, tmp_path / "p.profile")
        done = learn("emit", "systemd", *NOTHING_MORE, *options, profile)
        assert done.returncode == 0, done.stderr
        lines = re.findall(r"^SystemCallFilter=(~?)(.*)$", done.stdout, re.M)
        return tuple([word for sign, words in lines if sign == wanted for word in words.split()]
                     for wanted in ("", "~"))
    return lambda calls, *options: emit(calls, f"--groups={groups}", *options)


def expanded(words, members):
    return {call for word in words for call in members.get(word, [word])}


def test_a_group_of_which_all_is_allowed_is_named_and_means_the_same(emitted, members):
    calls = [call for call in members["@chown"] | members["@timer"] if exists(call)]
    allowed, _ = emitted([*calls, "read", "execve"])
    assert set(allowed) == {"@chown", "@timer", "read", "execve"}
    assert {c for c in expanded(allowed, members) if exists(c)} == {*calls, "read", "execve"}


@pytest.mark.parametrize("group", ["@chown", "@timer", "@default", "@file-system", "@setuid"])
def test_a_group_of_which_one_call_is_not_allowed_is_not_named(emitted, members, group):
    calls = sorted(call for call in members[group] if exists(call))
    for missing in calls[0], calls[-1]:
        rest = {*calls, "execve"} - {missing}
        allowed, removed = emitted(rest)
        assert group not in allowed
        assert {c for c in expanded(allowed, members) if exists(c)} - set(removed) == rest
        if missing in members["@default"] and missing != "execve":
            assert missing in removed


def test_with_all_calls_the_widest_groups_are_named_and_nothing_is_lost(emitted, members):
    known = sorted(call for call in members["@known"] if exists(call))
    allowed, removed = emitted(known)
    assert {c for c in expanded(allowed, members) if exists(c)} == set(known)
    assert not removed and len(allowed) < len(known) / 2


def test_the_calls_that_are_taken_away_are_those_of_that_versions_default_group(emitted, members):
    _, removed = emitted(["read", "execve"])
    assert set(removed) == {c for c in members["@default"] - {"execve"} if exists(c)}


def test_the_list_that_is_built_in_is_the_default_group_of_systemd_252(emitted, learn, members,
                                                                       tmp_path):
    if not run(["systemctl", "--version"]).stdout.startswith("systemd 252 "):
        pytest.skip("another systemd")
    profile = profile_of(["read", "execve"], tmp_path / "q.profile")
    done = learn("emit", "systemd", *NOTHING_MORE, profile)
    removed = {word for words in re.findall("^SystemCallFilter=~(.*)$", done.stdout, re.M)
               for word in words.split()}
    assert removed == set(emitted(["read", "execve"])[1])


@pytest.mark.parametrize("text", ["", "no groups\n", "@chown\n    chown\n",
                                  "@default\n    @missing\n    read\n"])
def test_what_is_no_list_of_groups_is_refused(learn, tmp_path, text):
    (tmp_path / "groups").write_text(text)
    profile = profiles.write(tmp_path / "p.profile", profiles.document())
    done = learn("emit", "systemd", f"--groups={tmp_path / 'groups'}", profile)
    assert done.returncode == 2 and "systemd-analyze syscall-filter" in done.stderr
    assert not done.stdout
    done = learn("emit", "systemd", f"--groups={tmp_path / 'none'}", profile)
    assert done.returncode == 2 and "none" in done.stderr
    done = learn("emit", "oci", f"--groups={tmp_path / 'groups'}", profile)
    assert done.returncode == 2 and "--groups is not for oci" in done.stderr
