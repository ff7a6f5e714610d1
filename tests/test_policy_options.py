# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy options decide what becomes of the evidence, the same for every verb."""

import os
import re
import struct
import sys

import pytest

import bpfsim
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


# ---- words of --allow and --deny ----

def calls_of(learn, profile, *options):
    """The names in the policy, from the comments of the libseccomp format."""
    done = learn("emit", "libseccomp", *options, profile)
    assert done.returncode == 0, done.stderr
    return set(re.findall(r'^\s*\{?.*?"(\w+)"', done.stdout, re.M)), done


@pytest.mark.parametrize("option", [
    "--allow=fcntl:cmd", "--allow=fcntl:cmd=F_NONE", "--allow=fcntl:nothing=1",
    "--allow=no_such_call:cmd=1", "--allow=path:relative:r", "--allow=path:/x", "--allow=path:/x:q",
    "--allow=tcp:bind:65536", "--allow=tcp:listen:1", "--allow=family:AF_NONE",
    "--deny=tcp:bind:", "--allow=scope:all", "--allow=capability:CAP_NONE", "--allow=limit:NOFILE",
    "--allow=limit:NONE=1", "--deny=limit:NOFILE=unlimited", "--paths=wide", "--phase=load", "--arch=pdp11"])
def test_a_word_that_is_not_understood_is_refused_in_one_line(emitted, option):
    raw, said = emitted(option, status=1)
    assert raw == b""
    lines = [line for line in said.splitlines() if not line.startswith("learn: try ")]
    assert len(lines) == 1 and lines[0].startswith("learn: --" + option[2:].split("=")[0])


FCNTL = [sys.executable, "-S", "-E", "-c", "import fcntl, sys; fcntl.fcntl(0, int(sys.argv[1]))"]


def test_one_value_of_an_argument_may_be_allowed_or_denied(record, learn):
    done, profile = record(*FCNTL, "1")
    assert done.returncode == 0, done.stderr

    def run(command, *options):
        return learn("run", *options, profile, "--", *FCNTL, command).returncode
    assert run("1025") == SIGSYS_STATUS
    assert run("1025", "--allow=fcntl:cmd=F_GETLEASE") == 0
    assert run("1032", "--allow=fcntl:cmd=F_GETLEASE") == SIGSYS_STATUS
    assert run("1", "--deny=fcntl:cmd=F_GETFD") == SIGSYS_STATUS


@pytest.mark.parametrize("rights, flags, status", [("r", 0, 0), ("r", 1, 13), ("w", 1, 0),
                                                   ("w", 0, 13), ("rw", 2, 0)])
def test_a_path_may_be_allowed_with_its_rights(record, learn, tmp_path, rights, flags, status):
    script = ("import os, sys\n"
              "try: os.open(sys.argv[1], int(sys.argv[2]))\n"
              "except PermissionError: os._exit(13)")
    (tmp_path / "seen").touch()
    (tmp_path / "new").touch()
    python = [sys.executable, "-S", "-E", "-c", script]
    done, profile = record(*python, tmp_path / "seen", "0")
    assert done.returncode == 0, done.stderr
    for where in (f"path:{tmp_path}/new:{rights}", f"path:{tmp_path}/:{rights}"):
        done = learn("run", f"--allow={where}", profile, "--", *python, tmp_path / "new",
                     str(flags))
        assert done.returncode == status, done.stderr
    done = learn("run", f"--deny=path:{tmp_path}:r", profile, "--", *python, tmp_path / "seen", "0")
    assert done.returncode == 13, done.stderr


def test_what_a_directory_above_gives_cannot_be_denied_and_that_is_said(record, learn, tmp_path):
    done, profile = record("sh", "-c", f"echo >{tmp_path}/made")
    assert done.returncode == 0, done.stderr
    said = learn("emit", "landlock", f"--deny=path:{tmp_path}/made/below:w", profile).stderr
    assert "landlock cannot take away" in said and str(tmp_path) in said


def test_limits_and_scopes_may_be_allowed_and_denied(record, learn):
    python = [sys.executable, "-I", "-S", "-c",
              "import os, sys\n"
              "print(*next(line.split()[3:5] for line in open('/proc/self/limits')"
              " if line.startswith('Max open files')))\n"
              "if sys.argv[1:]: os.kill(int(sys.argv[1]), 0)"]
    _, profile = record(*python)

    def limits(*options):
        done = learn("run", *options, profile, "--", *python)
        return done.stdout.split()
    inherited = record(*python)[0].stdout.split()
    soft, hard = limits()
    assert soft == hard and 16 < int(soft) < 64
    assert limits("--deny=limit:NOFILE=16") == ["16", "16"]
    assert limits("--deny=limit:NOFILE=2000") == [soft, soft]
    assert limits("--allow=limit:NOFILE=65") == ["65", "65"]
    assert limits("--allow=limit:NOFILE=16") == [soft, soft]
    assert limits("--allow=limit:NOFILE=unlimited") == inherited
    for options, status in (([], 1), (["--allow=scope:signal"], 0),
                            (["--allow=scope:signal", "--deny=scope:signal"], 1)):
        done = learn("run", "--allow=kill", *options, profile, "--", *python, str(os.getpid()))
        assert done.returncode == status, done.stderr


def test_ports_and_families_may_be_allowed_and_denied(record, learn):
    script = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.close()"
    done, profile = record(sys.executable, "-S", "-E", "-c", script)
    assert done.returncode == 0, done.stderr

    def unit(*options):
        return learn("emit", "systemd", *options, profile).stdout

    def rules(*options):
        return learn("emit", "landlock", *options, profile).stdout
    assert "AF_NETLINK" not in unit() and "AF_NETLINK" in unit("--allow=family:AF_NETLINK")
    assert "AF_INET" in unit() and not re.search(r"=.*AF_INET\b", unit("--deny=family:AF_INET"))
    assert "8443" not in rules() and "8443" in rules("--allow=tcp:bind:8443")
    assert "8443" not in rules("--allow=tcp:bind:8443", "--deny=tcp:bind:8443")


# ---- paths ----

READ_ALL = ("import os, sys\n"
            "for name in sys.argv[1:]:\n"
            "    try: open(name).close()\n"
            "    except PermissionError: os._exit(13)")
READER = [sys.executable, "-S", "-E", "-c", READ_ALL]


def landlock_paths(learn, profile, *options):
    done = learn("emit", "landlock", *options, profile)
    assert done.returncode == 0, done.stderr
    return set(re.findall(r'"(/[^"]*)"', done.stdout)), done.stderr


@pytest.fixture
def many_files(tmp_path):
    top = tmp_path / "files"
    top.mkdir()
    files = [top / f"f{chr(ord('a') + i)}" for i in range(26)]
    for file in [*files, top / "other"]:
        file.touch()
    return top, files


def test_many_files_become_their_directory_and_few_do_not(record, learn, many_files):
    top, files = many_files
    _, few = record(*READER, *files[:24])
    _, many = record(*READER, *files[:25])
    assert str(top) not in landlock_paths(learn, few)[0]
    paths, _ = landlock_paths(learn, many)
    assert str(top) in paths and not paths & {str(file) for file in files}
    assert "24 others" in learn("emit", "landlock", many).stdout
    assert learn("run", many, "--", *READER, top / "other").returncode == 0
    assert learn("run", few, "--", *READER, top / "other").returncode == 13
    exact = landlock_paths(learn, many, "--paths=exact")[0]
    assert str(top) not in exact and str(files[0]) in exact
    wide = landlock_paths(learn, few, "--paths=dir")[0]
    assert str(top) in wide and str(files[0]) not in wide


def test_a_wide_directory_never_stands_for_its_files(record, learn):
    _, profile = record("cat", "/etc/passwd", "/dev/null")
    paths, said = landlock_paths(learn, profile, "--paths=dir")
    assert "/etc" not in paths and "/etc/passwd" in paths and "/dev" not in paths
    assert "too wide" in said


def test_a_temporary_name_becomes_its_directory(record, learn, tmp_path):
    for name in ("job.Xa8Kq2", "job.other"):
        (tmp_path / name).touch()
    _, profile = record(*READER, tmp_path / "job.Xa8Kq2")
    assert learn("run", profile, "--", *READER, tmp_path / "job.other").returncode == 0
    _, profile = record(*READER, tmp_path / "job.other")
    assert learn("run", profile, "--", *READER, tmp_path / "job.Xa8Kq2").returncode == 13


def test_names_of_which_each_run_had_its_own_become_their_directory(record, learn, tmp_path):
    names = [tmp_path / f"session-{n}" for n in (41872, 50013, 61234)]
    for name in names:
        name.touch()
    profiles = [record(*READER, name)[1] for name in names[:2]]
    both = tmp_path / "both.profile"
    assert learn("merge", "-o", both, *profiles).returncode == 0
    assert learn("run", both, "--", *READER, names[2]).returncode == 0
    assert learn("run", profiles[0], "--", *READER, names[2]).returncode == 13
    assert learn("run", "--paths=exact", both, "--", *READER, names[1]).returncode == 0
    assert learn("run", "--paths=exact", both, "--", *READER, names[2]).returncode == 13


# ---- phases ----

def test_a_later_phase_needs_less(record, learn):
    done, profile = record("cat", "/etc/passwd")
    assert done.returncode == 0
    whole, _ = calls_of(learn, profile)
    main, _ = calls_of(learn, profile, "--phase=main")
    assert main < whole and {"execve", "arch_prctl"} <= whole - main and "read" in main
    done = learn("emit", "bpf", "--phase=serving", profile)
    assert done.returncode == 2 and "phase serving" in done.stderr


def test_a_program_executed_later_is_needed_from_its_start(record, learn):
    done, profile = record("sh", "-c", "ls / >/dev/null; exit")
    assert done.returncode == 0
    main, _ = calls_of(learn, profile, "--phase=main")
    assert {"execve", "arch_prctl", "getdents64"} <= main


# ---- switches and architectures ----

@pytest.mark.parametrize("option, call", [("--no-baseline", "restart_syscall"),
                                          ("--no-vdso", "clock_gettime"),
                                          ("--no-fallback", "openat2")])
def test_each_kind_of_implied_call_has_a_switch(learn, profile, option, call):
    assert call in learn("emit", "libseccomp", profile).stdout
    assert call not in learn("emit", "libseccomp", option, profile).stdout


def test_a_policy_may_be_for_another_architecture(learn, profile):
    text = learn("emit", "bpf_asm", "--arch=aarch64", profile)
    assert text.returncode == 0, text.stderr
    assert "aarch64" in text.stdout and "x86_64" not in text.stdout
    assert "newfstatat" in text.stdout or "fstat" in text.stdout


@pytest.mark.parametrize("option", [[], ["--exec"], ["--observe"]])
def test_a_policy_for_another_architecture_is_not_applied_here(learn, profile, tmp_path, option):
    if os.uname().machine != "x86_64":
        pytest.skip("here, aarch64 may be this architecture")
    before = profile.read_bytes()
    done = learn("run", "-q", "--arch=aarch64", *option, profile, "--", "touch", tmp_path / "made")
    assert done.returncode == 125 and "is for aarch64" in done.stderr
    assert len(done.stderr.splitlines()) == 1 and "--arch=x86_64" in done.stderr
    assert not (tmp_path / "made").exists() and profile.read_bytes() == before


def test_portable_finds_what_other_libraries_call_for_the_same(learn, record):
    """So that what was recorded on an architecture without getpgrp runs on one that has it."""
    _, profile = record(sys.executable, "-c", "import os; os.getpgid(0)")
    assert "getpgrp" not in learn("emit", "names", profile).stdout.split()
    assert "getpgrp" in learn("emit", "names", "--portable", profile).stdout.split()


def test_portable_adds_the_other_calls_for_the_same(learn, profile):
    narrow, wide = calls_of(learn, profile)[0], calls_of(learn, profile, "--portable")[0]
    assert narrow < wide
    assert {"open", "writev", "readv"} <= wide - narrow
    assert "implied by openat" in learn("emit", "libseccomp", "--portable", profile).stdout
    assert not {"socket", "mount", "ptrace"} & wide


I386 = 0x40000003


@pytest.mark.parametrize("name, number", [("socket", 359), ("accept4", 364), ("semget", 393),
                                          ("getpid", 20)])
def test_calls_of_i386_that_once_went_through_another_are_allowed_by_name(emitted, name, number):
    def action(option):
        raw, _ = emitted("--arch=x86", f"--{option}={name}")
        return bpfsim.Filter(raw).run(I386, number)[0]
    assert action("allow") == ALLOW and action("deny") == KILL


@pytest.mark.parametrize("word, said", [("syscall_0", "unknown system call 'syscall_0'"),
                                        ("x32_1", "x32_1 is a call of the x32 ABI")])
def test_a_call_is_allowed_by_its_one_name_and_not_outside_the_table(emitted, word, said):
    raw, errors = emitted(f"--allow={word}", status=2)
    assert not raw and said in errors
