# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy options decide what becomes of the evidence, the same for every verb."""

import re
import struct
import sys

import pytest

from conftest import SIGSYS_STATUS

KILL, ALLOW, ERRNO, TRAP, LOG = 0x80000000, 0x7fff0000, 0x00050000, 0x00030000, 0x7ffc0000
EPERM = 1


@pytest.fixture(scope="module")
def profile(learn, tmp_path_factory):
    path = tmp_path_factory.mktemp("options") / "sh.profile"
    done = learn("-o", path, "--", "sh", "-c", "ls / >/dev/null; exec cat /dev/null")
    assert done.returncode == 0, done.stderr
    return path


def returns(raw):
    """The set of actions that a filter in the machine's byte order returns."""
    filter = struct.iter_unpack("=HBBI", raw)
    return {k for code, _, _, k in filter if code == 0x06}


@pytest.fixture(scope="module")
def emitted(learn, profile, tmp_path_factory):
    """emitted(OPTIONS...): (the bytes of the filter, stderr)."""
    out = tmp_path_factory.mktemp("emitted") / "filter"

    def emit(*options, status=0):
        out.unlink(missing_ok=True)
        done = learn("emit", "bpf", "--raw", *options, profile, "-o", out)
        assert (done.returncode == 0) == (status == 0), done.stderr
        return out.read_bytes() if out.exists() else b"", done.stderr
    return emit


@pytest.mark.parametrize("word, value", [("kill", KILL), ("errno:EPERM", ERRNO | EPERM),
                                         ("errno:4095", ERRNO | 4095), ("trap", TRAP),
                                         ("log", LOG)])
def test_the_action_is_what_a_call_outside_the_policy_gets(emitted, word, value):
    raw, _ = emitted(f"--action={word}")
    # Another architecture is killed whatever the action.
    assert {value, ALLOW, KILL} <= returns(raw)


@pytest.mark.parametrize("option", ["--action=allow", "--action=errno:EFOO", "--action=errno:0",
                                    "--action=", "--args=some", "--allow=no_such_call",
                                    "--deny=no_such_call", "--deny=", "--program=/no/such/*"])
def test_a_wrong_value_is_refused_in_one_line_and_nothing_is_written(emitted, option):
    raw, said = emitted(option, status=1)
    assert raw == b""
    lines = [line for line in said.splitlines() if not line.startswith("learn: try ")]
    assert len(lines) == 1 and lines[0].startswith("learn: ")
    value = option.split("=", 1)[1]
    assert value in lines[0]


def test_without_arguments_no_check_is_left(emitted):
    load_of_arguments = {16 + 8 * i + half for i in range(6) for half in (0, 4)}
    loads = {k for code, _, _, k in struct.iter_unpack("=HBBI", emitted()[0]) if code == 0x20}
    assert loads & load_of_arguments
    loads = {k for code, _, _, k in struct.iter_unpack("=HBBI", emitted("--args=none")[0])
             if code == 0x20}
    assert not loads & load_of_arguments


def test_programs_are_chosen_by_pattern(learn, profile):
    whole = learn("emit", "bpf_asm", profile).stdout
    only = learn("emit", "bpf_asm", "--program=*/cat", profile).stdout
    assert "; getdents64" in whole or "getdents64" in whole
    assert "getdents64" not in only and "read" in only


def test_names_may_be_given_in_a_list(learn, profile):
    text = learn("emit", "libseccomp", "--allow=mount,umount2", "--allow=swapon", profile).stdout
    assert all(re.search(rf'"{call}".*--allow', text) for call in ("mount", "umount2", "swapon"))


def test_a_denied_call_is_denied_though_everything_needs_it(learn, profile):
    done = learn("run", "--deny=exit_group", profile, "--", "cat", "/dev/null")
    assert done.returncode == SIGSYS_STATUS and "exit_group" in done.stderr


def test_an_allowed_call_is_allowed_with_any_arguments(record, learn):
    script = "import fcntl, sys; fcntl.fcntl(0, int(sys.argv[1]))"
    python = [sys.executable, "-S", "-E", "-c", script]
    done, profile = record(*python, "1")
    assert done.returncode == 0, done.stderr
    assert learn("run", profile, "--", *python, "1").returncode == 0
    assert learn("run", profile, "--", *python, "3").returncode in (0, SIGSYS_STATUS)
    # F_GETLEASE: nobody else in the interpreter asks for it.
    done = learn("run", profile, "--", *python, "1025")
    assert done.returncode == SIGSYS_STATUS and "F_GETLEASE" in done.stderr
    done = learn("run", "--allow=fcntl", profile, "--", *python, "1025")
    assert done.returncode != SIGSYS_STATUS
