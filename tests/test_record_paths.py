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


def test_the_file_a_link_leads_to_is_what_was_read(seen):
    assert "read" in seen["truncated"]
    assert "read" not in seen.get("link", set())


def test_one_path_for_every_way_to_name_it(seen):
    assert {"read", "write"} <= seen["to/moved"]
    assert not [name for name in seen if "/./" in name or "/../" in name]


def test_a_file_made_relative_to_a_directory_descriptor_is_found(seen):
    assert "to/by-dirfd" in seen


def test_a_directory_is_not_a_file(seen):
    assert seen["from"] != seen["from/moved"] and "from" in seen


def test_an_absent_file_is_recorded(seen):
    assert "absent" in seen


def test_a_name_that_is_no_utf_8_survives(seen):
    names = [name for name in seen if name.startswith("caf")]
    assert len(names) == 1


def test_the_dynamic_loader_and_the_c_library_are_there(seen):
    assert [name for name in seen if "/libc.so" in name]
