# SPDX-License-Identifier: GPL-3.0-or-later
"""`learn explain`: every rule of a policy can say why it is there."""

import os
import re
import sys

import pytest

import profiles
from conftest import need_root

NGINX = "samples/nginx/nginx.profile"


@pytest.fixture
def explain(learn):
    def text(profile, *words):
        done = learn("explain", profile, *words)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout
    return text



def test_every_call_of_the_nginx_policy_has_a_function_that_called_it_or_a_reason(
        learn, explain, srcdir):
    text = explain(srcdir / NGINX)
    part = re.search(r"\nSYSTEM CALLS\n(.*?)\n\n[A-Z]", text, re.S)[1]
    answers = dict(re.findall(r"^(\w+) on x86_64\n((?:  .*\n?)+)", part, re.M))
    missing = [call for call, why in answers.items()
               if not re.search(r"^ +(?:first from)? +\S+!\w+\+0x", why, re.M)
               and "implied" not in why and "allowed in any case: " not in why]
    assert not missing
    assert len(answers) > 60
    for call, why in answers.items():
        assert explain(srcdir / NGINX, call).startswith(f"{call} on x86_64\n  allowed: "), call
        reason = re.search(r"implied[\w ]*: (.+)", why)
        assert reason or "/usr/sbin/nginx in " in why, call
    emitted = learn("emit", "libseccomp", srcdir / NGINX).stdout
    allowed = set(re.findall(r"SCMP_SYS\((\w+)\)", emitted))
    denied = set(re.findall(r"^(\w+) on x86_64$", re.search(
        r"\nSYSTEM CALLS WITH AN ANSWER\n(.*?)\n\n[A-Z]", text, re.S)[1], re.M))
    if allowed:
        assert allowed - denied <= set(answers)


def test_a_call_is_explained_with_programs_phases_arguments_errors_counts_and_stacks(
        explain, tmp_path):
    profile = profiles.write(tmp_path / "p", profiles.document())
    assert explain(profile, "ioctl") == """\
ioctl on x86_64
  allowed: seen 5 times in ls
  checked: request is TIOCGWINSZ or TCGETS
    which keeps it from injecting terminal input and driving devices
  /usr/bin/ls in main, 5 times
      request: TIOCGWINSZ (3), TCGETS (2)
      errors: ENOTTY, 599
      first from  libc.so.6!ioctl+0x1f
                  ls!main+0x2
      first from  libc.so.6!tcgetattr+0x4
"""


def test_implied_and_answered_calls_give_their_reason(explain, tmp_path):
    profile = profiles.write(tmp_path / "p", profiles.document())
    assert "  allowed: implied: a process ends with it" in explain(profile, "exit_group")
    assert "  errno:ENOSYS: not seen: a library that tries it" in explain(profile, "clone3")
    assert "--allow=ptrace would allow it" in explain(profile, "ptrace")


def test_paths_limits_ports_and_families_are_explained(explain, record):
    done, profile = record(sys.executable, "-I", "-S", "-c", """
import socket
open("/etc/passwd").close()
s = socket.create_server(("127.0.0.1", 0))
""")
    assert done.returncode == 0
    assert re.search(r"^/etc/passwd\n  allowed: seen once: read\n.*main, once: read /etc/passwd\n",
                     explain(profile, "/etc/passwd"), re.S)
    assert explain(profile, "/etc/passwd").count(" read /etc/passwd\n") == 1
    assert "  denied: no rule" in explain(profile, "/etc/shadow")
    assert "binds 127.0.0.1" in explain(profile, "0")
    assert "--allow=tcp:bind:4711" in explain(profile, "4711")
    assert "--allow=family:AF_X25" in explain(profile, "AF_X25")
    assert "--allow=capability:CAP_SYS_BOOT" in explain(profile, "CAP_SYS_BOOT")
    assert explain(profile, "AF_INET").startswith("AF_INET, seen once\n  allowed: sockets made in")
    assert explain(profile, "AS") == explain(profile, "RLIMIT_AS") != ""
    assert "not limited" in explain(profile, "NOFILE")  # it may have more clients
    whole = explain(profile)
    for what in ("/etc/passwd", "AF_INET", "AS", "exit_group"):
        first = explain(profile, what).splitlines()[0]
        assert first in whole, what


def test_a_file_below_a_directory_that_is_allowed_is_explained_by_the_directory(explain, record,
                                                                                tmp_path):
    new = tmp_path / "new"
    done, profile = record(sys.executable, "-I", "-S", "-c", f"open({str(new)!r}, 'w')")
    assert done.returncode == 0
    assert explain(profile, new).startswith(f"{tmp_path}\n  allowed: ")


def test_a_rule_for_a_directory_is_explained_by_what_it_allows_alone(explain, record, tmp_path):
    held = tmp_path / "held"
    held.write_text("")
    done, profile = record(sys.executable, "-I", "-S", "-c", f"""
import os
os.listdir({str(tmp_path)!r})
open({str(held)!r}).close()
try:
    os.mkdir("/usr")
except FileExistsError:
    pass
""")
    assert done.returncode == 0
    said = explain(profile, tmp_path)
    assert f": list {tmp_path}\n" in said and f" {held}\n" not in said
    assert f": read {held}\n" in explain(profile, held)
    assert ": create_dir /usr, which was there already\n" in explain(profile, "/usr")


def test_what_nobody_knows_is_refused(learn, tmp_path):
    profile = profiles.write(tmp_path / "p", profiles.document())
    done = learn("explain", profile, "no_such_thing")
    assert done.returncode == 2 and "'no_such_thing' is no system call" in done.stderr


def test_an_explanation_is_of_the_policy_that_the_options_make(explain, tmp_path):
    profile = profiles.write(tmp_path / "p", profiles.document())
    assert "allowed by hand" in explain("--allow=ptrace", profile, "ptrace")
    assert "checked" not in explain("--args=none", profile, "ioctl")


def test_capabilities_are_explained_and_a_guess_is_called_one(learn, explain, tmp_path):
    value = profiles.document()
    main = value["programs"][0]["phases"]["main"]
    main["addresses"][0]["port"] = 80
    main["calls"]["x86_64"] += [{"name": "bind", "number": 49, "count": 1, "results": {"ok": 1}},
                                {"name": "chown", "number": 92, "count": 1, "results": {"ok": 1}}]
    profile = profiles.write(tmp_path / "p", value)
    assert explain(profile, "CAP_NET_BIND_SERVICE") == \
        "CAP_NET_BIND_SERVICE\n  allowed: bind to port 80\n" == explain(profile, "cap_net_bind_service")
    assert "  allowed: a guess: chown; not needed" in explain(profile, "CAP_CHOWN")
    assert "not in the policy" in explain(profile, "CAP_SYS_ADMIN")
    shown = learn("show", profile).stdout
    for text in (explain(profile), shown):
        listed = set(re.findall(r"^ *(CAP_\w+)\b", text, re.M))
        assert listed == {"CAP_NET_BIND_SERVICE", "CAP_CHOWN", "CAP_KILL"}
    assert re.search(r"^  CAP_NET_BIND_SERVICE +bind to port 80$", shown, re.M)
    assert re.search(r"^  CAP_CHOWN +a guess: chown", shown, re.M)


@pytest.mark.parametrize("call, number, needed", [("chown", 92, False), ("chmod", 90, True)])
def test_who_changes_no_mode_of_anothers_file_is_not_its_owner(explain, tmp_path, call, number,
                                                              needed):
    need_root()
    owned = tmp_path / "owned"
    owned.write_text("")
    os.chown(owned, 1234, 1234)
    value = profiles.document()
    main = value["programs"][0]["phases"]["main"]
    main["calls"]["x86_64"] += [{"name": call, "number": number, "count": 1, "results": {"ok": 1}}]
    main["paths"].append({"path": str(owned), "did": ["metadata"], "was": ["file"], "count": 1})
    for run in value["runs"]:
        run["uid"] = 0
    said = explain(profiles.write(tmp_path / "p", value), "CAP_FOWNER")
    assert ("has another owner" in said) == needed, said


def test_checks_of_several_arguments_say_that_they_do_not_know_of_each_other(explain, tmp_path):
    value = profiles.document()
    def check(*names):
        return {"values": [{"value": hex(v), "count": 1} for v in names]}
    calls = profiles.main_calls(value)
    calls += [{"name": "socket", "number": 41, "count": 2, "args": [
        {"index": 0, **check(1, 2)}, {"index": 1, **check(1, 2)}, {"index": 2, **check(0)}]},
              {"name": "socketpair", "number": 53, "count": 2, "args": [
        {"index": 0, **check(1)}, {"index": 1, **check(1, 2)}, {"index": 2, **check(0)}]}]
    profile = profiles.write(tmp_path / "p", value)
    assert "never seen together pass" in " ".join(explain(profile, "socket").split())
    assert "together" not in explain(profile, "socketpair")
