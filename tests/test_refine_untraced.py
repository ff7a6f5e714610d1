# SPDX-License-Identifier: GPL-3.0-or-later
"""learn refine --from-nothing: for tests that cannot be traced."""

import json
import os
import signal
import subprocess
import time

import pytest

from conftest import environment, need
from refinements import allowed, decisions, refine, runs, small_dir  # pylint: disable=unused-import


def run_untraced(learn_path, result, test, *options):
    """The status of TEST under the result, without ptrace. What it leaves stopped is killed."""
    words = [learn_path, "run", "--exec", *options, result, "--", *test]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    status = process.wait(timeout=30)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    return status


def test_what_traces_itself_is_refined_from_nothing(learn, learn_path, refine, target):
    """Its calls, paths and limits; and what is left is needed, rule by rule."""
    test = [target("debugger")]
    done, _ = refine(*test, options=["--refine=calls"], status=2, name="traced")
    assert "must pass undisturbed" in done.stderr

    done, result = refine(*test, options=["--from-nothing"])
    left = allowed(learn, result)
    assert {"ptrace", "getpgid"} <= left and "getsid" not in left
    assert ("call", "getsid", "") in decisions(result, "dropped")
    assert ("path", "/etc/ld.so.cache", "") in decisions(result, "dropped")
    assert decisions(result, "lowered", "limit")
    assert [run_untraced(learn_path, result, test) for _ in range(3)] == [0, 0, 0]
    needed = decisions(result, "needed", "call") | decisions(result, "needed", "path")
    assert len(needed) > 10 and ("path", str(test[0]), "") in needed
    for (about, name, detail), d in needed.items():
        if not detail:
            word = f"path:{name}:rwx" if about == "path" else name
            assert run_untraced(learn_path, result, test, f"--deny={word}") != 0 \
                or "--unsafe" in d["why"], name


def test_from_nothing_sees_what_children_and_other_programs_do(learn, refine, small_dir):
    _, result = refine("sh", "-c", f"ls {small_dir} >/dev/null; echo x >{small_dir}/new; true",
                       options=["-q", "--from-nothing", "--budget=1"])
    programs = {p["path"].rsplit("/", 1)[1]: p
                for p in json.loads(result.read_text())["programs"]}
    assert "ls" in programs
    assert "getdents64" in learn("emit", "--no-decisions", "names", result).stdout.split()
    did = {program: {path["path"]: path["did"] for path in programs[program]["phases"]["main"]["paths"]}
           for program in ("ls", "dash")}
    assert did["ls"][str(small_dir)] == ["list"]
    assert "create_file" in did["dash"][f"{small_dir}/new"]
    assert "execute" in did["dash"][programs["ls"]["path"]]
    assert learn("run", "--exec", result, "--", "ls", small_dir).returncode == 0


def test_from_nothing_learns_sockets_and_signals_out_of_the_tree(learn, refine):
    need("python3")
    outside = subprocess.Popen(["sleep", "300"])
    code = ("import os, socket; s = socket.socket(); s.bind(('127.0.0.1', 28461)); "
            f"os.kill({outside.pid}, 0)")
    try:
        _, result = refine("/usr/bin/python3", "-I", "-S", "-c", code,
                           options=["-q", "--from-nothing", "--refine=net"])
    finally:
        outside.kill()
        outside.wait()
    needed = decisions(result, "needed")
    assert {("port", "28461", "bind"), ("family", "AF_INET", ""), ("scope", "signal", "")} \
        <= set(needed)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has capabilities")
def test_from_nothing_keeps_what_no_test_can_judge(refine, target):
    """What happens instead is not seen, so even a capability is kept."""
    _, result = refine(target("careless"), "setuid", options=["-q", "--from-nothing"])
    needed = decisions(result, "needed")
    assert "--unsafe" in needed["call", "setuid", ""]["why"]
    assert "--unsafe" in needed["capability", "CAP_SETUID", ""]["why"]


def test_from_nothing_begins_without_a_profile(learn, record, tmp_path):
    _, profile = record("true")
    done = learn("refine", "--from-nothing", "-o", tmp_path / "refined", profile, "--", "true")
    assert done.returncode == 2 and "without a PROFILE" in done.stderr


def test_from_nothing_ends_what_hangs_and_what_is_left(refine, tmp_path):
    done, _ = refine("sleep", "300", options=["--from-nothing", "--timeout=1"], status=2)
    assert "did not end" in done.stderr
    pids = tmp_path / "pids"
    refine("sh", "-c", f"setsid sleep 300 >/dev/null 2>&1 & sleep 0.2; echo $! >>{pids}",
           options=["-q", "--from-nothing", "--budget=1"])
    left = pids.read_text().split()
    assert len(left) >= 3 and not any(runs(pid) for pid in left)


def test_killed_it_leaves_nothing_running(learn_path, tmp_path):
    pids = tmp_path / "pids"
    process = subprocess.Popen(
        [learn_path, "refine", "--from-nothing", "-o", tmp_path / "refined", "--", "sh", "-c",
         f"sleep 300 & echo $! >>{pids}; sleep 300"], env=environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not pids.exists() or not pids.read_text().endswith("\n"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait()
    while any(runs(pid) for pid in pids.read_text().split()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
