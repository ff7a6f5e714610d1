# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers, builds, package managers and stress-ng: learn sees what strace sees, and they do not
notice. Slow; `make check-long` prints a table of all results."""

import collections
import os
import pathlib
import re
import signal
import subprocess
import time
import uuid

import pytest

from conftest import need, need_root, run
from more_programs import MORE_PROGRAMS
from test_strace_agrees import compare, parse_strace, verdict

pytestmark = pytest.mark.long


class Seconds(list):
    """How long each of the runs took, for the table."""

    def run(self, function):
        start = time.monotonic()
        done = function()
        self.append(time.monotonic() - start)
        return done

    def __str__(self):
        return " ".join(f"{seconds:.1f}" for seconds in self)


@pytest.mark.parametrize("program", MORE_PROGRAMS, ids=lambda program: program.name)
def test_a_program_does_the_same_and_its_calls_are_those_that_strace_sees(
        learn_path, counts, tmp_path, result, program):
    strace = need("strace")
    program.words()  # skips
    if program.name == "sshd":
        need_root()
    work, profile, log, seconds = (tmp_path / "work", tmp_path / "profile", tmp_path / "log",
                                   Seconds())

    def ended_as(done, first):
        assert (done.returncode, done.stdout) == (first.returncode, first.stdout), done.stderr
        return done

    def learn_once():
        ended_as(program.run(work, learn_path, "-q", "-o", profile, "--"), plain)
        return counts(profile)

    def strace_once():
        ended_as(program.run(work, strace, "-f", "-o", log, timeout=300), plain)
        return parse_strace(log.read_text(errors="replace"))

    plain = seconds.run(lambda: program.run(work))
    assert plain.returncode == 0, plain.stderr
    traced = seconds.run(lambda: program.run(work, learn_path, "-q", "-o", profile, "--"))
    same = (traced.returncode, traced.stdout, traced.stderr) == \
        (plain.returncode, plain.stdout, plain.stderr)
    found = compare(learn_once, strace_once, numbers=False)
    result(program.name, traced.returncode, "same" if same else "DIFFERENT",
           len(counts(profile)), verdict(found), seconds)
    assert same, traced.stderr
    assert not found


# The classes that call the kernel, most of what there is. As nobody: some change the machine where
# they may, and `open` takes everybody's rights from /dev/null when it is stopped at the wrong
# moment. Left out are those that take all memory, and the other half of a minute.
STRESSORS = """
access af-alg affinity aio aiol alarm apparmor bad-altstack brk cap chattr chdir chmod chown chroot
clock clone close copy-file cyclic daemon dccp dentry dev dir dirdeep dirmany dnotify dup dynlib
enosys env epoll eventfd exec exit-group fallocate fanotify fault fcntl fiemap fifo file-ioctl
filename flock fork forkheavy fpunch fsize fstat full futex get getdent getrandom handle hdd
hrtimers icmp-flood idle-page inode-flags inotify io io-uring iomix ioprio itimer kcmp key kill
landlock lease link loadavg locka lockf lockofd loop madvise malloc membarrier memfd mincore mknod
mlock mmap mmapaddr mmapfixed mmaphuge mmapmany mprotect mq mremap msg msync msyncmany munmap mutex
nanosleep netdev netlink-proc netlink-task nice null numa opcode open pagemove pageswap pci
personality pidfd ping-sock pipe pipeherd plugin poll prctl procfs pthread ptrace quota race-sched
ramfs rawdev rawpkt rawsock rawudp readahead remap rename resched revio ring-pipe rlimit rmap rseq
rtc schedpolicy sctp seal seccomp seek sem sem-sysv sendfile session set shm shm-sysv sigabrt
sigchld sigfd sigfpe sigio signal signest sigpending sigpipe sigq sigrt sigsegv sigsuspend sigtrap
sleep sock sockabuse sockdiag sockmany sockpair spawn splice stack stackmmap switch symlink
sync-file sysbadaddr syscall sysinfo tee timer timerfd tlb-shootdown touch tun udp udp-flood umount
unshare urandom userfaultfd usersyscall utime vdso verity vfork vforkmany vm vm-addr vm-rw vm-splice
wait x86syscall xattr yield zero zombie
""".split()


# Of them, what needs rights that nobody has in namespaces of its own.
IN_NAMESPACES = set("""
chroot cyclic icmp-flood netlink-task quota ramfs rawpkt rawsock rawudp seccomp tun umount
""".split())
NAMESPACES = ["unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--fork",
              "--kill-child", "--mount-proc", "sh", "-ec", 'ip link set lo up; exec "$@"', "sh"]


# Whether a signal's handler returns, or a wait goes on after it, before the process is killed: a
# matter of time.
BY_CHANCE = {"rt_sigreturn", "restart_syscall"}


def without_chance(counted):
    return collections.Counter({key: n for key, n in counted.items() if key[1] not in BY_CHANCE})


def marked(mark):
    """The processes that have the mark in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if mark in pathlib.Path("/proc", pid, "environ").read_bytes():
                found.append(int(pid))
        except OSError:
            pass
    return found


def left_over(mark):
    """The marked processes that are still there after some seconds."""
    end = time.monotonic() + 10
    while (found := marked(mark)) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def end(mark):
    for pid in marked(mark):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


@pytest.fixture
def harmless(request, learn_path, public_dir):
    """(words that run a command without privileges, a learn for it, a directory of its own)."""
    if os.geteuid() != 0:
        return [], learn_path, public_dir
    as_nobody = request.getfixturevalue("as_nobody")
    return as_nobody(), as_nobody.learn, as_nobody.home


@pytest.mark.parametrize("stressor", STRESSORS, ids="stress-ng-{}".format)
def test_a_stressor_ends_and_makes_the_calls_that_strace_sees(harmless, counts, result, stressor):
    strace, tool = need("strace", "stress-ng")
    words, learn_path, home = harmless
    if stressor in IN_NAMESPACES:
        words = [*words, *NAMESPACES]
        if run([*words, need("ip"), "link"], cwd=home).returncode != 0:
            pytest.skip("nobody has no namespaces of its own here")
    mark, profile, log = str(uuid.uuid4()), home / "profile", home / "log"
    command = [tool, f"--{stressor}", "1", f"--{stressor}-ops", "20", "--timeout", "3",
               "--temp-path", home]
    seconds = Seconds()

    def stress(*prefix):
        return seconds.run(lambda: run([*words, *prefix, *command], env={"MARK": mark}, cwd=home,
                                       timeout=60))

    def stress_or_skip(who, *prefix):
        try:
            return stress(*prefix)
        except subprocess.TimeoutExpired:
            end(mark.encode())
            pytest.skip(f"{who} does not come to an end")

    def learn_once():
        done = stress(learn_path, "-q", "-o", profile, "--")
        assert done.returncode == plain.returncode, done.stderr
        return without_chance(counts(profile))

    def strace_once():
        stress_or_skip("it, under strace,", strace, "-f", "-o", log)
        return without_chance(parse_strace(log.read_text(errors="replace")))

    try:
        plain = stress_or_skip("it, untraced,")
        reason = re.search(r"^(?:.*\] )?(.*(?:not implemented|not supported|skipp).*)$",
                           plain.stdout + plain.stderr, re.M)
        if reason:
            pytest.skip(reason[1])
        strace_once()  # skips
        learn_once()
        left = left_over(mark.encode())
        found = compare(learn_once, strace_once, numbers=False)
    finally:
        end(mark.encode())
    result(f"stress-ng-{stressor}", plain.returncode, "-", len(counts(profile)),
           verdict(found), Seconds([seconds[0], seconds[2]]))
    assert not left
    assert not found


# ---- CPython's own tests ----

OUTCOME = re.compile(r"^(test\w+ \([\w.]+\)) .*?(ok|FAIL|ERROR|skipped .*|expected failure)$", re.M)


def outcomes(text):
    return dict(OUTCOME.findall(text))


@pytest.mark.parametrize("module", ["test_signal", "test_subprocess", "test_threading",
                                    "test_posix", "test_mmap", "test_fork1"])
def test_a_test_of_cpython_gives_the_same_result(learn_path, counts, tmp_path, result, module):
    python = need("python3")
    if run([python, "-c", f"import test.{module}"]).returncode != 0:
        pytest.skip("no tests of the standard library here (Debian: libpython3.11-testsuite)")
    words, seconds = [python, "-B", "-m", "test", "-v", module], Seconds()
    plain = seconds.run(lambda: run(words, cwd=tmp_path, timeout=600))
    traced = seconds.run(lambda: run([learn_path, "-q", "-o", tmp_path / "p", "--", *words],
                                     cwd=tmp_path, timeout=900))
    before, after = outcomes(plain.stdout), outcomes(traced.stdout)
    same = (plain.returncode, before) == (traced.returncode, after)
    result(f"cpython {module}", traced.returncode, "same" if same else "DIFFERENT",
           len(counts(tmp_path / "p")), f"- ({len(after)} results)", seconds)
    assert len(before) >= 2
    assert {name: (before.get(name), after.get(name)) for name in {*before, *after}
            if before.get(name) != after.get(name)} == {}
    assert plain.returncode == traced.returncode


# ---- programs that bring a runtime of their own ----

GO = """package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync"
)

func main() {
	var done sync.WaitGroup
	for i := 0; i < 8; i++ {
		done.Add(1)
		go func(name string) {
			defer done.Done()
			os.WriteFile(name, []byte(name), 0o644)
			os.Rename(name, name+".new")
			os.Remove(name + ".new")
		}(fmt.Sprint("file-", i))
	}
	done.Wait()
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	go net.Dial("tcp", listener.Addr().String())
	listener.Accept()
	said, _ := exec.Command("echo", "from a child").Output()
	fmt.Print(string(said))
}
"""


def test_a_go_program_does_the_same_and_its_calls_are_those_that_strace_sees(
        learn_path, counts, tmp_path, result):
    strace, go = need("strace", "go")
    (tmp_path / "main.go").write_text(GO)
    built = run([go, "build", "-o", tmp_path / "program", tmp_path / "main.go"], timeout=300,
                env={"GOCACHE": tmp_path / "cache", "GOFLAGS": "-mod=mod", "GO111MODULE": "off"})
    assert built.returncode == 0, built.stderr

    def go_on(*prefix):
        done = run([*prefix, tmp_path / "program"], cwd=tmp_path, timeout=60)
        assert (done.returncode, done.stdout) == (0, "from a child\n"), done.stderr

    def learn_once():
        go_on(learn_path, "-q", "-o", tmp_path / "p", "--")
        return without_chance(counts(tmp_path / "p"))

    def strace_once():
        go_on(strace, "-f", "-o", tmp_path / "log")
        return without_chance(parse_strace((tmp_path / "log").read_text(errors="replace")))

    go_on()
    found = compare(learn_once, strace_once, numbers=False)
    result("go", 0, "same", len(counts(tmp_path / "p")), verdict(found), "-")
    assert not found
