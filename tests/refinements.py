# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of learn refine share."""

import json
import pathlib

import pytest


@pytest.fixture
def refine(learn, tmp_path):
    """refine(TEST..., options=[...]): (the finished process, the path of the result)."""
    def run(*test, options=(), timeout=300, status=0, name="refined", **more):
        result = tmp_path / name
        done = learn("refine", "-o", result, *options, "--", *map(str, test),
                     timeout=timeout, **more)
        assert done.returncode == status, done.stderr
        return done, result
    return run


@pytest.fixture
def small_dir(tmp_path):
    """A directory with three files, and nothing else in it."""
    there = tmp_path / "dir"
    there.mkdir()
    for name in "abc":
        (there / name).write_text(name)
    return there


def decisions(path, verdict=None, about=None):
    """{(about, name, detail): decision} of a profile."""
    found = json.loads(path.read_text()).get("decisions", [])
    return {(d["about"], d["name"], d.get("detail", "")): d for d in found
            if verdict in (None, d["verdict"]) and about in (None, d["about"])}


def allowed(learn, path):
    return set(learn("emit", "names", path).stdout.split())


def runs(pid):
    """Whether the process runs: a zombie, which its new parent has not fetched, does not."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
