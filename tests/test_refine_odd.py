# SPDX-License-Identifier: GPL-3.0-or-later
"""learn refine with tests that behave badly, and with states that are not what they should be."""

import ctypes
import os
import pty
import re
import signal
import subprocess
import termios

import pytest

from conftest import environment
from refinements import decisions, refine  # pylint: disable=unused-import

QUICK = ["-q", "--refine=net", "--budget=1"]


@pytest.mark.parametrize("options", [[], ["--from-nothing"]], ids=["traced", "untraced"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_its_own_group_is_the_tests_alone(refine, number, options):
    refine("sh", "-c", f"kill -{int(number)} 0; sleep 5", start_new_session=True,
           options=[*QUICK, f"--expect={128 + number}", *options])


def test_a_test_may_begin_a_session(refine):
    """As it may without us: it leads no group."""
    refine("/usr/bin/python3", "-I", "-S", "-c", "import os; os.setsid()", options=QUICK)


def said_on_a_terminal(words):
    """The exit status of a command on a terminal of its own, what it said there, and whether the
    terminal still echoes."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(words[0], [str(word) for word in words], environment())
    said = b""
    try:
        while chunk := os.read(terminal, 4096):
            said += chunk
    except OSError:
        pass # its end is closed
    _, status = os.waitpid(pid, 0)
    echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode(), echoes


def test_progress_tells_how_much_there_may_be_to_do(learn_path, tmp_path, target):
    status, said, _ = said_on_a_terminal([learn_path, "refine", "--refine=calls", "-o",
                                          tmp_path / "refined", "--", target("some-calls"), "12",
                                          "3", "3"])
    assert status == 0
    told = [tuple(map(int, match)) for match in re.findall(
        r"round (\d+): \d+ of \d+ rules dropped; at most about (\d+) rounds, \d+:\d\d to go", said)]
    last = told[-1][0]
    assert len(told) > 20
    assert all(done + left >= last for done, left in told[:5]), told
    assert all(0.6 * last < done + left < 3 * last for done, left in told), told


def test_the_terminal_is_out_of_a_tests_reach(learn_path, tmp_path):
    status, said, echoes = said_on_a_terminal([learn_path, "refine", "-q", "--refine=net", "-o",
                                               tmp_path / "refined", "--", "sh", "-c",
                                               "stty -echo </dev/tty"])
    assert status == 2 and "no terminal" in said and echoes


@pytest.mark.parametrize("options, verdict", [
    ([], "dropped"), (["--stdout=same"], "needed"),
], ids=["welcome", "not welcome"])
def test_drift_is_welcome_but_in_output_that_must_be_the_same(refine, target, options, verdict):
    code = "import os\ntry: os.getpgid(0); print('one')\nexcept OSError: print('two')"
    _, result = refine("/usr/bin/python3", "-I", "-S", "-c", code,
                       options=["-q", "--refine=calls", "--keep-implied", "--allow-drift",
                                *options])
    assert decisions(result)["call", "getpgid", ""]["verdict"] == verdict


def test_each_run_reads_the_file_that_is_given_as_input(learn, learn_path, tmp_path):
    words = ["refine", *QUICK, "-o", tmp_path / "refined", "--", "sh", "-c",
             'read word; [ "$word" = hello ]']
    (tmp_path / "input").write_text("hello\n")
    with open(tmp_path / "input", encoding="ascii") as given:
        done = subprocess.run([learn_path, *map(str, words)], stdin=given, env=environment(),
                              timeout=60, check=False)
    assert done.returncode == 0
    (tmp_path / "refined.rounds").unlink()
    done = learn(*words)
    assert done.returncode == 2 and "for input what is in a file or nothing" in done.stderr


def test_what_before_leaves_behind_is_not_waited_for(refine, tmp_path):
    pids = tmp_path / "pids"
    try:
        refine("true", options=[*QUICK, f"--before=sleep 300 & echo $! >>{pids}"], timeout=60)
    finally:
        for pid in pids.read_text().split():
            os.kill(int(pid), signal.SIGKILL)


def verdicts(path):
    return {key: (d["verdict"], d.get("answer")) for key, d in decisions(path).items()}


def test_jobs_with_directories_of_their_own_come_to_the_same_result(learn, refine, tmp_path):
    test = ["sh", "-c", ': >"d.$LEARN_JOB/x"']
    before = '--before=rm -rf "d.$LEARN_JOB"; mkdir "d.$LEARN_JOB"'
    one, three = [refine(*test, name=f"jobs{jobs}", cwd=tmp_path,
                         options=["-q", "--refine=paths", f"--jobs={jobs}", before])[1]
                  for jobs in (1, 3)]
    own = {key for key in verdicts(three) if key[1].startswith(f"{tmp_path}/d.")}
    assert {name for _, name, _ in own} == {f"{tmp_path}/d.{i}" for i in range(3)}
    assert all("some of the jobs" in decisions(three)[key]["why"] for key in own)
    assert {key: said for key, said in verdicts(three).items() if key not in own} == \
        {key: said for key, said in verdicts(one).items() if key not in own}
    for job in ("0", "2"):
        done = learn("run", three, "--", *test, cwd=tmp_path, env={"LEARN_JOB": job})
        assert done.returncode == 0


def test_a_test_that_does_not_pass_beside_itself_is_refused(refine, tmp_path):
    done, _ = refine("sh", "-c", "mkdir d && sleep 0.2 && rmdir d", status=2, cwd=tmp_path,
                     options=["--jobs=3"])
    assert "beside itself" in done.stderr


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_budget_of_rounds_is_kept(refine, target, jobs):
    done, _ = refine(target("some-calls"), "12", "5", "3",
                     options=["--refine=calls", "--budget=9", f"--jobs={jobs}"])
    assert " undisturbed, 9 rounds" in done.stdout


@pytest.mark.skipif(ctypes.CDLL(None).syscall(444, None, 0, 1) < 6,
                    reason="landlock here knows no scopes")
def test_a_scope_is_confined_where_nothing_needs_to_reach_out(learn, refine):
    outside = subprocess.Popen(["sleep", "300"])
    def test(after):
        code = f"import os\ntry: os.kill({outside.pid}, 0)\nexcept OSError: {after}"
        return ["/usr/bin/python3", "-I", "-S", "-c", code]
    try:
        options = ["-q", "--refine=net"]
        _, needed = refine(*test("raise"), options=options, name="needed")
        _, dropped = refine(*test("pass"), options=options, name="dropped")
        denied = learn("run", dropped, "--", *test("os._exit(7)"))
        let = learn("run", "--allow=scope:signal", dropped, "--", *test("os._exit(7)"))
    finally:
        outside.kill()
        outside.wait()
    assert ("scope", "signal", "") in decisions(needed, "needed")
    assert ("scope", "signal", "") in decisions(dropped, "dropped")
    assert [denied.returncode, let.returncode] == [7, 0]


# ---- states ----

def test_a_state_that_is_no_file_is_refused(refine, tmp_path):
    os.mkfifo(tmp_path / "refined.rounds")
    done, _ = refine("true", status=2, timeout=30)
    assert "is no regular file" in done.stderr


def test_half_a_state_is_refused_with_what_to_do(refine, tmp_path):
    refine("true", options=QUICK)
    (tmp_path / "refined.undisturbed").unlink()
    done, _ = refine("true", options=QUICK, status=2)
    assert "remove" in done.stderr and "refined.rounds" in done.stderr


def test_a_command_that_is_not_there_is_named(refine):
    done, _ = refine("no-such-command", status=2)
    assert "cannot execute 'no-such-command'" in done.stderr
