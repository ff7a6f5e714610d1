# SPDX-License-Identifier: GPL-3.0-or-later
"""`learn import`: a log holds what the live trace of the same run saw, as far as a log can."""

import json
import os
import re

import pytest

from conftest import need, run

PROGRAM = """\
import fcntl, os, socket, subprocess, threading
def work():
    with open("/etc/passwd", "rb") as f:
        os.pread(f.fileno(), 10, 3)
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
server = socket.create_server(("127.0.0.1", 0))
fcntl.fcntl(server, fcntl.F_GETFL)
client = socket.create_connection(server.getsockname())
socket.socket(socket.AF_INET6).bind(("::1", 0))
unix = socket.socket(socket.AF_UNIX)
unix.bind("sock"); os.unlink("sock")
socket.socket(socket.AF_UNIX).bind(chr(0) + "abstract")
os.mkdir("d"); os.rename("d", "e"); os.listdir("e"); os.rmdir("e")
open("new", "w").close(); os.unlink("new")
os.chdir("/usr"); open("share/../bin/env").close()
subprocess.run([os.path.realpath("/usr/bin/true")])
"""

INSPECTED = ("fcntl", "ioctl", "prctl", "socket", "clone", "mmap", "mprotect",
             "getsockopt", "setsockopt", "prlimit64", "arch_prctl")
# What threads do when they meet is a matter of timing.
TIMING = {"futex", "sched_yield", "madvise", "munmap", "restart_syscall"}

PYTHON = os.path.realpath("/usr/bin/python3")


class Evidence:
    """What a profile says, over all programs and phases."""

    def __init__(self, profile):
        self.calls, self.arguments, self.paths = set(), {}, {}
        self.network, self.libraries, self.counts = set(), set(), {}
        self.document = json.loads(profile.read_text())
        for program in self.document["programs"]:
            self.libraries |= {library["path"] for library in program.get("libraries", [])}
            for phase in program["phases"].values():
                self.add(phase)

    def add(self, phase):
        for call in phase.get("calls", {}).get("x86_64", []):
            self.calls.add(call["name"])
            self.counts[call["name"]] = self.counts.get(call["name"], 0) + call["count"]
            for arg in call.get("args", []):
                values = {"any"} if arg.get("many") else {v["value"] for v in arg["values"]}
                self.arguments.setdefault((call["name"], arg["name"]), set()).update(values)
        for path in phase.get("paths", []):
            self.paths.setdefault(path["path"], set()).update(path["did"])
        self.network |= {(s["family"], s["type"], s["protocol"])
                         for s in phase.get("sockets", [])}
        self.network |= {(a["use"], a["family"], a["type"], a["address"])
                         for a in phase.get("addresses", [])}


@pytest.fixture
def imported(learn, tmp_path):
    """imported(LOG..., OPTIONS): the evidence in it, and what was said."""
    def get(*words, status=0):
        profile = tmp_path / "imported.profile"
        done = learn("import", "-o", profile, *words, cwd=tmp_path)
        assert done.returncode == status, done.stderr
        return (Evidence(profile) if status == 0 else None), done.stderr
    return get


@pytest.fixture
def live(record, tmp_path):
    done, profile = record(PYTHON, "-I", "-S", "-c", PROGRAM, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return Evidence(profile)


def traced(tmp_path, *options):
    """The log of strace -f; to standard error, as people see it, without -o."""
    done = run([need("strace"), "-f", *options, PYTHON, "-I", "-S", "-c", PROGRAM], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    log = tmp_path / "log"
    if "-o" not in options:
        log.write_text(done.stderr)
    return log


def agree(log, live, paths):
    assert log.calls - TIMING == live.calls - TIMING
    for key in {*log.arguments, *live.arguments}:
        if key[0] in INSPECTED:
            assert log.arguments.get(key) == live.arguments.get(key), key
    assert log.network == live.network
    if paths:
        # Links, and what the kernel itself opens, are not in a log.
        loader = re.compile(r"/ld-linux")
        mine, theirs = ({path: did for path, did in side.paths.items() if not loader.search(path)}
                        for side in (log, live))
        assert mine == theirs


FORMATS = {
    "o": ["-o", "log"], "stderr": [], "quiet": ["-qq"], "y": ["-y", "-o", "log"],
    "yy": ["-yy", "-o", "log"], "y-stderr": ["-y"], "k": ["-y", "-k", "-o", "log"],
    "t": ["-y", "-t", "-o", "log"], "tt": ["-y", "-tt", "-T", "-o", "log"],
    "ttt": ["-ttt", "-i", "-n", "-o", "log"], "r": ["-r", "-y", "-o", "log"],
    "raw-values": ["-y", "-X", "raw", "-o", "log"], "verbose": ["-y", "-X", "verbose", "-o", "log"],
    "raw": ["-e", "raw=all", "-o", "log"],
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_log_of_strace_gives_what_the_live_trace_gives(live, imported, tmp_path, name):
    log, said = imported(traced(tmp_path, *FORMATS[name]))
    assert "not understood" not in said and "not know" not in said
    if name == "raw":
        assert log.calls - TIMING == live.calls - TIMING
        assert log.arguments["fcntl", "cmd"] == live.arguments["fcntl", "cmd"]
        assert "paths could not be read" in said
        return
    assert "not be read" not in said
    agree(log, live, paths="-y" in FORMATS[name] or name == "yy")
    # strace -qq does not log how processes end.
    assert log.document["complete"] == (name != "quiet")


def test_the_files_of_strace_ff_are_one_log_in_any_order(live, imported, tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    traced(tmp_path, "-f", "-y", "-o", "logs/l", "-ff")
    directory, said = imported(logs)
    assert said == ""
    agree(directory, live, paths=True)
    files, _ = imported(*sorted(logs.iterdir(), reverse=True))
    assert files.document == directory.document
    assert len({p["path"] for p in files.document["programs"]}) == 2


def test_stacks_of_a_log_are_call_sites(learn, imported, tmp_path):
    imported(traced(tmp_path, "-k", "-o", "log"))
    text = learn("explain", tmp_path / "imported.profile", "bind").stdout
    assert re.search(r"from +libc\.so\.6!bind\+0x", text)


def test_the_policy_of_the_log_and_that_of_the_live_trace_let_the_same_happen(
        learn, record, imported, tmp_path):
    done, profile = record(PYTHON, "-I", "-S", "-c", PROGRAM, cwd=tmp_path)
    imported(traced(tmp_path, "-y", "-o", "log"))
    log = tmp_path / "imported.profile"
    assert learn("diff", profile, log).returncode == 0
    assert len(Evidence(log).calls) > 30
    back = json.loads(learn("diff", "--json", log, profile).stdout)["added"]
    assert all("ld-linux" in need["what"] for need in back if need["kind"] != "limit")


LINES = """\
execve("/usr/bin/x", ["x", "a b"], 0x7ffd /* 3 vars */) = 0
clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLDstrace: Process 11 attached
 <unfinished ...>
[pid    11] pread64(3, "a) = 1, \\"<unfinished ...>", 64, 64) = 64
[pid    10] <... clone resumed>, child_tidptr=0x7f) = 11
[pid    10] clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0}, 88 <unfinished ...>
[pid    11] pread64(3,  <unfinished ...>
[pid    10] <... clone3 resumed> => {parent_tid=[12]}, 88) = 12
[pid    11] <... pread64 resumed>"b", 64, 64) = 1
[pid    12] openat(AT_FDCWD, "rel/../etc\\40x", O_RDONLY|O_CREAT, 0644) = 3
[pid    10] --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=11} ---
[pid    10] nanosleep({tv_sec=1}, 0x7f) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
[pid    10] restart_syscall(<... resuming interrupted nanosleep ...>) = 0
[pid    10] ioctl(1, _IOC(_IOC_READ|_IOC_WRITE, 0x54, 0x13, 0x8), 0x7f) = -1 ENOTTY (Inappropriate)
[pid    11] read(0,  <unfinished ...>
[pid    11] <... read resumed> <unfinished ...>) = ?
[pid    11] +++ killed by SIGKILL +++
[pid    12] +++ exited with 0 +++
exit_group(7)                           = ?
+++ exited with 7 +++
this is what the program printed
"""


def test_pids_unfinished_and_resumed_lines_and_calls_with_digits_lose_nothing(imported, tmp_path):
    log = tmp_path / "log"
    log.write_text(LINES)
    seen, said = imported("--cwd=/srv", log)
    assert seen.counts == {"execve": 1, "clone": 1, "clone3": 1, "pread64": 2, "openat": 1,
                           "nanosleep": 1, "restart_syscall": 1, "ioctl": 1, "read": 1,
                           "exit_group": 1}
    assert seen.arguments["ioctl", "request"] == {"0xc0085413"}
    assert seen.arguments["clone", "flags"] == {"0x1000011"}
    assert seen.paths == {"/srv/etc x": {"read", "create_file"}, "/usr/bin/x": {"execute"}}
    assert "1 line was not understood: this is what the program printed" in said
    run_ = seen.document["runs"][0]
    assert (run_["command"], run_["exit"], run_["cwd"]) == (["x", "a b"], 7, "/srv")


RESUMED = """\
10 execve("/usr/bin/x", ["x"], 0x7ffd /* 3 vars */) = 0
10 fcntl(3, <unfinished ...>
10 <... fcntl resumed>F_GETFD) = 0
10 mprotect(0x7f, 4096, PROT_READ|<unfinished ...>
10 <... mprotect resumed>PROT_WRITE) = 0
10 openat(AT_FDCWD, "/etc/x" <unfinished ...>
10 <... openat resumed>, O_WRONLY|O_CREAT, 0644) = 6
%s10 exit_group(0) = ?
"""


def test_arguments_that_follow_when_a_call_is_resumed_are_its_arguments(imported, tmp_path):
    log = tmp_path / "log"
    log.write_text(RESUMED % "")
    seen, _ = imported(log)
    assert seen.arguments["fcntl", "cmd"] == {"0x1"}
    assert seen.arguments["mprotect", "prot"] == {"0x3"}
    assert seen.paths["/etc/x"] == {"write", "create_file"}


def test_what_is_left_of_a_call_whose_begin_is_not_in_the_log_is_not_taken_for_its_arguments(
        imported, tmp_path):
    log = tmp_path / "log"
    log.write_text(RESUMED % "10 <... fcntl resumed>4, F_SETFL, O_NONBLOCK) = 0\n")
    seen, _ = imported(log)
    assert seen.counts["fcntl"] == 2 and seen.arguments["fcntl", "cmd"] == {"any"}


def test_a_line_that_an_announcement_broke_in_two_is_one_again(imported, tmp_path):
    log = tmp_path / "log"
    log.write_text('execve("/usr/bin/x", ["x"], 0x7ffd /* 3 vars */) = 0\n'
                   'rt_sigprocmask(SIG_SETMASK, [], /usr/bin/strace: Process 11 attached\nNULL, 8) = 0\n'
                   '/usr/bin/strace: Process 13 attached\n'
                   '[pid    10] read(0, strace: Process 12 attached\n'
                   '[pid    11] exit(0)             = ?\n')
    seen, said = imported(log)
    assert seen.counts == {"execve": 1, "rt_sigprocmask": 1, "exit": 1}
    assert "1 line was not understood: [pid    10] read(0, " in said


def test_a_command_runs_under_the_policy_of_its_log(learn, imported, tmp_path):
    log = tmp_path / "log"
    plain = run([need("strace"), "-f", "-y", "-o", log, need("ls"), "/usr"])
    imported(log)
    done = learn("run", tmp_path / "imported.profile", "--", need("ls"), "/usr")
    assert (done.returncode, done.stdout) == (0, plain.stdout)


def test_what_cannot_be_read_is_said_and_counts_as_any(learn, imported, tmp_path):
    log = tmp_path / "log"
    log.write_text('5 fcntl(3, F_NOBODY_KNOWS) = 0\n5 fcntl(3, F_GETFD) = 0\n5 no_call(1) = 0\n'
                   '5 openat(7, "x", O_RDONLY) = 8\n')
    seen, said = imported("--program=/usr/bin/x", log)
    assert seen.arguments["fcntl", "cmd"] == {"any"}
    assert "1 argument value could not be read and counts as any: fcntl(F_NOBODY_KNOWS)" in said
    assert "does not know: no_call" in said and "the first: x" in said
    assert "end of all processes" in said
    assert not seen.document["complete"] and seen.paths == {}
    assert seen.document["programs"][0]["path"] == "/usr/bin/x"
    assert "any cmd is allowed" in learn("emit", "bpf", tmp_path / "imported.profile").stderr


AUDIT = """\
type=SYSCALL msg=audit(1509000000.123:42): arch=c000003e syscall=257 success=yes exit=3 \
a0=ffffff9c a1=7ffe a2=241 a3=1b6 items=2 ppid=1 pid=2 comm="cat" exe="/usr/bin/cat" key=(null)
type=CWD msg=audit(1509000000.123:42): cwd="/root"
type=PATH msg=audit(1509000000.123:42): item=0 name="/root/" mode=040755 nametype=PARENT
type=PATH msg=audit(1509000000.123:42): item=1 name=612062 mode=0100644 nametype=CREATE
----
time->Thu Oct 26 08:40:00 2017
type=SOCKADDR msg=audit(1509000001.123:43): saddr=02000050000000000000000000000000
type=SYSCALL msg=audit(1509000001.123:43): arch=x86_64 syscall=bind exit=-13 a0=3 pid=2 \
exe="/usr/bin/cat"
type=SYSCALL msg=audit(1509000001.124:44): arch=c000003e syscall=72 exit=0 a0=3 a1=1 pid=2 \
exe="/usr/bin/cat"
"""
KERNEL = """\
[   12.345] something else
[   12.345] audit: type=1326 audit(1509000002.1:2): auid=1000 uid=0 pid=12 comm="x" \
exe="/usr/bin/x" sig=31 arch=c000003e syscall=72 compat=0 ip=0x7f code=0x80000000
Oct 26 host kernel: audit: type=1326 audit(1509000002.1:3): pid=12 exe="/usr/bin/x" sig=31 \
arch=c000003e syscall=435 compat=0 ip=0x7f code=0x80000000
"""


def test_audit_records_are_calls_with_arguments_results_paths_and_addresses(imported, tmp_path):
    log = tmp_path / "log"
    log.write_text(AUDIT)
    seen, said = imported(log)
    assert seen.counts == {"openat": 1, "bind": 1, "fcntl": 1}
    assert seen.paths == {"/root/a b": {"write", "truncate", "create_file"}}
    assert ("bind", "AF_INET", "0", "0.0.0.0") in seen.network
    assert seen.arguments["fcntl", "cmd"] == {"0x1"}
    assert seen.document["programs"][0]["path"] == "/usr/bin/cat"
    assert seen.document["runs"][0]["start"] == "2017-10-26T06:40:00.000Z"


# What ausearch(8) makes of records: of each event the last first, and with -i in words.
RENAME = """\
type=PATH msg=audit(1509000003.123:50): item=3 name="/new/b" mode=0100644 nametype=CREATE
type=PATH msg=audit(1509000003.123:50): item=2 name="/old/a" mode=0100644 nametype=DELETE
type=PATH msg=audit(1509000003.123:50): item=1 name="/new/" mode=040755 nametype=PARENT
type=PATH msg=audit(1509000003.123:50): item=0 name="/old/" mode=040755 nametype=PARENT
type=SYSCALL msg=audit(1509000003.123:50): arch=c000003e syscall=82 exit=0 a0=7f a1=80 pid=2 \
exe="/usr/bin/mv"
"""
WORDS = """\
----
type=PATH msg=audit(10/26/17 06:40:00.123:42) : item=1 name=a b inode=2 dev=08:01 mode=file,644 \
ouid=root ogid=root rdev=00:00 nametype=CREATE 
type=PATH msg=audit(10/26/17 06:40:00.123:42) : item=0 name=/root/ inode=2 mode=dir,755 \
nametype=PARENT 
type=CWD msg=audit(10/26/17 06:40:00.123:42) : cwd=/root 
type=SYSCALL msg=audit(10/26/17 06:40:00.123:42) : arch=x86_64 syscall=openat success=yes exit=3 \
a0=AT_FDCWD a1=0x7ffe a2=O_WRONLY|O_CREAT|O_TRUNC a3=0x1b6 items=2 pid=2 auid=root comm=cat \
exe=/usr/bin/cat key=(null) 
----
type=SYSCALL msg=audit(10/26/17 06:40:01.123:43) : arch=x86_64 syscall=bind success=no \
exit=EACCES(Permission denied) a0=0x3 a1=0x7ff a2=0x10 a3=0x0 pid=2 exe=/usr/bin/cat key=(null) 
type=SOCKADDR msg=audit(10/26/17 06:40:01.123:43) : saddr={ saddr_fam=inet laddr=0.0.0.0 lport=80 } 
----
type=SYSCALL msg=audit(10/26/17 06:40:01.124:44) : arch=x86_64 syscall=fcntl success=yes exit=0 \
a0=0x3 a1=F_GETFD a2=0x0 a3=0x0 pid=2 exe=/usr/bin/cat key=(null) 
----
type=SYSCALL msg=audit(10/26/17 06:40:01.125:45) : arch=x86_64 syscall=socket success=yes exit=5 \
a0=local a1=SOCK_STREAM a2=ip a3=0x0 pid=2 exe=/usr/bin/cat key=(null) 
----
type=SYSCALL msg=audit(10/26/17 06:40:02.123:51) : arch=x86_64 syscall=connect success=yes exit=0 \
a0=0x5 a1=0x7ff a2=0x10 a3=0x0 pid=2 exe=/usr/bin/cat key=(null) 
type=SOCKADDR msg=audit(10/26/17 06:40:02.123:51) : saddr={ saddr_fam=local path=/run/cafe } 
----
type=SYSCALL msg=audit(10/26/17 06:40:01.126:46) : arch=x86_64 syscall=mmap exit=140000000000000 \
a0=0x0 a1=0x1000 a2=PROT_READ|PROT_WRITE a3=MAP_PRIVATE|MAP_ANONYMOUS pid=2 exe=/usr/bin/cat 
type=SECCOMP msg=audit(10/26/17 06:40:03.001:53) : auid=root uid=root pid=12 comm=x \
exe=/usr/bin/my x sig=SIGSYS arch=i386 syscall=socketcall(socket) compat=0 ip=0x7f code=kill 
"""


def test_two_paths_of_a_call_are_told_apart_in_whatever_order_their_records_come(imported,
                                                                                 tmp_path):
    log = tmp_path / "log"
    for text in (RENAME, "".join(reversed(RENAME.splitlines(True)[:4])) + RENAME.split("\n", 4)[4]):
        log.write_text(text)
        seen, _ = imported(log)
        assert set(seen.paths) == {"/old/a", "/new/b"}
        assert {path for path, did in seen.paths.items() if "create_file" in did} == {"/new/b"}


def test_audit_records_in_words_are_read_like_those_in_numbers(imported, tmp_path):
    log = tmp_path / "log"
    log.write_text(WORDS)
    seen, said = imported(log)
    assert seen.counts == {"openat": 1, "bind": 1, "fcntl": 1, "socket": 1, "connect": 1, "mmap": 1}
    assert seen.paths == {"/root/a b": {"write", "truncate", "create_file"},
                          "/run/cafe": {"connect"}}
    assert ("bind", "AF_INET", "0", "0.0.0.0") in seen.network
    assert seen.arguments["fcntl", "cmd"] == {"0x1"}
    assert seen.arguments["mmap", "prot"] == {"0x3"}
    assert seen.arguments["socket", "domain"] == {"0x1"}
    assert seen.arguments["socket", "protocol"] == {"0x0"}
    # ausearch leaves out SOCK_CLOEXEC and SOCK_NONBLOCK: the word is not the value.
    assert seen.arguments["socket", "type"] == {"any"} and "counts as any: type of socket" in said
    assert {p["path"] for p in seen.document["programs"]} == {"/usr/bin/cat", "/usr/bin/my x"}
    calls = {(arch, c["name"]): c for p in seen.document["programs"]
             for arch, calls in p["phases"]["main"]["calls"].items() for c in calls}
    assert calls["x86_64", "bind"]["results"] == {"EACCES": 1} and ("x86", "socketcall") in calls


def test_seccomp_records_in_the_kernels_log_allow_the_call_with_any_argument(imported, tmp_path):
    log = tmp_path / "log"
    log.write_text(KERNEL)
    seen, said = imported(log)
    assert seen.counts == {"fcntl": 1, "clone3": 1}
    assert seen.arguments["fcntl", "cmd"] == {"any"}
    assert "1 line was not understood: [   12.345] something else" in said


@pytest.mark.parametrize("text", ["", "no log\nat all\n", "5 +++ exited with 0 +++\n"])
def test_a_log_without_calls_is_refused_and_writes_no_profile(imported, tmp_path, text):
    log = tmp_path / "log"
    log.write_text(text)
    imported(log, status=2)
    assert not (tmp_path / "imported.profile").exists()


def test_the_format_can_be_given_and_a_wrong_word_is_refused(imported, tmp_path):
    log = tmp_path / "log"
    log.write_text(LINES)
    imported("--format=audit", log, status=2)
    imported("--format=strace", log)
    imported("--format=yaml", log, status=2)
    imported(tmp_path / "missing", status=2)


def test_no_program_is_run_under_an_empty_profile_of_a_log(learn, tmp_path):
    log = tmp_path / "log"
    log.write_text("nothing\n")
    done = learn("import", "-o", tmp_path / "p", log)
    assert done.returncode == 2
    assert learn("emit", "bpf", tmp_path / "p").returncode == 2


def test_a_shells_redirection_to_a_device_makes_nothing(imported, learn, tmp_path):
    log = tmp_path / "log"
    log.write_text('''\
execve("/usr/bin/sh", ["sh"], 0x7ffd /* 3 vars */) = 0
openat(AT_FDCWD, "/dev/null", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3
openat(AT_FDCWD, "/dev/shm/new", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 4
exit_group(0)                           = ?
''')
    seen, _ = imported(log)
    assert seen.paths["/dev/null"] == {"write", "truncate"}
    assert "create_file" in seen.paths["/dev/shm/new"]


def test_what_a_log_does_not_have_is_said_once_of_all_its_programs(learn, tmp_path):
    log = tmp_path / "log"
    log.write_text("".join(f'{pid} execve("/usr/bin/{name}", ["x"], 0x7ffd /* 3 vars */) = 0\n'
                           f"{pid} exit_group(0) = ?\n{pid} +++ exited with 0 +++\n"
                           for pid, name in enumerate(["ls", "sh", "true", "cat"], 10)))
    assert learn("import", "-o", tmp_path / "profile", log).returncode == 0
    said = learn("emit", "names", tmp_path / "profile").stderr
    notes = re.findall(r"warning: (.*): imported from a log", said)
    assert len(notes) == 1 and notes[0].endswith(" and 1 more"), said
