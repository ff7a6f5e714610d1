# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program does to paths is recorded: absolute, resolved, with what was done."""

import json

import pytest

from conftest import run


@pytest.fixture(scope="module")
def seen(learn_path, target, tmp_path_factory):
    """{path below the target's directory (or absolute): set of effects} of the program `paths`."""
    top = tmp_path_factory.mktemp("paths")
    work, profile = top / "work", top / "profile"
    work.mkdir()
    done = run([learn_path, "-o", profile, "--", target("paths"), work])
    assert (done.returncode, done.stdout) == (0, "paths\n"), done.stderr
    document = json.loads(profile.read_text(encoding="utf-8"))
    found = {}
    for program in document["programs"]:
        for phase in program["phases"].values():
            for entry in phase.get("paths", []):
                name = entry["path"].removeprefix(f"{work}/")
                found.setdefault(name, set()).update(entry["did"])
    return found


# What tests/targets/paths.c does below its directory.
DID = {
    "from": {"create_dir"},
    "from/moved": {"create_file", "write", "remove_file", "refer"},
    "from/renamed": {"create_file", "write", "remove_file"},
    "from/renamed-here": {"create_file"},
    "to": {"create_dir", "list", "chdir"},
    "to/moved": {"create_file", "refer", "read", "write"},
    "to/by-dirfd": {"create_file", "write"},
    "removed": {"create_file", "write", "remove_file"},
    "truncated": {"create_file", "write", "truncate", "metadata", "read"},
    "link": {"create_symlink"},
    "hardlink": {"create_file"},
    "pipe": {"create_fifo"},
    "emptied": {"create_dir", "remove_dir"},
    "absent": {"read"},
    "caf\\xe9 \\xff": {"create_file", "write"},
}


@pytest.mark.parametrize("name", DID)
def test_what_was_done_to_a_path_is_recorded(seen, name):
    assert seen[name] == DID[name]


def test_nothing_else_was_done_below_the_directory(seen):
    assert {name for name in seen if not name.startswith("/")} == set(DID)


def test_a_file_of_the_process_itself_keeps_that_name(seen):
    assert seen["/proc/self/status"] == {"read"}


def test_the_program_its_loader_and_its_libraries_are_there(seen, target):
    assert "execute" in seen[str(target("paths"))]
    assert [name for name in seen if "/ld-" in name and "execute" in seen[name]]
    assert [name for name in seen if "/libc.so" in name and "read" in seen[name]]
