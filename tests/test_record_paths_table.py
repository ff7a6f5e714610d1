# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call that takes a path is looked into: those that only look, 32-bit ones, and the table."""

import os
import platform
import re
import stat

import pytest

import test_record_paths_calls as calls_
import test_record_paths_lookup as lookup
from calls import AT_EMPTY_PATH, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_SYMLINK_NOFOLLOW, CWD, number
from test_record_addresses import call32  # noqa: F401
from test_record_paths_calls import CHANGES, USES, yard  # noqa: F401

R, W, CREAT = os.O_RDONLY, os.O_WRONLY, os.O_CREAT
Q_GETQUOTA = 0x800007 << 8

# ---- looking ----

LOOKS = {
    "newfstatat": ("newfstatat", CWD, "s:a/link", "b:" + "00" * 256, 0),
    "stat": ("stat", "s:a/link", "b:" + "00" * 256),
    "lstat": ("lstat", "s:a/link", "b:" + "00" * 256),
    "statx": ("statx", CWD, "s:a/link", AT_SYMLINK_NOFOLLOW, 0, "b:" + "00" * 256),
    "access": ("access", "s:a/link", 4),
    "faccessat": ("faccessat", CWD, "s:a/link", 4),
    "faccessat2": ("faccessat2", CWD, "s:a/link", 4, AT_SYMLINK_NOFOLLOW),
    "readlink": ("readlink", "s:a/link", "b:" + "00" * 64, 64),
    "readlinkat": ("readlinkat", CWD, "s:a/link", "b:" + "00" * 64, 64),
    "getxattr": ("!getxattr", "s:a/link", "s:user.learn", 0, 0),
    "lgetxattr": ("!lgetxattr", "s:a/link", "s:user.learn", 0, 0),
    "listxattr": ("!listxattr", "s:a/link", 0, 0),
    "llistxattr": ("!llistxattr", "s:a/link", 0, 0),
    "getxattrat": ("!getxattrat", CWD, "s:a/link", AT_SYMLINK_NOFOLLOW, "s:user.learn",
                   "b:" + "00" * 16, 16),
    "listxattrat": ("!listxattrat", CWD, "s:a/link", AT_SYMLINK_NOFOLLOW, 0, 0),
    "file_getattr": ("!file_getattr", CWD, "s:a/link", "b:" + "00" * 24, 24, AT_SYMLINK_NOFOLLOW),
    "statfs": ("statfs", "s:a/link", "b:" + "00" * 256),
    "quotactl": ("!quotactl", Q_GETQUOTA, "s:a/link", 0, "s:a/fifo"),
    "name_to_handle_at": ("!name_to_handle_at", CWD, "s:a/link", "b:" + "00" * 8, "b:00000000", 0),
    "name_to_handle_at that follows": ("!name_to_handle_at", CWD, "s:a/link", "b:" + "00" * 8,
                                       "b:00000000", AT_SYMLINK_FOLLOW),
}
FOLLOWED = {"newfstatat", "stat", "access", "faccessat", "getxattr", "listxattr", "statfs",
            "quotactl", "name_to_handle_at that follows"}


@pytest.mark.parametrize("name", LOOKS)
def test_what_is_only_looked_at_is_recorded_when_asked_for(made, yard, name):
    assert made(LOOKS[name]).did("stat") == set()
    path = yard / "a" / ("file" if name in FOLLOWED else "link")
    assert made(LOOKS[name], options=["--stat-paths"]).did("stat") == {os.fsencode(path)}


def test_a_descriptor_is_looked_at_by_an_empty_path(made, yard):
    done = made(("openat", CWD, "s:a/link", os.O_PATH | os.O_NOFOLLOW),
                ("readlinkat", "r0", "s:", "b:" + "00" * 64, 64),
                ("openat", CWD, "s:b", os.O_PATH),
                ("newfstatat", "r2", "s:", "b:" + "00" * 256, AT_EMPTY_PATH),
                ("openat", CWD, "s:a/fifo", os.O_PATH),
                ("!statx", "r4", 0, AT_EMPTY_PATH, 0, "b:" + "00" * 256),
                ("openat", CWD, "s:b/file", os.O_PATH),
                ("!name_to_handle_at", "r6", "s:", "b:" + "00" * 8, "b:00000000", AT_EMPTY_PATH),
                options=["--stat-paths"])
    assert done.did("stat") == {os.fsencode(yard / name)
                                for name in ("a/link", "b", "a/fifo", "b/file")}


# ---- 32-bit calls ----

# What 32-bit programs alone have.
LOOKS_32 = {
    "statfs64": (("statfs64", "s:a/link", 84, "b:" + "00" * 84), "a/file"),
    "stat64": (("stat64", "s:a/link", "b:" + "00" * 128), "a/file"),
    "lstat64": (("lstat64", "s:a/link", "b:" + "00" * 128), "a/link"),
    "fstatat64": (("fstatat64", CWD, "s:a/link", "b:" + "00" * 128, AT_SYMLINK_NOFOLLOW), "a/link"),
    "oldstat": (("!oldstat", "s:a/link", "b:" + "00" * 128), "a/file"),
    "oldlstat": (("!oldlstat", "s:a/link", "b:" + "00" * 128), "a/link"),
}


@pytest.mark.parametrize("name", LOOKS_32)
def test_a_32_bit_programs_own_calls_are_looked_into(made, yard, call32, name):  # noqa: F811
    call, path = LOOKS_32[name]
    done = made(call, options=["--stat-paths"], arch="x86", target=call32)
    assert done.did("stat") == {os.fsencode(yard / path)}


TIMES_64 = "b:" + "00" * 32
USES_32 = {
    "open": ([("open", "s:a/new", W | CREAT, 0o644)], "create_file", "a/new"),
    "creat": ([("creat", "s:a/new", 0o644)], "create_file", "a/new"),
    "mknod": ([("mknod", "s:a/new", stat.S_IFIFO | 0o644, 0)], "create_fifo", "a/new"),
    "rename": ([("rename", "s:a/file", "s:a/new")], "remove_file", "a/file"),
    "unlinkat": ([("unlinkat", CWD, "s:a/dir", AT_REMOVEDIR)], "remove_dir", "a/dir"),
    "truncate64": ([("truncate64", "s:a/link", 0, 0)], "truncate", "a/file"),
    "ftruncate64": ([("openat", CWD, "s:a/file", W), ("ftruncate64", "r0", 0, 0)], "truncate",
                    "a/file"),
    "chown": ([("chown", "s:a/link", -1, -1)], "metadata", "a/file"),
    "chown32": ([("chown32", "s:a/link", -1, -1)], "metadata", "a/file"),
    "lchown32": ([("lchown32", "s:a/link", -1, -1)], "metadata", "a/link"),
    "fchown32": ([("openat", CWD, "s:a/file", R), ("fchown32", "r0", -1, -1)], "metadata",
                 "a/file"),
    "utimensat_time64": ([("utimensat_time64", CWD, "s:a/link", TIMES_64, AT_SYMLINK_NOFOLLOW)],
                         "metadata", "a/link"),
    "inotify": ([("inotify_init", 0), ("inotify_add_watch", "r0", "s:a/link", 2)], "watch",
                "a/file"),
    "umount": ([("!umount", "s:a/link")], "mount", "a/file"),
    "execve": ([("!execve", "s:a/link", 0, 0)], "execute", "a/file"),
}


@pytest.mark.parametrize("name", USES_32)
def test_what_a_32_bit_call_does_is_recorded(made, yard, call32, name):  # noqa: F811
    calls, effect, path = USES_32[name]
    done = made(*calls, arch="x86", target=call32)
    assert done.did(effect) == {os.fsencode(yard / path)}
    if effect.startswith(("create", "remove")):
        assert done.before != done.after


@pytest.fixture
def by_80():
    """The same calls by int 0x80."""
    if platform.machine() != "x86_64":
        pytest.skip("int 0x80 is x86_64's")

    def through(calls):
        return [(row[0].replace(row[0].lstrip("!"), "%" + row[0].lstrip("!")), *row[1:])
                for row in calls]
    return through


@pytest.mark.parametrize("name", USES_32)
def test_a_64_bit_program_may_make_32_bit_calls(made, yard, by_80, name):
    """By int 0x80, where each number means another call than it does for the program's own."""
    if made(*by_80([("!getpid",)])).done.stdout.split()[1] == b"-38":
        pytest.skip("this kernel makes no 32-bit calls")
    calls, effect, path = USES_32[name]
    done = made(*by_80(calls))
    assert done.did(effect) == {os.fsencode(yard / path)}
    if effect.startswith(("create", "remove")):
        assert done.before != done.after


# ---- the table ----

# The kernel's calls that take a path (include/linux/syscalls.h, Linux 6.18).
TAKE_A_PATH = """
    open creat openat openat2 execve execveat uselib mkdir mkdirat mknod mknodat symlink symlinkat
    link linkat rename renameat renameat2 unlink unlinkat rmdir truncate truncate64 chmod fchmodat
    fchmodat2 chown chown32 lchown lchown32 fchownat utime utimes futimesat utimensat
    utimensat_time64 setxattr lsetxattr removexattr lremovexattr setxattrat removexattrat getxattr
    lgetxattr listxattr llistxattr getxattrat listxattrat chdir chroot pivot_root mount umount
    umount2 move_mount open_tree open_tree_attr mount_setattr fspick fsconfig swapon swapoff acct
    quotactl inotify_add_watch fanotify_mark stat stat64 lstat lstat64 oldstat oldlstat newfstatat
    fstatat64 statx access faccessat faccessat2 readlink readlinkat statfs statfs64
    name_to_handle_at open_by_handle_at file_getattr file_setattr bpf
    mq_open mq_unlink
    """.split()
# Those whose address may be a path, by their class.
TAKE_AN_ADDRESS = "bind connect sendto sendmsg sendmmsg socketcall".split()
# Those that act on what a descriptor is.
TAKE_A_FILE = "fchdir fchmod fchown fchown32 ftruncate ftruncate64 fsetxattr fremovexattr".split()
# Why a call with a name in it has no path in the table.
NAMES_THAT_ARE_NO_PATHS = {
    "memfd_create": "shown in /proc only", "fsopen": "a kind of file system",
    "delete_module": "a module", "sysfs": "a kind of file system", "shmget": "a number",
}


@pytest.fixture(scope="module")
def table(srcdir):
    text = (srcdir / "lib" / "sysdb" / "syscalls.tbl").read_text()
    return dict(re.findall(r"^CALL\((\w+), (.*)\)$", text, re.M))


def test_every_call_that_takes_a_path_has_a_row_that_says_so(table):
    paths = re.compile(r"\b(?:AT|PATH|BY_FD)\(")
    assert [name for name in TAKE_A_PATH + TAKE_A_FILE if not paths.search(table.get(name, ""))] \
        == []
    assert [name for name in TAKE_AN_ADDRESS
            if not re.match(r" *(ADDRESS|MESSAGE|MESSAGES|SOCKETCALL),", table.get(name, ""))] == []


def test_no_call_has_a_path_that_the_list_does_not_know(table):
    with_paths = {name for name, row in table.items() if re.search(r"\b(?:AT|PATH|BY_FD)\(", row)}
    assert with_paths == set(TAKE_A_PATH + TAKE_A_FILE)
    assert not with_paths & set(NAMES_THAT_ARE_NO_PATHS)


def test_every_name_of_the_table_is_a_call_of_some_architecture(table):
    unknown = set()
    for name in table:
        try:
            number(name, "x86_64")
        except pytest.skip.Exception:
            try:
                number(name, "x86")
            except pytest.skip.Exception:
                unknown.add(name)
    assert unknown == set()


# The tests of calls that are in no list of cases.
ALONE = {
    "openat2": lookup.test_what_openat2_lets_through_is_recorded,
    "execveat": calls_.test_each_script_of_a_chain_is_executed,
    "pivot_root": calls_.test_pivot_root_has_two_paths,
    "open_by_handle_at": calls_.test_a_file_opened_by_its_handle_is_recorded,
    "mq_open": calls_.test_a_message_queue_is_a_file_where_queues_are_mounted,
    "mq_unlink": calls_.test_a_message_queue_is_a_file_where_queues_are_mounted,
}


def test_every_call_that_takes_a_path_is_made_by_a_test():
    made = {row[0] for rows in CHANGES.values() for row in rows}
    made |= {row[0] for rows, _, _ in [*USES.values(), *USES_32.values()] for row in rows}
    made |= {row[0] for row in [*LOOKS.values(), *(row for row, _ in LOOKS_32.values())]}
    made = {name.lstrip("!") for name in made} | set(ALONE)
    assert set(TAKE_A_PATH + TAKE_A_FILE) - made == set()
