# SPDX-License-Identifier: GPL-3.0-or-later
"""Every inspected argument is recorded as it was passed, and held to what was recorded."""

import collections
import errno
import fcntl
import json
import mmap
import pathlib
import platform
import re
import resource
import signal
import socket
import subprocess
import sys
import termios

import pytest

from conftest import BUILDDIR, SIGSYS_STATUS, environment

X86_64 = platform.machine() == "x86_64"
LOW = 0xFFFFFFFF
NOISE = 0xDEADBEEF << 32
NOBODY = 999999999  # larger than any pid
FD = -1             # no descriptor

Row = collections.namedtuple("Row", "call index arg width checked harmless nr64 nr32")
ARGUMENTS = 6       # rows from here on are fields in memory


def tool(*words):
    program = BUILDDIR / "tests" / "tools" / "argspec_rows"
    if not program.exists():
        pytest.fail(f"{program} is not built: make check builds it")
    return subprocess.run([program, *map(str, words)], env=environment(), check=True,
                          capture_output=True, text=True).stdout


def read_rows():
    try:
        lines = tool().splitlines()
    except pytest.fail.Exception:
        return []
    rows = []
    for line in lines:
        call, index, arg, width, checked, harmless, nr64, nr32 = line.split("\t")
        rows.append(Row(call, int(index), arg, int(width), checked == "1", int(harmless),
                        *(None if nr == "-" else int(nr) for nr in (nr64, nr32))))
    return rows


ROWS = read_rows()
REGISTERS = [row for row in ROWS if row.index < ARGUMENTS]
HERE = [row for row in REGISTERS if row.nr64 is not None or row.nr32 is not None]

# The other arguments of a call, so that it does no harm whatever the value: 0 where nothing is
# said. By call: {index: value}.
OTHERS = {
    "accept4": {0: FD}, "bpf": {}, "clone": {}, "close_range": {0: LOW, 1: LOW},
    "copy_file_range": {0: FD, 2: FD}, "dup3": {0: FD, 1: FD}, "epoll_ctl": {0: FD, 2: FD},
    "execveat": {0: FD}, "faccessat2": {0: FD}, "fadvise64": {0: FD}, "fallocate": {0: FD},
    "fanotify_mark": {0: FD}, "fchmodat2": {0: FD}, "fchownat": {0: FD}, "fcntl": {0: FD},
    "fchmod": {0: FD}, "fchmodat": {0: FD}, "mkdirat": {0: FD}, "mknodat": {0: FD},
    "fcntl64": {0: FD}, "finit_module": {0: FD}, "flock": {0: FD}, "fsconfig": {0: FD},
    "fsetxattr": {0: FD}, "fsmount": {0: FD}, "fspick": {0: FD}, "fstatat64": {0: FD},
    "getpriority": {1: NOBODY}, "getsockopt": {0: FD}, "inotify_add_watch": {0: FD},
    "io_uring_enter": {0: FD}, "io_uring_register": {0: FD}, "ioctl": {0: FD},
    "ioprio_get": {1: NOBODY}, "ioprio_set": {1: NOBODY}, "kcmp": {0: NOBODY, 1: NOBODY},
    "kexec_file_load": {0: FD, 1: FD}, "kexec_load": {1: 9999}, "kill": {0: NOBODY},
    "landlock_add_rule": {0: FD}, "landlock_restrict_self": {0: FD}, "linkat": {0: FD, 2: FD},
    "lseek": {0: FD}, "_llseek": {0: FD}, "mount_setattr": {0: FD}, "move_mount": {0: FD, 2: FD},
    "name_to_handle_at": {0: FD}, "newfstatat": {0: FD}, "open_by_handle_at": {0: FD},
    "open_tree": {0: FD}, "openat": {0: FD}, "perf_event_open": {1: NOBODY},
    "pidfd_open": {0: NOBODY}, "pidfd_send_signal": {0: FD}, "pkey_mprotect": {3: LOW},
    "preadv2": {0: FD}, "pwritev2": {0: FD}, "prlimit64": {0: NOBODY}, "process_madvise": {0: FD},
    "ptrace": {1: NOBODY}, "quotactl_fd": {0: FD}, "recvfrom": {0: FD}, "recvmmsg": {0: FD},
    "recvmmsg_time64": {0: FD}, "recvmsg": {0: FD}, "renameat2": {0: FD, 2: FD},
    "rt_sigprocmask": {3: 8}, "rt_sigqueueinfo": {0: NOBODY},
    "rt_tgsigqueueinfo": {0: NOBODY, 1: NOBODY}, "sched_setscheduler": {0: NOBODY},
    "semctl": {0: FD}, "semget": {0: 0x6c6561}, "shmget": {0: 0x6c6561}, "msgget": {0: 0x6c6561},
    "sendmmsg": {0: FD}, "sendmsg": {0: FD}, "sendto": {0: FD}, "setns": {0: FD},
    "setpriority": {1: NOBODY}, "setsockopt": {0: FD}, "shmat": {0: FD}, "shmctl": {0: FD},
    "msgctl": {0: FD}, "msgrcv": {0: FD}, "msgsnd": {0: FD}, "shutdown": {0: FD},
    "signalfd4": {0: FD}, "splice": {0: FD, 2: FD}, "statx": {0: FD}, "sync_file_range": {0: FD},
    "tee": {0: FD, 1: FD}, "tgkill": {0: NOBODY, 1: NOBODY}, "tkill": {0: NOBODY},
    "timer_settime": {0: NOBODY}, "timer_settime64": {0: NOBODY}, "timerfd_settime": {0: FD},
    "timerfd_settime64": {0: FD}, "unlinkat": {0: FD}, "utimensat": {0: FD}, "vmsplice": {0: FD},
    "wait4": {0: NOBODY}, "waitpid": {0: NOBODY}, "waitid": {1: NOBODY},
    "setitimer": {1: 1}, "mprotect": {0: 1}, "madvise": {0: 1}, "msync": {0: 1},
    "mlock2": {0: 1}, "mmap2": {}, "socketcall": {1: 1}, "ipc": {1: FD},
}
# Values where 1 and 2 would do something, or nothing new.
VALUES = {
    ("arch_prctl", 0): (0x1004, 0x1003), ("clone", 0): (0x10000, 0x800), ("bpf", 0): (3, 1),
    ("reboot", 0): (1, 2), ("reboot", 1): (1, 2), ("reboot", 2): (0x1234567, 0x4321FEDC),
    ("syslog", 0): (10, 9), ("personality", 0): (LOW, 0x40000), ("unshare", 0): (0x200, 0x400),
    ("seccomp", 0): (2, 3), ("seccomp", 1): (2, 4), ("prctl", 0): (3, 7), ("keyctl", 0): (0, 6),
    ("ptrace", 0): (7, 17), ("ioctl", 1): (0x80046601, 0x5401), ("landlock_restrict_self", 1): (1, 2),
    ("kexec_file_load", 4): (4, 8), ("setns", 1): (0x20000, 0x40000000), ("mlockall", 0): (8, 16),
    ("iopl", 0): (0, 4), ("modify_ldt", 0): (7, 8), ("shmget", 2): (0x400, 0x800),
    ("semget", 2): (0x400, 0), ("msgget", 1): (0x400, 0), ("socketcall", 0): (4, 13),
    ("ipc", 0): (2, 13), ("membarrier", 0): (0, 0x200), ("rt_sigprocmask", 0): (0, 2),
    ("pkey_alloc", 1): (4, 8), ("getrandom", 2): (1, 2), ("setrlimit", 0): (4, 7),
    ("open", 1): (0x40, 0x41), ("openat", 2): (0x40, 0x41), ("umask", 0): (0o22, 0o27),
    ("mmap", 3): (2, 0x22), ("mmap2", 3): (2, 0x22),
}
# Bits above the lowest 32 are an error for the kernel, not noise: the call then fails.
REFUSED_ABOVE = {"mremap", "unshare", "mprotect", "pkey_mprotect", "get_mempolicy", "pkey_alloc",
                 "kexec_load", "kexec_file_load", "perf_event_open"}


def values(row):
    return VALUES.get((row.call, row.index), (1, 2))


def args_of(row, value):
    args = {**{other.index: values(other)[0] for other in REGISTERS if other.call == row.call},
            **OTHERS.get(row.call, {}), row.index: value}
    return [args.get(i, 0) & (1 << 64) - 1 for i in range(6)]


def word(row, value):
    """The call with VALUE in the row's argument, as the target takes it."""
    abi, nr = (64, row.nr64) if row.nr64 is not None else (32, row.nr32)
    return ":".join(map(str, [abi, nr, *args_of(row, value)]))


def ident(row):
    return f"{row.call}-{row.arg}"


def held(profile):
    """(call, index or name of a field): set of values, or None for many."""
    found = collections.defaultdict(set)
    for program in json.loads(profile.read_text())["programs"]:
        for phase in program["phases"].values():
            for calls in phase["calls"].values():
                for call in calls:
                    for arg in [*call.get("args", ()), *call.get("fields", ())]:
                        key = call["name"], arg.get("index", arg.get("name"))
                        assert not arg.get("many"), (key, arg)
                        found[key] |= {int(v["value"], 16) for v in arg["values"]}
    return found


needs_numbers = pytest.mark.skipif(not X86_64, reason="the calls' numbers are those of x86_64")


@pytest.fixture(scope="module")
def recorded(learn, target, tmp_path_factory):
    """Two values for each row, without noise and with it: (results of both, profile)."""
    top = tmp_path_factory.mktemp("arguments")
    results = {}
    for name, noise in (("plain", 0), ("noise", NOISE)):
        words = [word(row, v ^ (noise if row.width == 32 else 0))
                 for row in HERE for v in values(row)]
        done = learn("-o", top / name, "--", target("arguments"), *words)
        assert done.returncode == 0, done.stderr
        results[name] = done.stdout.split()
        assert len(results[name]) == len(words)
    return results, top


@needs_numbers
def test_there_is_a_row_for_each_call_of_this_machine():
    assert len(HERE) > 150 and {row.call for row in HERE} >= {"fcntl", "clone", "waitpid", "ipc"}


@needs_numbers
@pytest.mark.parametrize("name", ["plain", "noise"])
def test_what_is_recorded_is_what_was_passed(recorded, name):
    found = held(recorded[1] / name)
    wrong = [ident(row) for row in HERE if not set(values(row)) <= found[row.call, row.index]]
    assert not wrong


@needs_numbers
def test_noise_in_the_upper_half_is_not_recorded(recorded):
    found = held(recorded[1] / "noise")
    assert not [ident(row) for row in HERE if row.width == 32
                if any(value > LOW for value in found[row.call, row.index])]


@needs_numbers
def test_the_kernel_takes_no_notice_of_noise_in_the_upper_half(recorded):
    calls = [row for row in HERE for _ in values(row)]
    differ = {row.call for row, plain, noise in zip(calls, *recorded[0].values())
              if plain != noise and int(plain) < 0}
    assert differ <= REFUSED_ABOVE


@needs_numbers
def test_what_was_recorded_runs(recorded, learn, target):
    words = [word(row, v) for row in HERE for v in values(row)]
    done = learn("run", recorded[1] / "plain", "--", target("arguments"), *words)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == len(words)


def unseen(row):
    """A value that the policy stops: not recorded, and no bit that is let through always."""
    if row.harmless:
        return 0x4000000  # MSG_ZEROCOPY
    return {"arch_prctl": 0x1001, "clone": 0x20000000, "mmap": 7, "mprotect": 7, "mmap2": 7,
            "pkey_mprotect": 7, "unshare": 0x4000000}.get(row.call, 0x6b)


@needs_numbers
@pytest.mark.parametrize("row", [row for row in HERE if row.checked], ids=ident)
def test_another_value_is_stopped(recorded, learn, target, row):
    results = dict(zip([r.call for r in HERE for _ in values(r)], recorded[0]["plain"]))
    if int(results[row.call]) == -errno.ENOSYS:
        pytest.skip(f"this kernel has no {row.call}: policies deny it")
    done = learn("run", recorded[1] / "plain", "--", target("arguments"), word(row, unseen(row)))
    assert done.returncode == SIGSYS_STATUS, done.stderr


@needs_numbers
@pytest.mark.parametrize("row", [row for row in HERE if row.harmless], ids=ident)
def test_harmless_bits_may_come_and_go(recorded, learn, target, row):
    words = [word(row, socket.MSG_DONTWAIT), word(row, socket.MSG_NOSIGNAL | NOISE)]
    done = learn("run", recorded[1] / "plain", "--", target("arguments"), *words)
    assert done.returncode == 0, done.stderr


@needs_numbers
def test_what_is_only_shown_stops_nothing(recorded, learn, target):
    shown = [row for row in HERE if not row.checked
             and (row.call, row.index) not in (("close_range", 2), ("reboot", 0))]
    words = [word(row, 0x6b) for row in shown]
    done = learn("run", recorded[1] / "plain", "--", target("arguments"), *words)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == len(words)


# ---- what stands in memory ----

FIELDS = {("clone3", "cl_args.flags"): {0x200}, ("clone3", "cl_args.exit_signal"): {signal.SIGCHLD},
          ("openat2", "how.flags"): {0x80000}, ("openat2", "how.resolve"): {2}}


def test_flags_in_memory_are_recorded_and_never_checked(record, learn, target):
    done, profile = record(target("arguments"), "FIELDS")
    assert done.returncode == 0, done.stderr
    found = held(profile)
    assert {key: found[key] for key in FIELDS} == FIELDS
    report = learn("show", profile).stdout
    assert "how.flags: (in memory, no filter sees it)" in report
    assert "O_RDONLY|O_CLOEXEC (1)" in report and "CLONE_FS (1)" in report
    again = learn("run", profile, "--", target("arguments"), "FIELDS")
    assert again.returncode == 0, again.stderr
    text = learn("emit", "bpf_asm", profile).stdout
    assert "resolve" not in text and "how.flags" not in text


def test_fields_keep_their_values_when_profiles_are_merged(record, learn, target, tmp_path):
    profiles = [record(target("arguments"), "FIELDS")[1] for _ in range(2)]
    merged = tmp_path / "merged"
    assert learn("merge", "-o", merged, *profiles).returncode == 0
    found = held(merged)
    assert {key: found[key] for key in FIELDS} == FIELDS
    counts = [int(v["count"]) for p in json.loads(merged.read_text())["programs"]
              for call in p["phases"]["main"]["calls"][platform.machine()]
              if call["name"] == "openat2" for v in call["fields"][0]["values"]]
    assert counts == [2]


def test_a_field_that_the_call_has_not_is_refused(record, learn, target, tmp_path):
    text = record(target("arguments"), "FIELDS")[1].read_text()
    bad = tmp_path / "bad"
    bad.write_text(text.replace('"how.resolve"', '"how.else"'))
    done = learn("show", bad)
    assert done.returncode != 0 and "openat2 has no such field" in done.stderr


# ---- what two arguments mean together ----

def test_options_and_protocols_are_named_by_level_and_family(record, learn, tmp_path):
    """The same number is another option on another level."""
    script = """
import socket as s
tcp = s.socket()
tcp.setsockopt(s.SOL_SOCKET, 2, 1); tcp.setsockopt(s.IPPROTO_TCP, 1, 1); tcp.getsockopt(0, 2)
s.socket(s.AF_NETLINK, s.SOCK_RAW, 15); s.socket(s.AF_INET6, s.SOCK_DGRAM, 17)
tcp.getsockopt(s.IPPROTO_TCP, 11)
"""
    done, profile = record("python3", "-c", script)
    assert done.returncode == 0, done.stderr
    report = " ".join(learn("show", profile).stdout.split())
    for names in ("level.optname: (both together) SO_REUSEADDR (1), TCP_NODELAY (1)",
                  "level.optname: (both together) IP_TTL (1), TCP_INFO (1)",
                  "AF_INET6/IPPROTO_UDP (1)", "NETLINK_KOBJECT_UEVENT (1)"):
        assert names in report
    run_again = learn("run", profile, "--", "python3", "-c", script)
    assert run_again.returncode == 0, run_again.stderr


# ---- names ----

# name: (what Python does, the names that the report must have for it).
CALLS = {
    "fcntl": ("fcntl.fcntl(0, fcntl.F_GETFL); fcntl.fcntl(0, fcntl.F_GETLEASE)",
              {fcntl.F_GETFL: "F_GETFL", fcntl.F_GETLEASE: "F_GETLEASE"}),
    "ioctl": ("fcntl.ioctl(pty, termios.TIOCGWINSZ, bytes(8)); "
              "fcntl.ioctl(pty, termios.FIONREAD, bytes(8))",
              {termios.TIOCGWINSZ: "TIOCGWINSZ", termios.FIONREAD: "FIONREAD"}),
    "mmap": ("mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)",
             {mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC: "PROT_READ|PROT_WRITE|PROT_EXEC"}),
    "socket": ("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
               {socket.AF_NETLINK: "AF_NETLINK",
                socket.SOCK_RAW | socket.SOCK_CLOEXEC: "SOCK_RAW|SOCK_CLOEXEC"}),
    "kill": ("os.kill(os.getpid(), signal.SIGCONT)", {signal.SIGCONT: "SIGCONT"}),
    "prlimit64": ("resource.getrlimit(resource.RLIMIT_MEMLOCK)",
                  {resource.RLIMIT_MEMLOCK: "RLIMIT_MEMLOCK"}),
    "setsockopt": ("socket.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1); "
                   "socket.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)",
                   {socket.IPPROTO_TCP: "IPPROTO_TCP"}),
}


@pytest.fixture(scope="module")
def report(learn, tmp_path_factory):
    profile = tmp_path_factory.mktemp("argspecs") / "profile"
    script = "import fcntl, mmap, os, pty, resource, signal, socket, termios\n"
    script += "pty = pty.openpty()[1]\n"
    script += "\n".join(does for does, _ in CALLS.values())
    done = learn("-o", profile, "--", sys.executable, "-I", "-c", script)
    assert done.returncode == 0, done.stderr
    return learn("show", profile).stdout


@pytest.mark.parametrize("call", CALLS)
def test_a_value_is_shown_by_its_name(report, call):
    words = set(report.replace(",", " ").split())
    assert set(CALLS[call][1].values()) <= words


# (call, its arguments, what the report shows): what each is called in its manual page. None of them
# does anything: descriptors, addresses and processes that are none.
NAMED = [
    ("fcntl", (FD, 1033), "cmd: F_ADD_SEALS"),
    ("fcntl", (FD, 1024), "cmd: F_SETLEASE"),
    ("ioctl", (FD, 0x5412), "request: TIOCSTI"),
    ("prctl", (24, 99), "option: PR_CAPBSET_DROP"),
    ("socket", (99, 1, 0), "type: SOCK_STREAM"),
    ("socket", (16, 99, 9), "domain.protocol: (both together) NETLINK_AUDIT"),
    ("socketpair", (1, 99, 0), "domain: AF_UNIX"),
    ("setsockopt", (FD, 1, 15, 0, 0), "SO_REUSEPORT"),
    ("getsockopt", (FD, 41, 26, 0, 0), "level: IPPROTO_IPV6"),
    ("clone", (0x10000 | 0x10000000,), "flags: CLONE_THREAD|CLONE_NEWUSER"),
    ("unshare", (0x10000000 | 0x80000000 << 32,), "flags: CLONE_NEWUSER"),
    ("setns", (FD, 0x40000000), "nstype: CLONE_NEWNET"),
    ("mmap", (0, 0, 7, 0x62), "prot: PROT_READ|PROT_WRITE|PROT_EXEC"),
    ("mmap", (0, 0, 1, 0x8002), "flags: MAP_PRIVATE|MAP_POPULATE"),
    ("mprotect", (1, 0, 5), "prot: PROT_READ|PROT_EXEC"),
    ("pkey_mprotect", (1, 0, 3, 0), "prot: PROT_READ|PROT_WRITE"),
    ("madvise", (1, 0, 4), "advice: MADV_DONTNEED"),
    ("futex", (1, 0x81), "op: FUTEX_WAKE|FUTEX_PRIVATE_FLAG"),
    ("personality", (0xFFFFFFFF,), "persona: PER_QUERY"),
    ("arch_prctl", (0x1011, 0), "code: ARCH_GET_CPUID"),
    ("prlimit64", (NOBODY, 7, 0, 0), "resource: RLIMIT_NOFILE"),
    ("seccomp", (2, 0, 0), "operation: SECCOMP_GET_ACTION_AVAIL"),
    ("bpf", (5, 0, 0), "cmd: BPF_PROG_LOAD"),
    ("keyctl", (11, FD), "operation: KEYCTL_READ"),
    ("kill", (NOBODY, 10), "sig: SIGUSR1"),
    ("tgkill", (NOBODY, NOBODY, 12), "sig: SIGUSR2"),
    ("epoll_ctl", (FD, 2, FD, 0), "op: EPOLL_CTL_DEL"),
    ("fallocate", (FD, 3), "mode: FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE"),
    ("open", (0, 0x241), "flags: O_WRONLY|O_CREAT|O_TRUNC"),
    ("openat", (FD, 0, 0x410000), "flags: O_RDONLY|O_TMPFILE"),
    ("memfd_create", (0, 3), "flags: MFD_CLOEXEC|MFD_ALLOW_SEALING"),
    ("ptrace", (16, NOBODY), "request: PTRACE_ATTACH"),
    ("process_madvise", (FD, 0, 0, 20), "advice: MADV_COLD"),
    ("pidfd_send_signal", (FD, 15, 0, 2), "flags: PIDFD_SIGNAL_THREAD_GROUP"),
]


@pytest.fixture(scope="module")
def blocks(learn, target, tmp_path_factory):
    """What is reported of each call of the program NAMED is."""
    profile = tmp_path_factory.mktemp("named") / "profile"
    numbers = {row.call: row.nr64 for row in HERE}
    words = [":".join(map(str, (64, numbers[call], *(n & (1 << 64) - 1 for n in args),
                                *[0] * (6 - len(args))))) for call, args, _ in NAMED]
    done = learn("-o", profile, "--", target("arguments"), *words)
    assert done.returncode == 0, done.stderr
    found, call = collections.defaultdict(str), None
    for line in learn("show", profile).stdout.splitlines():
        entry = re.match(r" +\d+  (\w+)", line)
        call = entry[1] if entry else call
        found[call] += " " + " ".join(line.split())
    return found


@needs_numbers
@pytest.mark.parametrize("call, args, shown", NAMED, ids=lambda value: str(value))
def test_arguments_are_called_what_their_manual_page_calls_them(blocks, call, args, shown):
    arg, _, name = shown.rpartition(": ")
    values = blocks[call][blocks[call].find(arg + ":"):]
    assert arg in blocks[call] and re.search(rf"(?<![|\w]){re.escape(name)} \(\d+\)", values)


# What strace and the manual call them; several have names that others share.
REQUESTS = {0x5401: "TCGETS", 0x541B: "FIONREAD", 0x80086601: "FS_IOC_GETFLAGS",
            0x40049409: "FICLONE", 0x8912: "SIOCGIFCONF", 0x2285: "SG_IO", 0xAE80: "KVM_RUN",
            0x80685600: "VIDIOC_QUERYCAP",
            0x80044501: "EVIOCGVERSION", 0x4B3B: "KDGETMODE", 0x1: "FIBMAP",
            0xC020AE99: "_IOC(_IOC_READ|_IOC_WRITE,0xae,0x99,0x20)",
            0x89FA: "_IOC(_IOC_NONE,0x89,0xfa,0x0)"}


@needs_numbers
def test_requests_to_graphics_devices_have_names_where_there_was_a_header():
    if not any(pathlib.Path("/usr/include", at, "drm.h").exists() for at in ("drm", "libdrm")):
        pytest.skip("no <drm/drm.h> here (Debian: libdrm-dev)")
    names = [tool("ioctl", 1, value).strip() for value in (0xC0406400, 0x641E, 0xC04064A0)]
    assert names == ["DRM_IOCTL_VERSION", "DRM_IOCTL_SET_MASTER", "DRM_IOCTL_MODE_GETRESOURCES"]
    assert tool("ioctl", 1, 0x6457).strip() == "_IOC(_IOC_NONE,0x64,0x57,0x0)"  # each driver's own


@needs_numbers
@pytest.mark.parametrize("value", REQUESTS, ids=hex)
def test_ioctl_requests_have_one_stable_name(value):
    assert tool("ioctl", 1, value).strip() == REQUESTS[value]
