# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test has at hand: learn itself, the traced programs, profiles as rows."""

import collections
import contextlib
import os
import re
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

import pytest

SRCDIR = pathlib.Path(os.environ.get("SRCDIR", pathlib.Path(__file__).resolve().parent.parent))
BUILDDIR = pathlib.Path(os.environ.get("BUILDDIR", SRCDIR))
LEARN = pathlib.Path(os.environ.get("LEARN", BUILDDIR / "learn"))

SKIPPED = 77  # a target's exit status when it cannot show its behaviour here
SIGSYS_STATUS = 128 + 31
NOBODY = 65534

# What may be ignored where the tests run (under nohup, in the background of a script) must not be
# so in the programs that are tested.
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)

# Before a command: it has the kernel's message queues in /dev/mqueue, whatever is mounted here.
WITH_QUEUES = ["unshare", "--mount", "sh", "-ec",
               'mkdir -p /dev/mqueue; mount -t mqueue mqueue /dev/mqueue; exec "$@"', "sh"]

Row = collections.namedtuple("Row", "program phase arch call count")


def environment(extra=None):
    """The environment for learn and what it runs: the same everywhere, without our own."""
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("LEARN", "MAKE", "MFLAGS", "PYTEST"))}
    env.update({"LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1",
                "UBSAN_OPTIONS": "print_stacktrace=1"})
    env.update({k: str(v) for k, v in (extra or {}).items()})
    return env


def run(argv, *, cwd=None, env=None, input=None, timeout=60, **more):
    """Runs a command to its end; output is text in which any byte survives."""
    if isinstance(input, str):
        input = input.encode("utf-8", "surrogateescape")
    if input is None and "stdin" not in more:
        more["stdin"] = subprocess.DEVNULL
    done = subprocess.run(
        [os.fspath(word) for word in argv], cwd=cwd, env=environment(env), input=input,
        timeout=timeout, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more})
    for stream in ("stdout", "stderr"):
        if getattr(done, stream) is not None:
            setattr(done, stream, getattr(done, stream).decode("utf-8", "surrogateescape"))
    return done


def need(*programs):
    """Skips the test unless all of these commands exist; returns their paths."""
    paths = []
    for program in programs:
        path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if not path:
            pytest.skip(f"no {program} here")
        paths.append(path)
    return paths[0] if len(paths) == 1 else paths


def need_root():
    if os.geteuid() != 0:
        pytest.skip("needs root")


def need_mounts():
    """Root that may mount, and is not itself in a chroot: there / is no mount to work with."""
    need_root()
    with contextlib.suppress(PermissionError):  # not to be told: taken for no chroot
        if not os.path.samestat(os.stat("/"), os.stat("/proc/1/root")):
            pytest.skip("runs in a chroot")


def sanitized():
    """Whether learn was built with sanitizers: it is slower then, and keeps freed memory."""
    return bool(re.search(r"^LEARN_CFLAGS = .*-fsanitize", (BUILDDIR / "Makefile").read_text(),
                          re.M))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def srcdir():
    return SRCDIR


@pytest.fixture(scope="session")
def builddir():
    return BUILDDIR


@pytest.fixture(scope="session")
def learn_path():
    if not LEARN.exists():
        pytest.fail(f"{LEARN} is not built")
    return LEARN


@pytest.fixture(scope="session")
def learn(learn_path):
    """learn(*args, ...): runs learn as run() does."""
    return lambda *args, **options: run([learn_path, *args], **options)


@pytest.fixture(scope="session")
def formats(learn):
    """The names of the formats that `learn emit --list` has."""
    return {line.split()[0] for line in learn("emit", "--list").stdout.splitlines()
            if line and not line.startswith(" ")}


@pytest.fixture(scope="session")
def target():
    """target(NAME): the path of a program from tests/targets."""
    def path(name):
        program = BUILDDIR / "tests" / "targets" / "bin" / name
        if not program.exists():
            pytest.fail(f"{program} is not built: make check builds it")
        return program
    return path


@pytest.fixture(scope="session")
def tsv(learn):
    """tsv(PROFILE): the rows of `learn show --tsv`."""
    def rows(profile):
        shown = learn("show", "--tsv", profile)
        assert shown.returncode == 0, shown.stderr
        found = []
        for line in shown.stdout.splitlines():
            program, phase, arch, call, count = line.split("\t")
            found.append(Row(program, phase, arch, call, int(count)))
        return found
    return rows


@pytest.fixture(scope="session")
def counts(tsv):
    """counts(PROFILE): a Counter of (arch, call) over all programs and phases."""
    def total(profile):
        sums = collections.Counter()
        for row in tsv(profile):
            sums[row.arch, row.call] += row.count
        return sums
    return total


@pytest.fixture
def record(learn, tmp_path):
    """record(COMMAND...): traces it; returns (the finished process, the profile's path)."""
    profiles = iter(range(1000))

    def traced(*command, options=(), **more):
        profile = tmp_path / f"recorded-{next(profiles)}.profile"
        return learn(*options, "-o", profile, "--", *command, **more), profile
    return traced


@pytest.fixture
def public_dir():
    """A directory that every user may read and enter (tmp_path is the owner's alone)."""
    with tempfile.TemporaryDirectory(prefix="learn-test-") as name:
        os.chmod(name, 0o755)
        yield pathlib.Path(name)


@pytest.fixture
def as_nobody(learn_path, public_dir):
    """as_nobody(COMMAND...): the words that run COMMAND as an unprivileged user, and a learn that
    this user can execute at as_nobody.learn, a writable directory at as_nobody.home."""
    need_root()
    need("setpriv")
    copy = public_dir / "learn"
    shutil.copy(learn_path, copy)
    home = public_dir / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)

    def words(*command):
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--",
                *command]
    words.learn, words.home = copy, home
    return words


RESULTS = pytest.StashKey()
Result = collections.namedtuple("Result", "program status output calls compared seconds")


@pytest.fixture
def result(request):
    """result(PROGRAM, ...): a row of the table that is printed at the end of the session. A test
    that ends without one, failed or skipped, has a row that says so."""
    rows = request.config.stash.setdefault(RESULTS, {}).setdefault(request.node.nodeid, [])
    return lambda *columns: rows.append(Result(*columns))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    rows = item.config.stash.setdefault(RESULTS, {}).setdefault(item.nodeid, [])
    if "result" not in getattr(item, "fixturenames", ()) or rows or not call.excinfo:
        return
    if outcome.get_result().skipped:
        said = f"skipped: {call.excinfo.value}"
    else:
        said = "FAILED"
    called = item.callspec.id if hasattr(item, "callspec") else item.name
    rows.append(Result(called, "-", "-", "-", said, "-"))


def pytest_terminal_summary(terminalreporter, config):
    """Says what was tested, as several builds may lie side by side."""
    rows = [row for rows in config.stash.get(RESULTS, {}).values() for row in rows]
    if rows:
        rows = [("program", "status", "output", "calls", "as strace has them", "seconds"), *rows]
    for row in rows:
        terminalreporter.write_line("{:<24} {:>6} {:>9} {:>6}  {:<18}  {}".format(*map(str, row)))
    terminalreporter.write_line(f"learn: {LEARN}")


Recording = collections.namedtuple("Recording", "work profile done plain")


@pytest.fixture(scope="session")
def recording(learn_path, tmp_path_factory):
    """recording(PROGRAM): a programs.Program run plainly and recorded, once a session:
    .work is its directory, .profile the profile, .plain and .done the two finished processes."""
    kept = {}

    def get(program):
        program.words()  # skips
        if program.name not in kept:
            top = tmp_path_factory.mktemp(program.name)
            work, profile = top / "work", top / "profile"
            plain = program.run(work)
            assert plain.returncode == 0, plain.stderr
            done = program.run(work, learn_path, "-o", profile, "--")
            assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
            kept[program.name] = Recording(work, profile, done, plain)
        return kept[program.name]
    return get


@pytest.fixture
def made(learn_path, target, tmp_path):
    """made(CALL, ...): makes system calls under learn in made.work; see tests/calls.py."""
    import calls
    return calls.Maker(learn_path, target("call"), tmp_path)
