# SPDX-License-Identifier: GPL-3.0-or-later
"""learn -u: a command is recorded as another user, as su(1) would run it."""

import grp
import json
import os
import pwd

import pytest

from conftest import NOBODY, need, need_root, run


@pytest.fixture
def as_user(learn, public_dir):
    """as_user(USER, COMMAND...): the finished recording; the profile is as_user.profile."""
    need_root()

    def recorded(user, *command, **more):
        return learn("-u", user, "-o", recorded.profile, "--", *command, cwd=public_dir, **more)
    recorded.profile = public_dir / "profile"
    return recorded


def test_the_command_has_the_users_ids_and_groups(as_user):
    su = need("runuser")
    for name in ("nobody", "daemon", "root", str(NOBODY)):
        user = pwd.getpwuid(NOBODY).pw_name if name.isdigit() else name
        plain = run([su, "-u", user, "--", "id"])
        done = as_user(name, "id")
        assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, "")


def test_supplementary_groups_are_the_users_and_not_ours(as_user):
    member = next((group.gr_mem[0] for group in grp.getgrall() if group.gr_mem), "nobody")
    done = as_user(member, "id", "-G")
    assert sorted(map(int, done.stdout.split())) == sorted(
        os.getgrouplist(member, pwd.getpwnam(member).pw_gid))


def test_the_environment_is_that_of_su_without_a_login(as_user):
    names = ("HOME", "SHELL", "USER", "LOGNAME", "PATH", "KEPT")
    script = "; ".join(f'echo "{name}=${name}"' for name in names)
    env = {"KEPT": "yes", "HOME": "/root", "USER": "x", "LOGNAME": "y", "SHELL": "/bin/z"}
    nobody = pwd.getpwnam("nobody")
    done = as_user("nobody", "/bin/sh", "-c", script, env=env)
    assert done.stdout.splitlines() == [
        f"HOME={nobody.pw_dir}", f"SHELL={nobody.pw_shell}", "USER=nobody", "LOGNAME=nobody",
        f"PATH={os.environ['PATH']}", "KEPT=yes"]
    root = pwd.getpwnam("root")
    done = as_user("root", "/bin/sh", "-c", script, env=env)
    assert done.stdout.splitlines()[:4] == [f"HOME={root.pw_dir}", f"SHELL={root.pw_shell}",
                                            "USER=x", "LOGNAME=y"]


def test_files_belong_to_the_user_and_the_profile_to_us(as_user, public_dir):
    home = public_dir / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    done = as_user("nobody", "touch", home / "file")
    assert done.returncode == 0, done.stderr
    assert (home / "file").stat().st_uid == NOBODY
    assert as_user.profile.stat().st_uid == os.geteuid()
    assert json.loads(as_user.profile.read_text())["runs"][0]["uid"] == NOBODY


def test_no_new_privs_is_not_needed_so_set_user_id_programs_work(as_user):
    done = as_user("nobody", "grep", "NoNewPrivs", "/proc/self/status")
    assert done.stdout.split() == ["NoNewPrivs:", "0"]


def test_the_calls_that_change_the_user_are_not_the_commands(as_user, tsv):
    as_user("nobody", "true")
    calls = {row.call for row in tsv(as_user.profile)}
    assert not calls & {"setuid", "setgid", "setgroups", "seccomp"}


def test_an_unknown_user_is_said_and_nothing_runs(as_user, public_dir):
    for name in ("no-such-user", "4000000000", ""):
        done = as_user(name, "touch", public_dir / "ran")
        assert done.returncode == 125
        assert done.stderr.count("\n") == 1 and f"'{name}'" in done.stderr
        assert not (public_dir / "ran").exists() and not as_user.profile.exists()


def test_a_program_that_the_user_may_not_execute_is_126(as_user, public_dir):
    program = public_dir / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    assert as_user("nobody", program).returncode == 126


def test_who_is_not_root_cannot_become_another(as_nobody):
    done = run(as_nobody(as_nobody.learn, "-u", "root", "-o", "p", "--", "id"), cwd=as_nobody.home)
    assert done.returncode == 125
    assert "root" in done.stderr and done.stderr.count("\n") == 1 and done.stdout == ""
    assert os.listdir(as_nobody.home) == []
