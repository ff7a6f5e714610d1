# SPDX-License-Identifier: GPL-3.0-or-later
"""The landlock source compiles with all warnings and confines to the paths and ports of the policy."""

import ctypes
import os
import shlex

import pytest

import policies
from conftest import free_port, need, run
from policies import hexed

STRICT = ["-Wall", "-Wextra", "-Werror"]
CC = shlex.split(os.environ.get("CC", "cc"))

EXECUTE, WRITE, READ, LIST = 1, 2, 4, 8
REMOVE_DIR, REMOVE, MAKE_CHAR, MAKE_DIR, MAKE_REG = 16, 32, 64, 128, 256
ALL_FS, ALL_NET, ALL_SCOPES = 0xFFFF, 3, 3
HOSTILE_NAMES = ["a b", 'q"uote', "new\nline", "%s%n", "$HOME", "back\\slash", "star*", "??\\ trigraph", "tab\t1", "\udce9\udcff", "\u202ebidi", "g*l?b"]


def abi():
    version = ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1)
    return max(version, 0)


def need_landlock(least=1):
    if abi() < least:
        pytest.skip(f"the kernel has landlock ABI {abi()}, not {least}")


def path_line(path, rights, directory=False):
    return f"path {hexed(os.fsencode(path))} {rights} 0 {int(directory)}"


def system_paths():
    """What a dynamically linked program needs to start."""
    return [path_line(path, EXECUTE | READ, True) for path in ("/usr", "/lib", "/lib64", "/bin")] + [
        path_line("/etc/ld.so.cache", READ), path_line("/dev/null", READ | WRITE)]


def policy(*lines, fs=ALL_FS, net=0, scopes=0):
    return "\n".join([f"handled {fs} {net} {scopes}", *system_paths(), *lines]) + "\n"


def launcher(text, directory, source=lambda c: c):
    """The compiled launcher of a policy; SOURCE may change the emitted C first."""
    emitted = policies.emit(text, "landlock", "main").decode("utf-8", "surrogateescape")
    (directory / "landlock.c").write_bytes(os.fsencode(source(emitted)))
    done = run([*CC, *STRICT, "-o", directory / "confine", directory / "landlock.c"])
    assert done.returncode == 0, done.stderr
    return directory / "confine"


def test_a_file_that_was_read_can_be_read_and_its_sibling_cannot(tmp_path):
    need_landlock()
    (tmp_path / "seen").write_text("seen")
    (tmp_path / "other").write_text("other")
    confine = launcher(policy(path_line(tmp_path / "seen", READ)), tmp_path)
    cat = need("cat")
    assert run([confine, cat, tmp_path / "seen"]).stdout == "seen"
    assert run([confine, cat, tmp_path / "other"]).returncode != 0
    assert run([confine, "sh", "-c", f"echo x >>{tmp_path}/seen"]).returncode != 0


def test_what_may_be_made_in_a_directory_is_what_was_made(tmp_path):
    need_landlock()
    work = tmp_path / "work"
    work.mkdir()
    confine = launcher(policy(path_line(work, MAKE_REG | WRITE | READ, True)), tmp_path)
    assert run([confine, "sh", "-c", f"echo new >{work}/file && cat {work}/file"]).stdout == "new\n"
    assert run([confine, need("mkdir"), work / "directory"]).returncode != 0
    assert run([confine, need("rm"), work / "file"]).returncode != 0
    assert run([confine, "sh", "-c", f"echo new >{tmp_path}/file"]).returncode != 0


def test_a_path_that_is_not_there_does_not_end_the_ruleset(tmp_path):
    need_landlock()
    (tmp_path / "seen").write_text("seen")
    confine = launcher(policy(path_line(tmp_path / "gone", READ),
                              path_line(tmp_path / "seen" / "no-directory", READ),
                              path_line(tmp_path / "seen", READ)), tmp_path)
    assert run([confine, need("cat"), tmp_path / "seen"]).stdout == "seen"


def test_rights_of_directories_are_not_asked_for_on_files(tmp_path):
    """A path that was a directory when it was seen may be a file now: the kernel says EINVAL."""
    need_landlock()
    (tmp_path / "seen").write_text("seen")
    confine = launcher(policy(path_line(tmp_path / "seen", READ | LIST | MAKE_REG, True)), tmp_path)
    assert run([confine, need("cat"), tmp_path / "seen"]).stdout == "seen"


def test_hostile_names_are_the_names_of_files(tmp_path):
    need_landlock()
    for name in HOSTILE_NAMES:
        (tmp_path / name).write_text("content of one")
    confine = launcher(policy(*(path_line(tmp_path / name, READ) for name in HOSTILE_NAMES)),
                       tmp_path)
    done = run([confine, need("cat"), *(tmp_path / name for name in HOSTILE_NAMES)])
    assert done.stdout == "content of one" * len(HOSTILE_NAMES), done.stderr


def test_only_the_ports_that_were_used_can_be_used(tmp_path):
    need_landlock(4)
    python = need("python3")
    allowed, denied = free_port(), free_port()
    confine = launcher(policy(f"port {allowed} bind", net=ALL_NET, fs=0), tmp_path)
    bind = "import socket, sys; socket.socket().bind(('127.0.0.1', int(sys.argv[1])))"
    assert run([confine, python, "-c", bind, str(allowed)]).returncode == 0
    assert "Permission" in run([confine, python, "-c", bind, str(denied)]).stderr


@pytest.mark.parametrize("version", range(1, 8))
def test_an_older_kernel_gets_what_it_knows_of_the_rules(tmp_path, version):
    need_landlock(version)
    (tmp_path / "seen").write_text("seen")
    (tmp_path / "other").write_text("other")

    def pretend(source):
        changed = source.replace("\tstruct ruleset known = known_to(abi);",
                                 f"\tabi = {version};\n\tstruct ruleset known = known_to(abi);")
        assert changed != source
        return changed
    confine = launcher(policy(path_line(tmp_path / "seen", READ), "port 80 connect", net=ALL_NET,
                              scopes=ALL_SCOPES), tmp_path, pretend)
    cat = need("cat")
    assert run([confine, cat, tmp_path / "seen"]).stdout == "seen"
    assert run([confine, cat, tmp_path / "other"]).returncode != 0


@pytest.mark.parametrize("fs, net, scopes", [(0, 0, 0), (0, 0, 3), (0, 3, 0), (1, 0, 0)])
@pytest.mark.parametrize("form", [[], ["main"]])
def test_a_policy_that_confines_less_is_source_that_compiles(tmp_path, fs, net, scopes, form):
    text = f"handled {fs} {net} {scopes}\n"
    (tmp_path / "landlock.c").write_bytes(policies.emit(text, "landlock", *form))
    done = run([*CC, *STRICT, "-c", "-o", tmp_path / "landlock.o", tmp_path / "landlock.c"])
    assert done.returncode == 0, done.stderr


def test_paths_are_not_confined_when_the_program_mounts(tmp_path):
    need_landlock()
    (tmp_path / "any").write_text("any")
    text = policy(fs=0, scopes=ALL_SCOPES)
    assert b"the program mounts" in policies.emit(text, "landlock")
    assert run([launcher(text, tmp_path), need("cat"), tmp_path / "any"]).stdout == "any"


def test_a_recorded_program_runs_under_its_own_rules(record, learn, tmp_path):
    need_landlock()
    (tmp_path / "seen").write_text("seen")
    (tmp_path / "other").write_text("other")
    cat = need("cat")
    traced, profile = record(cat, tmp_path / "seen")
    assert traced.stdout == "seen"
    source, confine = tmp_path / "landlock.c", tmp_path / "confine"
    assert learn("emit", "landlock", "--main", profile, "-o", source).returncode == 0
    assert run([*CC, *STRICT, "-o", confine, source]).returncode == 0
    assert run([confine, cat, tmp_path / "seen"]).stdout == "seen"
    assert run([confine, cat, tmp_path / "other"]).returncode == 1
