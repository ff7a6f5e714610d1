# SPDX-License-Identifier: GPL-3.0-or-later
"""What `learn run` says of a denial is right, and the command that it suggests allows it."""

import json
import os
import platform
import re
import signal
import subprocess
import sys
import textwrap

import pytest

from conftest import SIGSYS_STATUS, SKIPPED, environment, free_port, need, need_root, run
from programs import PROGRAMS

BY_NAME = {program.name: program for program in PROGRAMS}
PYTHON = [sys.executable, "-I", "-S", "-B", "-c"]
ACTIONS = ["kill", "trap", "errno:EPERM", "log"]


def suggested(done):
    """The last command line that a report suggests."""
    found = re.findall(r"^learn:   to allow it: (.*)$", done.stderr, re.M)
    assert found, done.stderr
    return found[-1]


def type_in(line, **more):
    """Has a shell run a suggested command line, as a person would."""
    return run(["sh", "-c", line], **more)


def denied(done):
    """The calls that were denied, in the order of their reports."""
    return re.findall(r"^learn: (?:probably )?denied: (\w+)\(", done.stderr, re.M)


def without_warnings(text):
    return [line for line in text.splitlines() if not line.startswith("learn: warning: ")]


# ---- each call of a policy ----

def names(learn, profile, *options):
    done = learn("emit", "names", *options, profile)
    assert done.returncode == 0, done.stderr
    return set(re.findall(r"^(\w+)$", done.stdout, re.M))


def without_call(profile, call, to):
    """The profile with no evidence of the call."""
    text = json.loads(profile.read_text())
    for program in text["programs"]:
        for phase in program["phases"].values():
            for arch, calls in phase["calls"].items():
                phase["calls"][arch] = [c for c in calls if c["name"] != call]
    to.write_text(json.dumps(text))
    return to


# Where the first is answered with ENOSYS, a library makes the second, which may lack as well.
FALLBACKS = {"clone3": "clone", "faccessat2": "faccessat", "openat2": "openat",
             "statx": "newfstatat"}


class Lacking:
    """A program under its policy less one call."""

    def __init__(self, learn_path, learn, recording, program, call, tmp_path):
        self.program, self.call, self.learn = program, call, learn
        self.recorded = recording(program)
        profile = without_call(self.recorded.profile, call, tmp_path / f"no {call}")
        self.allowed = names(learn, profile)
        self.options = [f"--deny={call}"] if call in self.allowed else []
        self.done = program.run(self.recorded.work, learn_path, "run", *self.options, profile, "--")

    def is_right(self):
        """That what was denied is the call, or else that nothing was missing."""
        plain, calls = self.recorded.plain, denied(self.done)
        if not calls:
            return (self.done.returncode, self.done.stdout) == (0, plain.stdout)
        place = re.search(r"^learn:   from: \S+\+0x[0-9a-f]+$", self.done.stderr, re.M)
        return place and set(calls) <= {self.call, FALLBACKS.get(self.call)}

    def is_mended(self):
        """That the program works by the command that was suggested."""
        if not denied(self.done):
            return True
        line = suggested(self.done)
        work = self.recorded.work
        again = self.program.run(work, "sh", "-c", f"[ $# -gt 0 ] && {line}", "sh")
        plain = self.recorded.plain
        return (again.returncode, again.stdout, without_warnings(again.stderr)) == \
            (0, plain.stdout, plain.stderr.splitlines())


def check_each_call(program, calls, learn_path, learn, recording, tmp_path):
    wrong, stopped = [], 0
    for call in calls:
        lacking = Lacking(learn_path, learn, recording, program, call, tmp_path)
        stopped += bool(denied(lacking.done))
        if not lacking.is_right() or not lacking.is_mended():
            wrong.append((call, lacking.is_right(), lacking.done.returncode, lacking.done.stderr))
    assert not wrong
    return stopped


def test_a_call_that_the_policy_lacks_is_named_and_the_suggestion_mends_it(
        learn_path, learn, recording, tmp_path):
    program = BY_NAME["ls"]
    calls = ["execve", "openat", "mmap", "getdents64", "ioctl", "statfs", "write", "exit_group"]
    seen = names(learn, recording(program).profile)
    calls = [call for call in calls if call in seen]
    assert check_each_call(program, calls, learn_path, learn, recording, tmp_path) >= 6


@pytest.mark.long
@pytest.mark.parametrize("name", ["ls", "bash", "python"])
def test_each_call_that_the_policy_lacks_is_named_and_the_suggestion_mends_it(
        learn_path, learn, recording, tmp_path, name):
    calls = sorted(names(learn, recording(BY_NAME[name]).profile))
    stopped = check_each_call(BY_NAME[name], calls, learn_path, learn, recording, tmp_path)
    assert stopped > len(calls) / 2


# ---- other things than calls ----

@pytest.fixture
def again(record, learn, learn_path, tmp_path):
    """again(SCRIPT, *ARGS, new=ARGS): Python, recorded with ARGS, run with NEW and then by the
    command line that was suggested, until that suggests no more. Returns both ends; the first
    has all that was said."""
    def both(script, *args, new, options=(), allow=()):
        command = [*PYTHON, textwrap.dedent(script)]
        recorded, profile = record(*command, *args)
        assert recorded.returncode == 0, recorded.stderr
        first = done = learn("run", *options, profile, "--", *command, *new, cwd=tmp_path)
        for _ in range(6):
            if "to allow it: " not in done.stderr:
                break
            done = type_in(suggested(done), cwd=tmp_path)
            first.stderr += done.stderr
        return first, done
    return both


def careful(script):
    """Python that ends with status 1 at an error, without a word."""
    return f"import mmap, os, sys\ntry: {script}\nexcept OSError: os._exit(1)\n"


FCNTL = "import fcntl, sys; fcntl.fcntl(0, int(sys.argv[1]))"


def test_a_value_that_the_policy_lacks_is_named_and_can_be_allowed(again):
    first, last = again(FCNTL, "1", new=["1025"])
    assert first.returncode == SIGSYS_STATUS and "fcntl with argument 2, cmd = F_GETLEASE" in \
        first.stderr
    assert "--allow=fcntl:cmd=F_GETLEASE" in suggested(first)
    assert last.returncode == 0, last.stderr


def test_flags_that_the_policy_lacks_can_be_allowed(again):
    script = "import mmap, sys; mmap.mmap(-1, 4096, prot=int(sys.argv[1]))"
    first, last = again(script, "3", new=["7"])
    assert "PROT_EXEC" in suggested(first) and last.returncode == 0, last.stderr


ODD = "a b'$(c)\"\n\x1b[31mü,:;&"


@pytest.mark.parametrize("script, said", [
    ("open(sys.argv[1]).read()", "READ_FILE"),
    ("os.listdir(os.path.dirname(sys.argv[1]))", "READ_DIR"),
    ("open(sys.argv[1], 'r+').write('x')", "WRITE_FILE"),
    ("open(sys.argv[1] + 'new', 'w').write('x')", "MAKE_REG"),
    ("os.mkdir(sys.argv[1] + 'new')", "MAKE_DIR"),
    ("os.remove(sys.argv[1])", "REMOVE_FILE"),
    ("os.truncate(sys.argv[1], 0)", "TRUNCATE"),
    ("os.rename(sys.argv[1], sys.argv[1] + 'new')", "MAKE_REG"),
    ("os.symlink('x', sys.argv[1] + 'new')", "MAKE_SYM"),
    ("os.makedirs(sys.argv[1] + 'd', exist_ok=True); "
     "os.rename(sys.argv[1], sys.argv[1] + 'd/x')", "REFER"),
], ids=lambda value: value if value.isupper() else "")
def test_a_path_that_the_policy_lacks_is_named_and_can_be_allowed(again, tmp_path, script, said):
    for place in ("seen", "other" + ODD):
        (tmp_path / place).mkdir()
        (tmp_path / place / "file").write_text("text")
    seen, other = tmp_path / "seen" / "file", tmp_path / f"other{ODD}" / "file"
    # Both ways of a script are in the evidence for calls; the other directory is not.
    first, last = again(careful(script), seen, new=[other])
    if "landlock ABI" in first.stderr:
        pytest.skip("landlock is too old here: " + first.stderr)
    assert first.returncode == 1, first.stderr
    told = [line for line in first.stderr.splitlines() if line.startswith("learn: probably denied")]
    assert told and "EACCES" in told[0] or "EXDEV" in told[0], first.stderr
    assert "\x1b" not in first.stderr
    assert said in first.stderr
    assert last.returncode == 0, last.stderr


def test_a_failure_that_is_not_the_policys_is_not_reported(record, learn, public_dir, as_nobody):
    (public_dir / "secret").write_text("text")
    os.chmod(public_dir / "secret", 0)
    script = ["sh", "-c", f"cat {public_dir}/secret; cat {public_dir}/none; cat /etc/passwd"]
    run(as_nobody(as_nobody.learn, "-o", "p", "--", *script), cwd=as_nobody.home)
    done = run(as_nobody(as_nobody.learn, "run", "p", "--", *script), cwd=as_nobody.home)
    assert "Permission denied" in done.stderr and not denied(done), done.stderr


PORT = """
    import socket, sys
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", int(sys.argv[1])))
    """


def test_a_port_that_the_policy_lacks_is_named_and_can_be_allowed(again):
    port = str(free_port())
    first, last = again(PORT, str(free_port()), new=[port])
    if "landlock ABI" in first.stderr:
        pytest.skip("landlock is too old here: " + first.stderr)
    assert f"{{AF_INET 127.0.0.1 port {port}}}" in first.stderr
    assert f"--allow=tcp:bind:{port}" in suggested(first) and last.returncode == 0, last.stderr


def test_a_signal_to_the_outside_is_named_and_can_be_allowed(again):
    script = "import os, sys; os.kill(int(sys.argv[1]) or os.getpid(), 0)"
    with subprocess.Popen(["sleep", "60"]) as outside:
        first, last = again(script, "0", new=[str(outside.pid)])
        outside.kill()
    if "landlock ABI" in first.stderr:
        pytest.skip("landlock is too old here: " + first.stderr)
    assert "scope:signal" in suggested(first) and last.returncode == 0, last.stderr


LIMITS = {
    "NOFILE": ("n = [open('/dev/null') for _ in range(int(sys.argv[1]))]", "3", "60", "20"),
    "AS": ("b = mmap.mmap(-1, int(sys.argv[1]) << 20)", "1", "900", "400000000"),
    "DATA": ("b = mmap.mmap(-1, int(sys.argv[1]) << 20, flags=mmap.MAP_PRIVATE)", "1", "400",
             "50000000"),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_that_is_too_low_is_named_and_can_be_raised(again, limit):
    script, few, many, value = LIMITS[limit]
    first, last = again(careful(script), few, new=[many],
                        options=[f"--deny=limit:{limit}={value}"])
    assert first.returncode == 1 and f"rule: the limit {limit} is {value}" in first.stderr
    assert last.returncode == 0, last.stderr


def test_a_file_that_grows_past_a_limit_from_outside_is_told_apart(record, learn_path, tmp_path):
    # The interpreter ignores SIGXFSZ.
    script = PYTHON + ["import os, signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); "
                       "os.write(1, b'x' * 4096); os.write(1, b'x')"]
    _, profile = record(*script)
    with open(tmp_path / "out", "wb") as out:
        done = run([need("prlimit"), "--fsize=4096", learn_path, "run", profile, "--", *script],
                   stdout=out)
    assert done.returncode == 128 + signal.SIGXFSZ
    assert "the limit FSIZE is 4096, which is not the policy's" in done.stderr


# ---- what happens to the call ----

@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_does_the_same_with_and_without_somebody_who_watches(recording, learn_path,
                                                                       action):
    program = BY_NAME["ls"]
    recorded = recording(program)
    options = [f"--action={action}", "--deny=getdents64"]
    watched = program.run(recorded.work, learn_path, "run", *options, recorded.profile, "--")
    alone = program.run(recorded.work, learn_path, "run", *options, "--exec", recorded.profile,
                        "--")
    assert denied(watched) == ["getdents64"] and not denied(alone)
    status = alone.returncode if alone.returncode >= 0 else 128 - alone.returncode
    assert (watched.returncode, watched.stdout) == (status, alone.stdout)


def test_nobody_is_left_behind_by_exec(record, learn_path, learn):
    script = ["sh", "-c", "echo $PPID"]
    _, profile = record(*script)
    for options, same in (([], False), (["--exec"], True)):
        with subprocess.Popen([learn_path, "run", *options, profile, "--", *script],
                              stdout=subprocess.PIPE, env=environment(), text=True,
                              stderr=subprocess.DEVNULL) as process:
            told = process.communicate()[0]
        assert (told.strip() == str(os.getpid())) == same


def test_exec_says_what_cannot_be_executed(record, learn, tmp_path):
    _, profile = record("true")
    for command, status in (("no-such-program", 127), (tmp_path, 126), ("mkdir", 126)):
        done = learn("run", "--exec", profile, "--", command)
        assert done.returncode == status, done.stderr
        assert str(command) in done.stderr or command == "mkdir"


STORM = """
    import ctypes, os, sys
    call = ctypes.CDLL(None, use_errno=True).syscall
    if len(sys.argv) > 1:
        for i in range(int(sys.argv[1])):
            assert call(104) == -1 and ctypes.get_errno() == 1  # getgid
    """


def test_a_storm_of_denials_is_told_once_and_counted(record, learn):
    if platform.machine() != "x86_64":
        pytest.skip("the call is x86-64's")
    script = [sys.executable, "-I", "-S", "-B", "-c", textwrap.dedent(STORM)]
    _, profile = record(*script)
    done = learn("run", "--action=errno:EPERM", "--deny=getgid", profile, "--", *script, "20000")
    assert done.returncode == 0, done.stderr
    assert denied(done) == ["getgid"]
    assert re.search(r"^learn: denied 2000\d times: getgid", done.stderr, re.M)


# ---- odd places ----

@pytest.mark.parametrize("name, call", [("vfork", "execve"), ("threads", "futex"),
                                        ("exec-thread", "execve"), ("exec-chain", "execve")])
@pytest.mark.parametrize("action", ["kill", "errno:EPERM"])
def test_a_denial_is_reported_wherever_it_happens(record, learn, target, name, call, action):
    _, profile = record(target(name))
    plain = learn("run", profile, "--", target(name))
    assert plain.returncode == 0 and not denied(plain), plain.stderr
    text = json.loads(profile.read_text())
    for program in text["programs"]:
        for phase in program["phases"].values():
            for arch, calls in phase["calls"].items():
                phase["calls"][arch] = [c for c in calls if c["name"] != "wait4"]
    profile.write_text(json.dumps(text))
    done = learn("run", f"--action={action}", profile, "--", target(name))
    assert not denied(done) or denied(done)[0] == "wait4"


LEADERLESS = r"""
#include <pthread.h>
#include <unistd.h>
static void *thread(void *arg)
{
	usleep(100000);
	return arg && getgid() == 0 ? NULL : arg;
}
int main(void)
{
	pthread_t id;
	pthread_create(&id, NULL, thread, &id);
	pthread_exit(NULL);
}
"""


def test_a_denial_in_a_process_whose_first_thread_has_ended_has_its_place(record, learn, tmp_path):
    program = tmp_path / "program"
    done = run([need("gcc"), "-pthread", "-x", "c", "-o", program, "-"], input=LEADERLESS)
    assert done.returncode == 0, done.stderr
    _, profile = record(program)
    done = learn("run", "--deny=getgid", profile, "--", program)
    assert re.search(r"denied: getgid\(\) in process \d+ \(%s\), thread" % program, done.stderr), \
        done.stderr
    assert re.search(r"from: libc\S*!getgid\+0x", done.stderr), done.stderr


def test_a_32_bit_call_is_denied_and_the_profile_can_be_taught(record, learn, target, tmp_path):
    done, profile = record(target("int80"))
    if done.returncode == SKIPPED:
        pytest.skip("no 32-bit calls here")
    text = json.loads(profile.read_text())
    for program in text["programs"]:
        for phase in program["phases"].values():
            phase["calls"].pop("x86", None)
    profile.write_text(json.dumps(text))
    done = learn("run", profile, "--", target("int80"))
    assert done.returncode == SIGSYS_STATUS
    assert re.search(r"denied: \w+\(.*\) \[x86\] in process", done.stderr), done.stderr
    line = re.search(r"to add what the program does to the profile: (.*)", done.stderr)[1]
    taught = type_in(line)
    assert taught.returncode == 0, taught.stderr
    done = learn("run", profile, "--", target("int80"))
    assert done.returncode == 0, done.stderr


def test_a_file_that_was_replaced_is_found_out(record, learn, tmp_path):
    file = tmp_path / "file"
    file.write_text("old")
    script = [*PYTHON, careful("open(sys.argv[1]).close(); "
                               "len(sys.argv) < 3 or os.replace(sys.argv[2], sys.argv[1]); "
                               "open(sys.argv[1]).close()")]
    _, profile = record(*script, file)
    (tmp_path / "new").write_text("new")
    options = ["--paths=exact", f"--allow=path:{tmp_path}/:cd", "--allow=rename"]
    done = learn("run", *options, profile, "--", *script, file, tmp_path / "new")
    assert done.returncode == 1 and "holds for the file that was there" in done.stderr, done.stderr
    (tmp_path / "new").write_text("new")
    done = type_in(suggested(done))
    assert done.returncode == 0, done.stderr


# ---- a new version of a program ----

OLD = r"""
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
	close(open("/etc/passwd", O_RDONLY));
	return write(1, "done\n", 5) != 5;
}
"""
NEW = r"""
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	struct sockaddr_in at = { AF_INET, htons(atoi(argv[2])), { htonl(INADDR_LOOPBACK) } };
	int s = socket(AF_INET, SOCK_STREAM, 0), one = 1, n;
	int fd = open(argv[1], O_RDWR | O_CREAT, 0600);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(s, (struct sockaddr *)&at, sizeof(at)) || listen(s, 1))
		return 3;
	if (ioctl(0, FIONREAD, &n) || mmap(0, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		return 4;
	if (!fork())
		execl("/bin/true", "true", NULL);
	wait(&n);
	close(open("/etc/hostname", O_RDONLY));
	return n || argc != 3 || write(1, "done\n", 5) != 5;
}
"""


def test_what_a_new_version_needs_is_told_and_the_profile_that_comes_of_it_runs_it(
        record, learn, tmp_path):
    program, file, port = tmp_path / "program", tmp_path / "data" / "file", free_port()
    file.parent.mkdir()

    def build(source):
        done = run([need("gcc"), "-x", "c", "-o", program, "-"], input=source)
        assert done.returncode == 0, done.stderr
    build(OLD)
    _, profile = record(program, input="text")
    build(NEW)
    command = [program, file, str(port)]
    assert learn("run", profile, "--", *command, input="text").returncode != 0
    seen = tmp_path / "seen"
    done = learn("run", f"--observe={seen}", profile, "--", *command, input="text")
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    told = re.findall(r"^learn: would be denied: (\w+)\(", done.stderr, re.M)
    assert {"socket", "bind", "listen", "ioctl", "mmap", "wait4"} <= set(told)
    assert "PROT_EXEC" in done.stderr and f"TCP port {port}" in done.stderr
    assert learn("run", profile, "--", *command, input="text").returncode != 0
    merged = tmp_path / "merged"
    assert learn("merge", "-o", merged, profile, seen).returncode == 0
    for path in (file, tmp_path / "data" / "file"):
        path.unlink(missing_ok=True)
        done = learn("run", merged, "--", *command, input="text")
        assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    done = learn("run", "--observe", merged, "--", *command, input="text")
    assert "learn: 0 kinds of denials" in done.stderr, done.stderr


def test_an_observed_run_adds_to_the_profile_in_use(record, learn):
    _, profile = record("true")
    assert learn("run", profile, "--", "ls", "/").returncode == 126
    done = learn("run", "--observe", profile, "--", "ls", "/")
    assert done.returncode == 0 and "would be denied: execve" in done.stderr
    assert learn("run", profile, "--", "ls", "/").stdout == done.stdout
    assert learn("run", profile, "--", "true").returncode == 0


def test_options_that_do_not_go_together_are_refused(record, learn):
    _, profile = record("true")
    for words in (["--exec", "--observe", profile], ["--observe", "-"]):
        done = learn("run", *words, "--", "true", input=profile.read_text())
        assert done.returncode == 125 and "--observe" in done.stderr
    assert learn("run", "--observe=/etc/passwd", profile, "--", "true").returncode == 125


# ---- capabilities ----

CAPABILITIES = ["sed", "-n", "s/^Cap\\(Prm\\|Eff\\|Bnd\\):\t//p", "/proc/self/status"]


def test_root_keeps_the_capabilities_that_were_needed_and_no_others(record, learn):
    need_root()
    _, profile = record(*CAPABILITIES)

    def sets(*options):
        done = learn("run", *options, profile, "--", *CAPABILITIES)
        assert done.returncode == 0, done.stderr
        return [int(word, 16) for word in done.stdout.split()]
    assert sets() == [0, 0, 0]
    assert sets("--allow=capability:CAP_NET_RAW") == [1 << 13] * 3
    assert sets("--layers=calls,files,limits") == [int(word, 16) for word in
                                                   run(CAPABILITIES).stdout.split()]


def test_a_service_that_gives_up_root_works_with_what_is_left(record, learn):
    need_root()
    command = [need("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", "id", "-u"]
    recorded, profile = record(*command)
    done = learn("run", profile, "--", *command)
    assert (done.returncode, done.stdout) == (0, recorded.stdout) == (0, "65534\n"), done.stderr


@pytest.mark.parametrize("layers, status", [("calls", SIGSYS_STATUS), ("files,limits", 0)])
def test_layers_are_enforced_one_by_one(recording, learn_path, layers, status):
    program = BY_NAME["ls"]
    done = program.run(recording(program).work, learn_path, "run", "--deny=getdents64",
                       f"--layers={layers}", recording(program).profile, "--")
    assert done.returncode == status, done.stderr


def test_a_layer_that_there_is_not_is_refused(recording, learn):
    profile = recording(BY_NAME["ls"]).profile
    for layers in ("", "calls,", "filters", "calls,,files"):
        done = learn("run", f"--layers={layers}", profile, "--", "ls")
        assert done.returncode == 125 and "none of calls, files" in done.stderr
