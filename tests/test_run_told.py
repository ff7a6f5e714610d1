# SPDX-License-Identifier: GPL-3.0-or-later
"""How `learn run` tells of denials: what a call had, what is quiet, and when."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap

import pytest

from calls import number, words
from conftest import SIGSYS_STATUS, environment, need, need_root, run
from denials import denied, suggested, type_in


@pytest.fixture
def made(record, learn, target):
    """made(SEEN, CALLS, *OPTIONS): the calls CALLS under the policy of SEEN."""
    def both(seen, calls, *options):
        _, profile = record(target("call"), *words(seen))
        return learn("run", *options, profile, "--", target("call"), *words(calls))
    return both


SEEN = [("getuid", "b:00"), ("!openat", "cwd", "s:/dev/null", 0)]


def test_a_denied_call_is_told_with_the_arguments_that_it_has_and_no_others(made):
    for calls, told in (
            ([("getsid", 0, 77, 78)], r"getsid\(0\)"),
            ([("getgid", 76, 77, 78)], r"getgid\(\)"),
            ([("!openat", "cwd", "s:/dev/zero", 0, 77)], r'openat\(AT_FDCWD, "/dev/zero", O_RDONLY\)'),
            ([("setpgid", 0, -1, 77)], r"setpgid\(0, -1\)"),
            ([("sched_setparam", 70000, 4096)], r"sched_setparam\(70000, 4096\)"),
            ([("fadvise64", 0, 0x7FFF00000000, 1 << 40, 5)],
             r"fadvise64\(0</dev/null>, 0x7fff00000000, 0x10000000000, \w+\)")):
        done = made(SEEN, calls)
        assert re.search(rf"denied: {told} in process", done.stderr), done.stderr


@pytest.mark.parametrize("options, status", [
    ((), SIGSYS_STATUS), (("--action=trap",), SIGSYS_STATUS), (("--action=errno:EPERM",), 126),
    (("--action=errno:EPERM", "--deny=exit_group"), 126)])
def test_a_command_that_may_not_be_executed_is_told_without_our_own_stack(made, options, status):
    done = made(SEEN, SEEN, "--deny=execve", *options)
    assert done.returncode == status
    assert denied(done) == ["execve"]
    assert "from: learn itself, to execute the command\n" in done.stderr
    assert "learn!" not in done.stderr and not re.search(r"\(.*/learn\)", done.stderr)


def test_an_observed_command_that_may_not_be_executed_is_told_once(record, learn, target, tmp_path):
    _, profile = record(target("call"), *words(SEEN))
    done = learn("run", "--deny=execve", f"--observe={tmp_path / 'seen'}", profile, "--",
                 target("call"), *words(SEEN))
    assert re.findall("would be denied: .*execve", done.stderr) == ["would be denied: execve"]
    assert "from: learn itself" in done.stderr and "learn: 1 kind of denials;" in done.stderr


def test_quiet_is_about_warnings_and_not_about_denials(record, learn):
    _, profile = record("ls", "/")
    done = learn("run", profile, "--", "ls", "/")
    assert "learn: warning: " in done.stderr
    done = learn("run", "-q", profile, "--", "ls", "/")
    assert (done.returncode, done.stderr) == (0, "")
    done = learn("run", "--quiet", "--deny=getdents64", profile, "--", "ls", "/")
    assert denied(done) == ["getdents64"] and "warning:" not in done.stderr
    assert " --quiet " in suggested(done)


READER = """
    import sys
    wrong = 0
    for name in sys.argv[1:]:
        try: open(name).close()
        except OSError: wrong = 1
    sys.exit(wrong)
    """


def test_many_files_are_told_in_bounds_and_their_directory_is_suggested(record, learn, tmp_path):
    script = [sys.executable, "-I", "-S", "-B", "-c", textwrap.dedent(READER)]
    (tmp_path / "seen").touch()
    _, profile = record(*script, tmp_path / "seen")
    many = tmp_path / "many"
    many.mkdir()
    files = [many / f"file{i}" for i in range(120)]
    for file in files:
        file.touch()
    done = learn("run", "-q", profile, "--", *script, *files)
    if "landlock" not in done.stderr:
        pytest.skip("no landlock here")
    assert done.returncode == 1 and len(denied(done)) == 50
    assert "learn: 70 more kinds of denials were not told one by one\n" in done.stderr
    line = re.search("to allow all of them: (.*)", done.stderr)[1]
    assert line.count("--allow=") == 1 and f"--allow=path:{many}/:r" in line
    again = type_in(line)
    assert (again.returncode, again.stderr) == (0, "")
    done = learn("run", "-q", profile, "--", *script, *files[:3])
    assert suggested(done).count("--allow=") == 3


def test_many_files_at_the_top_do_not_make_a_suggestion_for_all_below(record, learn, tmp_path):
    script = [sys.executable, "-I", "-S", "-B", "-c", textwrap.dedent(READER)]
    (tmp_path / "seen").touch()
    _, profile = record(*script, tmp_path / "seen")
    files = [f"/etc/{name}" for name in os.listdir("/etc") if os.path.isfile(f"/etc/{name}")]
    files = [name for name in files if os.access(name, os.R_OK) and not os.path.islink(name)][:20]
    done = learn("run", "-q", profile, "--", *script, *files)
    if "landlock" not in done.stderr:
        pytest.skip("no landlock here")
    assert "path:/etc/:" not in done.stderr and "path:/:" not in done.stderr


# ---- denied on purpose ----

ON_PURPOSE = [("!openat2", "cwd", "s:/dev/null", "b:" + "00" * 24, 24)]


def test_what_gets_enosys_on_purpose_is_told_of_commands_that_fail(made, target):
    done = made(SEEN, ON_PURPOSE)
    assert (done.returncode, done.stdout) == (0, "0 -38\n"), done.stderr
    assert "openat2" not in done.stderr
    must = [("openat2", *ON_PURPOSE[0][1:])]
    done = made(SEEN, must)
    assert done.returncode == 1
    assert re.search(rf"^learn:   openat2 got ENOSYS 1 time in {target('call')}: ", done.stderr,
                     re.M), done.stderr
    again = type_in(re.search("to allow it: (.*)", done.stderr)[1])
    assert (again.returncode, again.stdout) == (0, "0 3\n"), again.stderr


def test_a_number_beyond_all_calls_that_are_known_is_told_of_commands_that_fail(
        record, learn, target):
    _, profile = record(target("call"), *words(SEEN))
    done = learn("run", profile, "--", target("call"), "100000")
    assert done.returncode == 1 and "newer than all calls that are known" in done.stderr


def decided(profile, to, decisions):
    """The profile with calls refined away."""
    text = json.loads(profile.read_text())
    text["decisions"] = [{"about": "call", "name": name, "verdict": "dropped", "covers": 1000,
                          "why": "round 7 without it: TEST passed", **more}
                         for name, more in sorted(decisions.items())]
    to.write_text(json.dumps(text))
    return to


def test_what_was_refined_away_is_quiet_unless_it_kills_or_the_command_fails(
        record, learn, target, tmp_path):
    calls = [("!getuid",), ("getsid", 0)]
    _, profile = record(target("call"), *words(calls))
    refined = decided(profile, tmp_path / "errno", {"getuid": {"answer": "errno:EPERM"}})
    command = [target("call"), *words(calls)]
    done = learn("run", refined, "--", *command)
    assert done.returncode == 0 and done.stdout.startswith("0 -1\n") and not denied(done)
    assert "getuid" not in done.stderr, done.stderr
    done = learn("run", refined, "--", target("call"), str(number("getuid")))
    assert done.returncode == 1
    assert "getuid got EPERM 1 time" in done.stderr and "round 7 without it" in done.stderr
    done = type_in(re.search("to allow it: (.*)", done.stderr)[1])
    assert done.returncode == 0, done.stderr
    killed = decided(profile, tmp_path / "killed", {"getuid": {}})
    done = learn("run", killed, "--", *command)
    assert done.returncode == SIGSYS_STATUS and denied(done) == ["getuid"]
    assert "rule: getuid is not in the policy, refined away: round 7" in done.stderr
    done = learn("run", "--action=errno:EPERM", killed, "--", *command)
    assert done.returncode == 0 and not denied(done) and "getuid" not in done.stderr


def test_what_is_denied_for_other_reasons_hides_what_is_denied_on_purpose(made):
    done = made(SEEN, [*ON_PURPOSE, ("getgid",)])
    assert denied(done) == ["getgid"] and "on purpose" not in done.stderr


def test_rights_that_a_set_user_id_program_does_not_get_are_warned_of(record, learn, public_dir):
    need_root()
    program = public_dir / "id"
    shutil.copy(need("id"), program)
    program.chmod(0o4755)
    command = [need("setpriv"), "--reuid=65534", "--clear-groups", program, "-u"]
    done, profile = record(*command)
    if done.stdout != "0\n":
        pytest.skip("set-user-ID programs gain nothing here")
    for options in ((), ("--exec",)):
        done = learn("run", *options, profile, "--", *command)
        assert (done.returncode, done.stdout) == (0, "65534\n"), done.stderr
        assert re.search(rf"warning: {program} gives rights .* under no_new_privs", done.stderr)


# ---- what cannot be while somebody watches ----

LISTENER = r"""
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { 1, code };
	int flags = argc > 1 ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) < 0;
}
"""


def test_a_listener_that_learn_is_in_the_way_of_is_told(record, learn, tmp_path):
    program = tmp_path / "program"
    done = run([need("gcc"), "-x", "c", "-o", program, "-"], input=LISTENER)
    assert done.returncode == 0, done.stderr
    _, profile = record(program)
    for options, status in (((), 0), (("--action=errno:EPERM",), 1),
                            (("--action=errno:EPERM", "--exec"), 0)):
        done = learn("run", *options, profile, "--", program, "listen")
        assert done.returncode == status, done.stderr
        assert ("asked for a seccomp listener" in done.stderr) == bool(status)


def test_a_program_that_traces_is_told_that_it_cannot(record, learn, target):
    _, profile = record(target("debugger"))
    for options in ((), ("--observe",)):
        done = learn("run", "-q", *options, profile, "--", target("debugger"))
        assert done.returncode == 1 and "asked to trace or to be traced" in done.stderr
    quiet = learn("run", "-q", "--action=log", "--exec", profile, "--", target("debugger"))
    assert (quiet.returncode, quiet.stderr) == (0, "")


MURDER = """
    import os, sys, time
    os.kill(os.getppid(), int(sys.argv[1]))
    time.sleep(60)
    """


def test_a_command_that_kills_its_supervisor_dies_with_it(record, learn_path):
    script = [sys.executable, "-I", "-S", "-B", "-c", textwrap.dedent(MURDER)]
    _, profile = record(*script[:-1], script[-1].replace("time.sleep(60)", "time.sleep(0)"), "0")
    for options in ((), ("--layers=calls",), ("--action=errno:EPERM",)):
        words = [learn_path, "run", *options, "--allow=scope:signal,kill:sig=SIGKILL", profile,
                 "--", *script, str(int(signal.SIGKILL))]
        with subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            # Ends when the last process that has the pipe does.
            said = process.communicate(timeout=30)[1]
        assert process.returncode == -signal.SIGKILL, said
