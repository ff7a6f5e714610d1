# SPDX-License-Identifier: GPL-3.0-or-later
"""The drop-in is exact, carries no more than the evidence does, and systemd takes it silently."""

import ctypes
import ctypes.util
import os
import re
import subprocess

import pytest

import policies
from conftest import need, run
from policies import hexed

READ, WRITE, CREATE, EXECUTE, LIST = 1 << 0, 1 << 1, 1 << 5, 1 << 2, 1 << 3
CHAR_DEVICE, METADATA = 1 << 10, 1 << 17
HOSTILE = ['a b', 'q"uote', "it's", "%h%%n", "$HOME", "back\\slash", "x;y", "# no comment",
           "tail\\"]
UNSPEAKABLE = ["new\nExecStart=/bin/false", "\udce9\udcff", "tab\t", "\u202ebidi", "cr\r"]


def path_line(path, effects, directory=False):
    return f"path {hexed(os.fsencode(path))} 0 {effects} {int(directory)}"


def policy(*lines, calls=("read", "write"), action="kill"):
    numbers = {"read": 0, "write": 1, "mmap": 9, "mprotect": 10, "rt_sigreturn": 15, "socket": 41,
               "clone": 56, "execve": 59, "exit_group": 231, "unshare": 272, "getpid": 39,
               "chmod": 90, "sched_setscheduler": 144, "settimeofday": 164, "mount": 165,
               "openat": 257, "personality": 135, "clone3": 435, "syscall_469": 469,
               "sethostname": 170, "init_module": 175, "syslog": 103, "iopl": 172, "shmat": 30}
    text = [f"action {action}"]
    for count, call in enumerate(reversed(calls)):
        call, *checks = call if isinstance(call, tuple) else (call,)
        text += [f"call x86_64 {numbers[call]} {call} {count + 1}", *checks]
    return "\n".join([*text, *lines]) + "\n"


def dropin(*args, **more):
    text = policies.emit(policy(*args, **more), "systemd")
    return text.decode("utf-8", "surrogateescape")


def settings(text):
    """[(name, value)] of the drop-in, without the empty ones that take the unit's own back."""
    assert text.count("[Service]") == 1
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    assert lines[0] == "[Service]"
    return [tuple(line.split("=", 1)) for line in lines[1:] if not line.endswith("=")]


def value(text, name):
    found = [v for n, v in settings(text) if n == name]
    assert len(found) <= 1, found
    return found[0] if found else None


def group_default():
    """What the installed systemd adds to every allow-list."""
    analyze = need("systemd-analyze")
    done = run([analyze, "syscall-filter", "@default"])
    library = ctypes.util.find_library("seccomp") or pytest.skip("no libseccomp here")
    number_of = ctypes.CDLL(library).seccomp_syscall_resolve_name
    return {name for name in re.findall(r"^    ([a-z0-9_]+)$", done.stdout, re.M)
            if number_of(name.encode()) >= 0}  # the rest is of other architectures, or unknown


def effective(text):
    """({allowed}, {name: answer}) as systemd reads SystemCallFilter=."""
    allowed, answers = set(group_default()), {}
    for words in (v for n, v in settings(text) if n == "SystemCallFilter"):
        if not words.startswith("~"):
            allowed |= set(words.split())
            continue
        for word in words[1:].split():
            name, _, answer = word.partition(":")
            allowed.discard(name)
            if answer:
                answers[name] = answer
    return allowed, answers


def verified(text, tmp_path):
    """What systemd-analyze has to say about a unit with this drop-in."""
    analyze = need("systemd-analyze")
    unit = tmp_path / "checked.service"
    unit.write_text("[Service]\nExecStart=/bin/true\n")
    directory = tmp_path / "checked.service.d"
    directory.mkdir(exist_ok=True)
    (directory / "learn.conf").write_bytes(os.fsencode(text))
    done = subprocess.run([analyze, "verify", "--man=no", "--recursive-errors=no", unit],
                          capture_output=True, timeout=60)
    return done.stdout + done.stderr


# ---- system calls ----

def test_the_calls_allowed_are_exactly_those_of_the_policy():
    allowed, _ = effective(dropin(calls=("read", "write", "execve", "exit_group", "getpid")))
    assert allowed == {"read", "write", "execve", "exit_group", "getpid"}


def test_execve_is_allowed_because_systemd_needs_it():
    text = dropin(calls=("read",))
    assert effective(text)[0] == {"read", "execve"}
    assert "execve, by which systemd starts it" in text


def test_the_most_frequent_call_is_first():
    first = next(v for n, v in settings(dropin(calls=("write", "read"))) if n == "SystemCallFilter")
    assert first.split()[:2] == ["write", "read"]


def test_a_call_that_falls_back_is_answered_and_not_killed():
    text = dropin("denial x86_64 435 clone3 errno:ENOSYS", "denial x86_64 334 rseq errno:ENOSYS")
    allowed, answers = effective(text)
    assert answers == {"clone3": "ENOSYS", "rseq": "ENOSYS"}
    assert not allowed & set(answers)


def test_an_answer_that_is_the_default_is_not_written():
    """libseccomp refuses it, and the unit would fail with 228/SECCOMP."""
    text = dropin("denial x86_64 435 clone3 errno:ENOSYS", action="errno:ENOSYS")
    assert value(text, "SystemCallErrorNumber") == "ENOSYS"
    assert not effective(text)[1]


def test_a_call_that_systemd_cannot_name_is_said_to_be_left_out():
    text = dropin(calls=("read", "syscall_469"))
    assert "syscall_469" not in effective(text)[0]
    assert re.search(r"^# Left out.*syscall_469$", text, re.M)


def test_logging_denies_nothing():
    text = dropin("denial x86_64 435 clone3 errno:ENOSYS", action="log")
    assert value(text, "SystemCallLog") == "~read write execve"
    assert [v for n, v in settings(text) if n == "SystemCallFilter"] == ["~clone3:ENOSYS"]


def test_only_the_architectures_that_were_seen_are_native():
    assert value(dropin(), "SystemCallArchitectures") == "native"
    assert value(dropin("call x86 3 read 1"), "SystemCallArchitectures") == "native x86"


# ---- directives ----

PROT = "values 2 32 1=1 3=2"
PATH = path_line("/usr/bin/program", EXECUTE)
# directive, its value, what of a policy it holds under, and one rule that stands against it
DIRECTIVES = [
    ("NoNewPrivileges", "yes", PATH, path_line("/usr/bin/sudo", EXECUTE)),
    ("LockPersonality", "yes", PATH, "call x86_64 135 personality 1"),
    ("LockPersonality", "yes", "call x86_64 135 personality 1\nvalues 0 32 0=1",
     "call x86_64 135 personality 1\nvalues 0 32 0xffffffff=1"),
    ("RestrictRealtime", "yes", PATH, "call x86_64 144 sched_setscheduler 1"),
    ("RestrictNamespaces", "yes", "call x86_64 56 clone 1\nvalues 0 32 0x1200011=1",
     "call x86_64 56 clone 1"),
    ("RestrictNamespaces", "yes", "call x86_64 56 clone 1\nmask 0 32 0x01fdffff",
     "call x86_64 56 clone 1\nmask 0 32 0x11fdffff"),
    ("RestrictNamespaces", "yes", PATH, "call x86_64 435 clone3 1"),
    ("RestrictNamespaces", "yes", "call x86_64 272 unshare 1\nvalues 0 32 0x400=1",
     "call x86_64 272 unshare 1\nvalues 0 32 0x20000=1"),
    ("MemoryDenyWriteExecute", "yes", f"call x86_64 9 mmap 1\n{PROT}", "call x86_64 9 mmap 1"),
    ("MemoryDenyWriteExecute", "yes", f"call x86_64 9 mmap 1\n{PROT} 5=1",
     f"call x86_64 9 mmap 1\n{PROT} 7=1"),
    ("MemoryDenyWriteExecute", "yes", f"call x86_64 10 mprotect 1\n{PROT}",
     f"call x86_64 10 mprotect 1\n{PROT} 5=1"),
    ("MemoryDenyWriteExecute", "yes", PATH, "call x86_64 30 shmat 1"),
    ("RestrictSUIDSGID", "yes", PATH, "call x86_64 90 chmod 1"),
    ("RestrictSUIDSGID", "yes", PATH, path_line("/srv/new", CREATE)),
    ("ProtectClock", "yes", PATH, "call x86_64 164 settimeofday 1"),
    ("ProtectClock", "yes", path_line("/dev/null", WRITE), path_line("/dev/rtc0", READ)),
    ("ProtectHostname", "yes", PATH, "call x86_64 170 sethostname 1"),
    ("ProtectKernelModules", "yes", PATH, "call x86_64 175 init_module 1"),
    ("ProtectKernelModules", "yes", path_line("/usr/lib", LIST, True),
     path_line("/usr/lib/modules/6.1/modules.dep", READ)),
    ("ProtectKernelLogs", "yes", PATH, "call x86_64 103 syslog 1"),
    ("ProtectKernelLogs", "yes", PATH, path_line("/dev/kmsg", WRITE)),
    ("ProtectKernelTunables", "yes", path_line("/proc/sys/vm/overcommit_memory", READ),
     path_line("/proc/sys/vm/overcommit_memory", WRITE)),
    ("ProtectControlGroups", "yes", path_line("/sys/fs/cgroup/cpu.max", READ),
     path_line("/sys/fs/cgroup/cpu.max", WRITE)),
    ("PrivateDevices", "yes", path_line("/dev/urandom", READ), path_line("/dev/sda", READ)),
    ("PrivateDevices", "yes", PATH, "call x86_64 172 iopl 1"),
    ("PrivateDevices", "yes", PATH, path_line("/srv/device", CHAR_DEVICE)),
    ("PrivateTmp", "yes", PATH, path_line("/tmp/socket", READ)),
    ("PrivateTmp", "yes", path_line("/tmpfile", READ), path_line("/var/tmp", LIST, True)),
    ("ProtectHome", "yes", path_line("/homes/x", READ), path_line("/root/.config", WRITE)),
    ("ProtectHome", "read-only", path_line("/home/me/file", READ), path_line("/home/me", WRITE)),
    ("ProtectSystem", "strict", path_line("/srv/data", WRITE), path_line("/file", CREATE)),
    ("PrivateTmp", "yes", PATH, "call x86_64 165 mount 1"),
    ("ProtectSystem", "strict", PATH, path_line("/", WRITE, True)),
]


@pytest.mark.parametrize("name, wanted, holds, against", DIRECTIVES)
def test_a_directive_stands_only_where_nothing_is_against_it(name, wanted, holds, against):
    assert value(dropin(PATH, holds), name) == wanted
    text = dropin(PATH, holds if "call" not in holds else "", against)
    assert value(text, name) != wanted
    if value(text, name) is None:
        assert f"# {name}={wanted} is left out: " in text


def test_nothing_is_said_about_paths_without_evidence_about_paths():
    names = {name for name, _ in settings(dropin())}
    assert not names & {"ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices",
                        "ProtectKernelTunables", "ReadWritePaths", "RestrictSUIDSGID"}


def test_the_families_of_sockets_are_those_that_were_seen():
    assert value(dropin("family 1", "family 10", calls=("socket",)),
                 "RestrictAddressFamilies") == "AF_UNIX AF_INET6"
    assert value(dropin(), "RestrictAddressFamilies") == "none"
    assert value(dropin(calls=("socket",)), "RestrictAddressFamilies") is None
    assert value(dropin("family 99", calls=("socket",)), "RestrictAddressFamilies") is None


def test_limits_are_in_systemds_units():
    text = dropin("limit NOFILE 64", "limit STACK 134217728")
    assert (value(text, "LimitNOFILE"), value(text, "LimitSTACK")) == ("64", "134217728")


def test_what_grows_with_time_is_no_limit_of_a_service_unless_asked_for():
    limits = ["limit CPU 5", "limit FSIZE 1048576", "limit NOFILE 64"]
    plain = dropin(*limits)
    assert (value(plain, "LimitCPU"), value(plain, "LimitFSIZE")) == (None, None)
    assert "\n#LimitCPU=5\n" in plain and "\n#LimitFSIZE=1048576\n" in plain
    assert plain.count("would end it one day") == 2 and value(plain, "LimitNOFILE") == "64"
    asked = policies.emit(policy(*limits), "systemd", "lifetime-limits").decode()
    assert (value(asked, "LimitCPU"), value(asked, "LimitFSIZE")) == ("5", "1048576")


def test_memory_that_a_service_may_need_for_its_data_is_no_limit_unless_asked_for():
    limits = ["limit DATA 1048576", "limit AS 134217728", "limit STACK 8388608"]
    plain = dropin(*limits)
    assert (value(plain, "LimitDATA"), value(plain, "LimitAS")) == (None, None)
    assert "\n#LimitDATA=1048576\n" in plain and "\n#LimitAS=134217728\n" in plain
    assert plain.count("grows with what a service is asked for") == 2
    assert value(plain, "LimitSTACK") == "8388608"
    asked = policies.emit(policy(*limits), "systemd", "lifetime-limits").decode()
    assert (value(asked, "LimitDATA"), value(asked, "LimitAS")) == ("1048576", "134217728")


def written(text):
    return [v for n, v in settings(text) if n == "ReadWritePaths"]


def test_what_was_written_stays_writable_and_nothing_above_it():
    text = dropin(path_line("/srv/data", WRITE | CREATE, True), path_line("/srv/data/x", WRITE),
                  path_line("/srv/database", WRITE), path_line("/var/lib/a/new", CREATE),
                  path_line("/etc/passwd", READ), path_line("/dev/null", WRITE),
                  path_line("/srv/owned", METADATA))
    assert written(text) == ['"-/srv/data"', '"-/srv/database"', '"-/srv/owned"',
                             '"-/var/lib/a"']
    assert value(text, "ProtectSystem") == "strict"


@pytest.mark.parametrize("name", UNSPEAKABLE)
def test_a_path_that_no_unit_file_can_name_stays_writable(name):
    text = dropin(path_line(f"/srv/{name}", WRITE))
    assert value(text, "ProtectSystem") == "full" and not written(text)
    assert "no unit file can name it" in text


# ---- systemd itself ----

def everything(names):
    lines = [path_line(f"/srv/{name}", WRITE) for name in names]
    lines += [f"program {hexed(os.fsencode(name))}" for name in names + UNSPEAKABLE]
    lines += [f"note {hexed(os.fsencode(name))}" for name in names + UNSPEAKABLE]
    lines += ["limit NOFILE 64", "limit CORE 0", "limit NPROC 10", "family 1", "family 2", PATH,
              "denial x86_64 435 clone3 errno:ENOSYS", "newest 456"]
    return dropin(*lines, calls=("read", "socket", "execve"))


def test_systemd_accepts_every_line_silently(tmp_path):
    assert verified(everything([]), tmp_path) == b""
    for action in ("errno:EPERM", "log", "trap"):
        assert verified(dropin(PATH, action=action), tmp_path) == b""


def test_systemd_would_have_complained_about_a_wrong_line(tmp_path):
    assert b"stricter" in verified("[Service]\nProtectSystem=stricter\n", tmp_path)


def test_systemd_accepts_hostile_names_silently(tmp_path):
    text = everything(HOSTILE)
    assert len(written(text)) == len(HOSTILE)
    assert verified(text, tmp_path) == b""


def test_systemd_reads_back_the_very_paths(tmp_path):
    """It quotes a path in its complaint that it is not absolute."""
    text = everything(HOSTILE).replace('"-/srv/', '"-srv/')
    complaint = verified(text, tmp_path).decode()
    for name in HOSTILE:
        assert f"path is not absolute, ignoring: srv/{name}\n" in complaint, name


def test_no_name_in_a_profile_can_become_a_directive():
    plain, hostile = everything(["a"]), everything(["a"] + UNSPEAKABLE)
    files = {"ReadWritePaths", "ReadOnlyPaths"}  # without ProtectSystem=strict
    assert {n for n, _ in settings(plain)} - files == {n for n, _ in settings(hostile)} - files
    assert "ReadOnlyPaths" in {n for n, _ in settings(hostile)}
    assert "ExecStart" not in {n for n, _ in settings(hostile)}


def test_a_recorded_program_gets_a_drop_in_that_systemd_accepts(record, learn, tmp_path):
    traced, profile = record(need("ls"), "-l", "/usr")
    assert traced.returncode == 0
    done = learn("emit", "systemd", profile)
    assert done.returncode == 0 and verified(done.stdout, tmp_path) == b""
