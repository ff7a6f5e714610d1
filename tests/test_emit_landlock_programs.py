# SPDX-License-Identifier: GPL-3.0-or-later
"""Real programs under the landlock rules that were learned from them: what they did works, what
they did not is denied, and a kernel with the first ABI takes the same rules."""

import json
import os

import pytest

from conftest import free_port, need, run
from nine_programs import NINE
from test_emit_landlock import CC, STRICT, need_landlock

DENIED = 13  # EACCES

# Tries one thing and says by its status what came of it: 0, or the errno.
TRY = r"""
import os, socket, sys
what, path = sys.argv[1:3]
try:
    if what == "read":
        os.close(os.open(path, os.O_RDONLY))
    elif what == "write":
        os.close(os.open(path, os.O_WRONLY))
    elif what == "create":
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    elif what == "mkdir":
        os.mkdir(path)
    elif what == "remove":
        os.unlink(path)
    elif what == "rename":
        os.rename(path, path + ".other")
    elif what == "list":
        os.listdir(path)
    elif what == "symlink":
        os.symlink("x", path)
    elif what == "execute":
        os.execv(path, [path])
    elif what == "bind":
        socket.socket().bind(("127.0.0.1", int(path)))
    elif what == "connect":
        socket.socket().connect(("127.0.0.1", int(path)))
except OSError as error:
    sys.exit(error.errno)
"""


@pytest.fixture
def confined(learn, tmp_path):
    """confined(PROFILE, NAME, CHANGE): the launcher of a profile's landlock rules."""
    def build(profile, name="confine", change=lambda source: source):
        source = tmp_path / f"{name}.c"
        assert learn("emit", "landlock", "--main", "-o", source, profile).returncode == 0
        text = os.fsdecode(source.read_bytes())
        source.write_bytes(os.fsencode(change(text)))
        done = run([*CC, *STRICT, "-o", tmp_path / name, source])
        assert done.returncode == 0, done.stderr
        return tmp_path / name
    return build


def first_abi(source):
    changed = source.replace("\tstruct ruleset known = known_to(abi);",
                             "\tabi = abi > 0 ? 1 : abi;\n\tstruct ruleset known = known_to(abi);")
    assert changed != source
    return changed


@pytest.mark.parametrize("program", NINE, ids=lambda program: program.name)
def test_every_access_that_was_seen_is_allowed(recording, confined, program):
    need_landlock()
    recorded = recording(program)
    done = program.run(recorded.work, confined(recorded.profile))
    assert (done.returncode, done.stdout, done.stderr) == (0, recorded.plain.stdout,
                                                           recorded.plain.stderr)


@pytest.mark.parametrize("program", NINE, ids=lambda program: program.name)
def test_the_same_rules_load_where_the_kernel_has_the_first_abi(recording, confined, program):
    need_landlock()
    recorded = recording(program)
    # ABI 1 denies renames and links between directories whatever the rules say.
    moves = any("refer" in path["did"] for entry in json.loads(recorded.profile.read_text())
                ["programs"] for phase in entry["phases"].values() for path in phase.get("paths", []))
    done = program.run(recorded.work, confined(recorded.profile, change=first_abi))
    if moves:
        assert done.returncode != 125, done.stderr  # the launcher's own failure
    else:
        assert (done.returncode, done.stdout) == (0, recorded.plain.stdout), done.stderr


@pytest.mark.parametrize("program", NINE, ids=lambda program: program.name)
def test_ten_accesses_that_were_not_seen_are_denied(recording, confined, learn, tmp_path,
                                                    public_dir, program):
    """Tried by a python that the rules are widened for: only to start, and to read TRY."""
    need_landlock(4)
    python, recorded = need("python3"), recording(program)
    elsewhere = public_dir / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("text")
    (elsewhere / "program").write_text("#!/bin/sh\n")
    (elsewhere / "program").chmod(0o755)
    script = tmp_path / "try.py"
    script.write_text(TRY)
    starts = tmp_path / "python.profile"
    assert learn("-q", "-o", starts, "--", python, "-I", script, "none", "x").returncode == 0
    both = tmp_path / "both.profile"
    assert learn("merge", "-o", both, recorded.profile, starts).returncode == 0
    confine = confined(both)

    def trial(what, path, *words):
        return run([*words, python, "-I", script, what, str(path)]).returncode
    attempts = [("read", elsewhere / "file"), ("write", elsewhere / "file"),
                ("write", "/etc/passwd"), ("create", elsewhere / "new"),
                ("mkdir", elsewhere / "directory"), ("remove", elsewhere / "file"),
                ("rename", elsewhere / "program"), ("list", elsewhere),
                ("symlink", elsewhere / "link"), ("execute", elsewhere / "program"),
                ("bind", free_port()), ("connect", free_port()),
                ("write", script)]
    assert trial("none", "x", confine) == 0
    got = [(what, str(path), trial(what, path, confine)) for what, path in attempts]
    assert [attempt for attempt in got if attempt[2] != DENIED] == []
    assert sorted(p.name for p in elsewhere.iterdir()) == ["file", "program"]
    # Each could be done by who is not confined: it is the rules that deny it.
    assert trial("read", elsewhere / "file") == trial("list", elsewhere) == 0
    assert trial("create", elsewhere / "new") == trial("execute", elsewhere / "program") == 0
