# SPDX-License-Identifier: GPL-3.0-or-later
"""Real programs as services of a real systemd, under the calls of their drop-in: the same status
and output as without."""

import pathlib
import shutil
import tempfile

import pytest

import live_systemd
from conftest import environment, need
from nine_programs import NINE


@pytest.fixture(scope="module")
def shared():
    """What the manager and we see: all else that its services write is in its memory."""
    with tempfile.TemporaryDirectory(prefix="learn-test-", dir="/var/tmp") as name:
        yield pathlib.Path(name)


@pytest.fixture(scope="module")
def manager(shared):
    with live_systemd.manager(shared) as running:
        yield running


@pytest.fixture
def top(shared):
    """Where the services' files are."""
    with tempfile.TemporaryDirectory(dir=shared) as name:
        yield pathlib.Path(name)


def quoted(word):
    return '"' + str(word).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace(
        "$", "$$") + '"'


class Service:
    def __init__(self, manager, top, program):
        self.manager, self.top, self.program = manager, top, program

    def run(self, calls):
        """(exit status as the manager tells it, stdout, stderr) below the lines CALLS."""
        work = self.top / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        for name, text in self.program.files.items():
            (work / name).write_text(text)
        env = environment({"HOME": work, "TMPDIR": work, **self.program.env})
        # All of it: bash looks up its user where it is not told the shell.
        wanted = {k: v for k, v in env.items() if k.isidentifier() and str(v).isprintable()}
        self.manager.write("/run/systemd/system/program.service", "\n".join([
            "[Service]", "Type=oneshot", f"WorkingDirectory={work}",
            f"StandardOutput=truncate:{self.top}/out", f"StandardError=truncate:{self.top}/err",
            *(f"Environment={quoted(f'{k}={v}')}" for k, v in wanted.items()),
            "ExecStart=" + " ".join(map(quoted, self.program.words())), *calls, ""]))
        self.manager.inside("systemctl", "daemon-reload")
        self.manager.inside("systemctl", "start", "program.service", timeout=120)
        status = self.manager.inside("systemctl", "show", "-P", "ExecMainStatus",
                                     "program.service").stdout.strip()
        return (status, *((self.top / name).read_text(errors="surrogateescape")
                          for name in ("out", "err")))


def call_lines(dropin):
    return [line for line in dropin.splitlines() if line.startswith("SystemCall")]


@pytest.mark.parametrize("program", NINE, ids=lambda program: program.name)
def test_a_program_works_as_a_service_under_its_calls(recording, learn, manager, top, program):
    recorded = recording(program)
    service = Service(manager, top, program)
    lines = call_lines(learn("emit", "systemd", recorded.profile).stdout)
    assert any(line.startswith("SystemCallFilter=~") for line in lines)
    assert service.run(lines) == ("0", recorded.plain.stdout, recorded.plain.stderr)


def test_a_service_is_stopped_at_what_was_not_seen(record, learn, manager, top):
    _, profile = record(need("true"))
    lines = call_lines(learn("emit", "systemd", profile).stdout)
    program = next(program for program in NINE if program.name == "bash")
    status, out, _ = Service(manager, top, program).run(lines)
    assert status == "31" and not out  # SIGSYS
