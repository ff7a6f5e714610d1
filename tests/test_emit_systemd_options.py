# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options of `learn emit systemd` add to a drop-in and leave out of it."""

import pytest

from conftest import SRCDIR, need_root
from test_emit_systemd import settings, verified

SERVER = SRCDIR / "tests" / "golden" / "server.profile"


@pytest.fixture
def emit(learn):
    def emitted(*options, **more):
        done = learn("emit", "systemd", *options, SERVER, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout
    return emitted


def test_what_an_older_systemd_does_not_know_is_a_comment(emit):
    found = settings(emit("--systemd=231"))
    names = {name for name, _ in found}
    assert "PrivateTmp" in names and "SystemCallFilter" in names
    assert not names & {"RestrictNamespaces", "ProtectClock", "ProtectProc", "NoExecPaths"}
    assert ("ProtectSystem", "strict") not in found
    assert "#RestrictNamespaces=yes\n" in emit("--systemd=231")
    assert settings(emit("--systemd=999")) == settings(emit())


@pytest.mark.parametrize("options", [[], ["--systemd=231"], ["--view=used"], ["--view=only"]])
def test_nothing_is_said_twice(emit, options):
    found = settings(emit(*options))
    assert sorted(found) == sorted(set(found))


def test_addresses_are_confined_when_asked_for(emit):
    assert "IPAddress" not in emit() and "SocketBind" not in emit()
    found = settings(emit("--addresses"))
    assert ("SocketBindDeny", "any") in found
    assert ("SocketBindAllow", "ipv4:tcp:80") in found or ("SocketBindAllow",
                                                           "ipv6:tcp:80") in found


def test_directories_without_use_are_hidden_when_asked_for(emit, tmp_path):
    assert "InaccessiblePaths" not in emit()
    text = emit("--view=used")
    assert ("InaccessiblePaths", "-/boot") in settings(text) and verified(text, tmp_path) == b""


UNIT = """# a comment
[Unit]
Description=not \\
  User=this
[Service]
User=other
User=daemon
Type=exec
ExecStart=-/usr/sbin/server -D
ExecReload=/bin/dropped
ExecReload=
ExecReload=@!/no/such/reloader \\
# in between
  reloader --now
"""


def test_commands_of_the_unit_that_were_not_recorded_are_named(emit, tmp_path):
    unit = tmp_path / "a.service"
    unit.write_text(UNIT)
    text = emit(f"--unit={unit}")
    assert [line for line in text.splitlines() if "was not recorded" in line] == [
        "# ExecReload= runs under the same rules and was not recorded: /no/such/reloader"]
    assert emit("--unit=-", input=UNIT) == text
    assert ("RemoveIPC", "yes") in settings(text)  # it has a user
    assert ("RemoveIPC", "yes") not in settings(emit("--unit=-", input="[Service]\n"))


def test_who_becomes_another_user_by_itself_is_told_of_user(emit):
    hint = "\n#User=\n#AmbientCapabilities=CAP_NET_BIND_SERVICE\n"  # not the rights to become it
    assert hint in emit() and hint in emit("--unit=-", input="[Service]\nType=exec\n")
    assert "User=" not in emit("--unit=-", input="[Service]\nUser=daemon\n").replace("PrivateU", "")


@pytest.mark.parametrize("steps, hint", [
    ("os.setgid(2); os.setuid(1)", "#User=daemon\n#Group=bin\n"),
    ("os.setgid(1); os.setuid(1)", "#User=daemon\n"),
    ("os.fork() or os.setuid(2); os.getuid() or os.setuid(1)", "#User=\n"),
])
def test_the_user_that_it_always_becomes_is_named(learn, tmp_path, steps, hint):
    need_root()
    profile = tmp_path / "user.profile"
    done = learn("-q", "-o", profile, "--", "/usr/bin/python3", "-ISc", f"import os; {steps}")
    assert done.returncode == 0, done.stderr
    text = learn("emit", "systemd", profile).stdout
    assert f"\n{hint}" in text and text.count("#Group=") == hint.count("#Group=")


def test_what_is_no_unit_is_one_clear_message(learn, tmp_path):
    for wrong, what in (("/nowhere/at/all", "No such file"), (SERVER, "no unit file")):
        done = learn("emit", "systemd", f"--unit={wrong}", SERVER)
        assert done.returncode == 2 and what in done.stderr.splitlines()[-1] and not done.stdout
    for options in (["--systemd=new"], ["--view=some"]):
        done = learn("emit", "systemd", *options, SERVER)
        assert done.returncode == 2 and done.stderr.startswith("learn: ") and not done.stdout
    assert learn("emit", "bpf", "--addresses", SERVER).returncode == 2
