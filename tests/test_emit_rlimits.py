# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource limits hold in each of their forms: the use that was seen fits, one more does not."""

import os
import re
import resource
import shlex
import shutil

import pytest

import policies
from conftest import need, run

STRICT = ["-Wall", "-Wextra", "-Werror"]
CC = shlex.split(os.environ.get("CC", "cc"))

# Prints the limit that it can still open descriptors up to.
OPENER = """\
import os, sys
want = int(sys.argv[1])
while True:
    fd = os.open("/dev/null", os.O_RDONLY)
    if fd >= want - 1:
        break
"""


UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "s": 1}
LINE = re.compile(r"\{ RLIMIT_(\w+), (\d+) \}, /\* peak (\d+)(?: \w+| \(.*?\))?( rounded up,)?"
                  r"(?: and (\d+)%| and ([\d.]+)(?: (\w+))?)? more(, rounded up)?: ")


def test_how_a_limit_follows_from_its_peak_is_what_is_said(record, learn):
    """Of each limit that is not the peak itself: what was added to it, and that it was rounded."""
    _, profile = record("sh", "-c", "echo x >/dev/null")
    rows = LINE.findall(learn("emit", "rlimits", profile).stdout)
    assert {"CPU", "DATA", "STACK", "AS"} <= {row[0] for row in rows}, rows
    for name, value, peak, first, percent, more, unit, rounded in rows:
        value, peak = int(value), int(peak)
        peak += -peak % (1 << 20) if first else 0
        added = peak * int(percent) // 100 if percent else float(more) * UNITS[unit or "B"]
        left = value - peak - added
        assert 0 <= left < 1 << 20 and (left == 0) == (not rounded), (name, value, peak, added)


def test_the_launcher_says_why_it_cannot_execute(tmp_path):
    (tmp_path / "none").write_text("")
    words = launcher("c", "limit NOFILE 64\n", tmp_path)
    for name, status, why in (("absent", 127, "No such file"), ("none", 126, "Permission denied")):
        done = run([*words, tmp_path / name])
        assert done.returncode == status
        assert f"{tmp_path / name}: {why}" in done.stderr


def launcher(form, text, directory):
    """The words that run a command under the policy's limits."""
    if form == "c":
        (directory / "limits.c").write_bytes(policies.emit(text, "rlimits", "main", "c"))
        done = run([*CC, *STRICT, "-o", directory / "limits", directory / "limits.c"])
        assert done.returncode == 0, done.stderr
        return [directory / "limits"]
    shell = "dash" if form == "dash" else "bash --posix" if form == "bash" else "sh"
    words = shell.split()
    if form == "prlimit":
        need("prlimit")
    if not shutil.which(words[0]):
        pytest.skip(f"no {words[0]} here")
    script = directory / "limits.sh"
    script.write_bytes(policies.emit(text, "rlimits", "prlimit" if form == "prlimit" else "sh"))
    return [*words, script]


FORMS = ["c", "dash", "bash", "prlimit"]


@pytest.mark.parametrize("form", FORMS)
def test_the_limit_holds_and_one_step_lower_fails(form, tmp_path):
    python = need("python3")
    opener = tmp_path / "opener.py"
    opener.write_text(OPENER)
    for limit, wanted in ((40, 0), (39, 1)):
        run_limited = launcher(form, f"limit NOFILE {limit}\n", tmp_path)
        done = run([*run_limited, python, opener, "40"])
        assert done.returncode == wanted, done.stderr
        assert ("Too many open files" in done.stderr) == bool(wanted)


SHOW = """\
import resource
for name in ("CPU", "FSIZE", "DATA", "STACK", "CORE", "NPROC", "NOFILE", "MEMLOCK", "AS"):
    print(name, *resource.getrlimit(getattr(resource, "RLIMIT_" + name)))
"""
LIMITS = {"CPU": 1000, "FSIZE": 512 * 4096 + 1, "DATA": (1 << 33) + 1, "STACK": 8 << 20,
          "CORE": 0, "NOFILE": 100, "AS": 1 << 34, "NPROC": 1000}
SHELL_UNITS = {"FSIZE": 512, "DATA": 1024}  # a shell's limit is rounded up to them


@pytest.mark.parametrize("form", FORMS)
def test_every_limit_arrives_with_its_unit(form, tmp_path):
    python = need("python3")
    text = "".join(f"limit {name} {value}\n" for name, value in LIMITS.items())
    done = run([*launcher(form, text, tmp_path), python, "-c", SHOW])
    assert done.returncode == 0, done.stderr
    shown = {name: (int(soft), int(hard)) for name, soft, hard in
             (line.split() for line in done.stdout.splitlines())}
    for name, value in LIMITS.items():
        _, hard = resource.getrlimit(getattr(resource, "RLIMIT_" + name))
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        unit = SHELL_UNITS.get(name, 1) if form in ("dash", "bash") else 1
        assert shown[name][1] == -(-value // unit) * unit, name


@pytest.mark.parametrize("form", FORMS)
def test_a_limit_that_is_lower_already_stays(form, tmp_path):
    python = need("python3")
    words = launcher(form, "limit NOFILE 100\n", tmp_path)
    for before, after in (("50:60", "50 60"), ("50:200", "50 100"), ("200:300", "100 100")):
        done = run(["prlimit", f"--nofile={before}", *words, python, "-c", SHOW])
        assert f"NOFILE {after}" in done.stdout.splitlines(), done.stdout + done.stderr


@pytest.mark.parametrize("form", FORMS)
def test_who_may_not_raise_a_limit_can_use_them_all_the_same(form, as_nobody):
    need("prlimit")
    text = "limit NOFILE 100\nlimit NICE 30\nlimit RTPRIO 50\nlimit MEMLOCK 8192\n"
    words = launcher(form, text, as_nobody.home)
    done = run(["prlimit", "--nice=0:0", "--rtprio=0:0", "--memlock=4096:4096", "--",
                *as_nobody(*words, "sh", "-c", "ulimit -n; ulimit -l")])
    assert (done.returncode, done.stdout) == (0, "100\n4\n"), done.stderr


@pytest.mark.parametrize("form", FORMS)
def test_a_policy_without_limits_limits_nothing(form, tmp_path):
    assert run([*launcher(form, "", tmp_path), "true"]).returncode == 0


@pytest.mark.parametrize("form", ["sh", "prlimit"])
def test_no_name_in_a_profile_can_become_a_command(form, tmp_path):
    evil = policies.hexed("x\ntouch evil\r$(touch evil)`touch evil` \\\n")
    text = f"limit CORE 0\nprogram {evil}\nnote {evil}\n"
    script = tmp_path / "limits.sh"
    script.write_bytes(policies.emit(text, "rlimits", form))
    assert run(["sh", script, "true"], cwd=tmp_path).returncode == 0
    assert not (tmp_path / "evil").exists()


def test_an_unknown_form_is_refused(learn, record):
    _, profile = record(need("true"))
    done = learn("emit", "rlimits", "--as=csh", profile)
    assert done.returncode == 2 and "'csh'" in done.stderr and not done.stdout
