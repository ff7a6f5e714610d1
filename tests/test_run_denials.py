# SPDX-License-Identifier: GPL-3.0-or-later
"""What `learn run` says of a denial is right, and the command that it suggests allows it."""

import json
import os
import platform
import re
import resource
import signal
import socket
import subprocess
import sys
import textwrap

import pytest

from conftest import SIGSYS_STATUS, SKIPPED, environment, free_port, need, need_root, run
from denials import careful, denied, suggested, type_in, without_warnings
from programs import PROGRAMS

BY_NAME = {program.name: program for program in PROGRAMS}
PYTHON = [sys.executable, "-I", "-S", "-B", "-c"]


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


# Where the first is answered with ENOSYS, a library makes the second, which may lack as well, or
# lack the path: without close_range(2), /proc/self/fd is listed.
FALLBACKS = {"clone3": "clone", "faccessat2": "faccessat", "openat2": "openat",
             "statx": "newfstatat", "close_range": "openat"}


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
        # What comes after, a program does because of the first: a shell tells of the death.
        place = (r"learn itself, to execute the command" if calls[0] == "execve"
                 else r"\S+(?:!__restore_rt)?\+0x[0-9a-f]+" if calls[0] == "rt_sigreturn"
                 else r"\S+![\w.]+\+0x[0-9a-f]+")
        first = re.search(r"^learn: (?:probably )?denied: (\w+).*\nlearn:   from: (.*)$",
                          self.done.stderr, re.M)
        return (first and first[1] in (self.call, FALLBACKS.get(self.call)) and
                re.fullmatch(place, first[2]))

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
@pytest.mark.parametrize("name", ["ls", "bash", "git", "lua", "python", "sqlite3"])
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


CONNECT = """
    import socket, sys
    s = socket.socket()
    s.connect_ex(("127.0.0.1", int(sys.argv[1])))
    """


def test_a_port_that_is_connected_to_is_named_and_can_be_allowed(again):
    port = str(free_port())
    first, last = again(CONNECT, str(free_port()), new=[port])
    if "landlock ABI" in first.stderr:
        pytest.skip("landlock is too old here: " + first.stderr)
    assert f"rule: landlock has none for connecting to TCP port {port}" in first.stderr
    assert f"--allow=tcp:connect:{port}" in suggested(first)
    assert not denied(last) and last.returncode == 0, last.stderr


def test_an_address_family_that_the_policy_lacks_is_named_and_can_be_allowed(again):
    script = "import socket, sys; socket.socket(int(sys.argv[1]), socket.SOCK_DGRAM)"
    first, last = again(script, "1", new=["10"])
    assert first.returncode == SIGSYS_STATUS and "domain = AF_INET6" in first.stderr
    assert "AF_INET6" in suggested(first) and last.returncode == 0, last.stderr


ABSTRACT = """
    import os, socket, sys
    name = "\\0" + sys.argv[1][1:] if sys.argv[1][:1] == "@" else sys.argv[1]
    os._exit(socket.socket(socket.AF_UNIX).connect_ex(name) == 1)
    """


def test_an_abstract_socket_outside_is_named_and_can_be_allowed(again, tmp_path):
    name = str(tmp_path)
    with socket.socket(socket.AF_UNIX) as outside:
        outside.bind("\0" + name)
        outside.listen()
        first, last = again(ABSTRACT, tmp_path / "none", new=["@" + name])
    if "landlock ABI" in first.stderr:
        pytest.skip("landlock is too old here: " + first.stderr)
    assert "abstract sockets of processes outside are out of reach" in first.stderr
    assert "scope:abstract" in suggested(first) and last.returncode == 0, last.stderr


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


def test_a_limit_that_is_to_be_raised_is_named_and_can_be_raised(again):
    script = """
        import os, resource, sys
        now = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        try: resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, int(sys.argv[1])),) * 2)
        except ValueError: os._exit(1)
        """
    many = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    first, last = again(script, "0", new=[str(many)], options=["--deny=limit:NOFILE=64"])
    assert first.returncode == 1 and "rule: the limit NOFILE is 64" in first.stderr, first.stderr
    assert "prlimit64(0, RLIMIT_NOFILE, 0x" in first.stderr
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
    assert "the limit FSIZE is 4096 (4.0 KiB), which is not the policy's" in done.stderr
