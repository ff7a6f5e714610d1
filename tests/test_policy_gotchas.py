# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be different on another machine or another day is named as a warning."""

import json
import os
import shutil
import sys

import pytest

from conftest import need, need_root, run


@pytest.fixture
def warned(record, learn):
    """warned(COMMAND...): the warnings for the policy of a recorded command."""
    def of(*command, env=None):
        done, profile = record(*command, env=env or {})
        assert done.returncode == 0, done.stderr
        return learn("emit", "bpf", profile).stderr
    return of


def test_a_look_up_of_names_warns_of_other_modules(warned):
    need("getent")
    assert "getent looks up names by the modules of nsswitch.conf" in warned("getent", "hosts",
                                                                            "localhost")


def test_a_login_warns_of_other_pam_modules(warned):
    need("su")
    need_root()
    said = warned("su", "-s", "/bin/sh", "-c", "true", "root")
    assert "su uses PAM" in said and "su loads plug-ins such as /" in said


def test_a_program_that_sends_mail_warns_of_the_mail_server(warned, tmp_path):
    sendmail = tmp_path / "sendmail"
    sendmail.write_text("#!/bin/sh\ncat >/dev/null\n")
    sendmail.chmod(0o755)
    script = "import subprocess, sys; subprocess.run([sys.argv[1], '-t'], input=b'To: nobody')"
    assert "sends mail by another program" in warned(sys.executable, "-c", script, sendmail)


def test_a_hook_through_a_shell_warns_of_other_hooks(warned):
    said = warned(sys.executable, "-c", "import os; os.system('true')")
    assert "runs commands through a shell" in said
    assert "runs commands through a shell" not in warned("sh", "-c", "sh -c true")


def test_a_program_that_opens_plug_ins_warns_of_others(warned, tmp_path):
    script = "import ctypes; ctypes.CDLL('libm.so.6')"
    assert "loads plug-ins such as /" in warned(sys.executable, "-c", script)


def test_a_program_that_maps_its_own_file_has_no_plug_in(record, learn, tmp_path):
    _, profile = record("/usr/bin/true")
    content = json.loads(profile.read_text())
    program = content["programs"][0]
    program["libraries"].append({"path": program["path"], "build_id": program["build_id"]})
    profile.write_text(json.dumps(content))
    assert "plug-ins" not in learn("emit", "bpf", profile).stderr


def test_a_program_that_was_changed_since_is_not_taken_for_what_ran(record, learn, tmp_path):
    need("gcc")
    program = tmp_path / "program"
    for options in (["-Wl,--build-id"], ["-static", "-Wl,--build-id"]):
        done = run(["gcc", *options, "-x", "c", "-o", program, "-"], input="int main() { return 0; }")
        assert done.returncode == 0, done.stderr
        if "-static" not in options:
            _, profile = record(program)
    assert "plug-ins" not in learn("emit", "bpf", profile).stderr


def test_a_language_warns_of_others(warned, tmp_path):
    if not os.path.exists("/usr/lib/locale/C.utf8"):
        pytest.skip("this system has no files for C.UTF-8")
    shutil.copytree("/usr/lib/locale/C.utf8", tmp_path / "de_DE.utf8")
    env = {"LC_ALL": "de_DE.UTF-8", "LOCPATH": tmp_path}
    assert "reads files of a language" in warned("ls", "/dev/null", env=env)


def test_several_programs_are_warned_of_in_the_plural(warned):
    need("getent")
    assert "looks up names" in warned("getent", "hosts", "localhost")
    assert "getent, id look up names by" in warned("sh", "-c", "getent hosts localhost; id root")


def test_a_program_with_none_of_it_gets_no_warning(warned):
    assert "learn: warning" not in warned("cat", "/dev/null")
