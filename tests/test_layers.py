# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the source tree and the arrows between them: who may include whom."""

import pathlib
import re

import pytest

# CONTRIBUTING.md has this table for people.
LIB = ["lib/base", "lib/sysdb", "lib/elf", "lib/event", "lib/profile", "lib/policy"]
MAY_INCLUDE = {
    "lib/base": [],
    "lib/sysdb": ["lib/base"],
    "lib/elf": ["lib/base"],
    "lib/event": ["lib/base", "lib/sysdb"],
    "lib/profile": ["lib/base", "lib/sysdb"],
    "lib/policy": ["lib/base", "lib/sysdb"],
    "tracer": ["lib/event", "lib/elf", "lib/sysdb", "lib/base"],
    "importer": ["lib/event", "lib/sysdb", "lib/base"],
    "learner": LIB,
    "emitter": ["lib/policy", "lib/sysdb", "lib/base"],
    "enforcer": ["lib/policy", "lib/sysdb", "lib/base"],
    "refiner": ["lib/policy", "lib/profile", "lib/sysdb", "lib/base"],
    "service": LIB,
    "cli": [*LIB, "tracer", "importer", "learner", "emitter", "enforcer", "refiner", "service"],
}

# Kernel interfaces that one file owns (or one room): {pattern of a call: who may make it}.
OWNERS = {
    r"\b(?:waitpid|waitid|wait3|wait4)\s*\(":
        ["tracer/wait.c", "tracer/listen.c", "cli/trials.c", "lib/base/spawn.c"],
    r"\bprocess_vm_readv\s*\(": ["tracer/memory.c"],
    r"\bptrace\s*\(": ["tracer/"],
    r"\b(?:seccomp_load|SYS_seccomp|__NR_seccomp|PR_SET_SECCOMP)\b":
        ["tracer/", "enforcer/", "lib/sysdb/", "emitter/", "refiner/guards.c"],
    r"\bSYS_landlock_restrict_self\b": ["enforcer/", "emitter/"],
    r"\bjson_(?:loads?|loadf|dump)\w*\s*\(": ["lib/profile/", "emitter/", "cli/diff.c"],
    r"\b(?:exit|_exit|abort)\s*\(": ["cli/main.c", "tracer/launch.c", "tracer/guardian.c",
                                          "tracer/door.c", "tracer/listen.c", "lib/base/", "emitter/",
                                          "cli/trial.c"],
    r"\bstrto(?:l|ul|ll|ull|imax|umax)\s*\(":
        ["lib/base/parse.c", "tracer/procfs.c", "tracer/procfs_status.c"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def room_of(path):
    """The room that a path below the top belongs to, or None."""
    text = str(path)
    return next((room for room in MAY_INCLUDE if text.startswith(room + "/")), None)


def sources(srcdir):
    return [path.relative_to(srcdir) for room in MAY_INCLUDE
            for path in sorted((srcdir / room).rglob("*.[ch]"))]


def strip(text):
    """C without comments and strings, line numbers kept: what is left is code."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
    return token.sub(lambda m: "\n" * m.group().count("\n"), text)


def included(srcdir, path, name):
    """The file that `#include "name"` in path means, relative to the top, or None."""
    for base in (path.parent, "lib", "."):
        if (srcdir / base / name).is_file():
            return (srcdir / base / name).resolve().relative_to(srcdir.resolve())
    return None


@pytest.mark.parametrize("room", MAY_INCLUDE)
def test_a_room_includes_only_rooms_that_its_arrows_lead_to(srcdir, room):
    wrong = []
    for path in sources(srcdir):
        if room_of(path) != room:
            continue
        for name in INCLUDE.findall((srcdir / path).read_text()):
            there = included(srcdir, path, name)
            if not there or there == pathlib.Path("config.h"):
                continue
            if room_of(there) not in [room, *MAY_INCLUDE[room]]:
                wrong.append(f'{path} includes "{name}"')
    assert not wrong, "\n".join(wrong)


def test_every_source_file_is_in_a_room(srcdir):
    apart = ("tests", "bench", "samples", "docs")
    found = {path.relative_to(srcdir) for makefile in srcdir.glob("*/local.mk")
             if makefile.parent.name not in apart for path in makefile.parent.rglob("*.[ch]")}
    assert found == set(sources(srcdir))


@pytest.mark.parametrize("pattern", OWNERS)
def test_a_kernel_interface_has_one_owner(srcdir, pattern):
    wrong = [str(path) for path in sources(srcdir)
             if re.search(pattern, strip((srcdir / path).read_text()))
             and not str(path).startswith(tuple(OWNERS[pattern]))]
    assert not wrong


def test_every_source_file_starts_with_its_licence_and_its_duty(srcdir):
    wrong = []
    for path in sources(srcdir):
        lines = (srcdir / path).read_text().splitlines()
        if lines[0] != "/* SPDX-License-Identifier: GPL-3.0-or-later */" \
                or not lines[1].startswith("/*"):
            wrong.append(str(path))
    assert not wrong


def test_no_line_is_longer_than_100_columns(srcdir):
    wrong = []
    for path in sources(srcdir):
        if room_of(path) == "lib/sysdb":  # tables: a row is a line
            continue
        for number, line in enumerate((srcdir / path).read_text().splitlines(), 1):
            if len(line.expandtabs(8)) > 100:
                wrong.append(f"{path}:{number}")
    assert not wrong
