# SPDX-License-Identifier: GPL-3.0-or-later
"""However a recording ends: what was seen is in a whole profile, and learn says what happened."""

import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import time

import pytest

from conftest import environment, need, need_mounts, run

def descendants(pid):
    """The pids of all processes below pid, from /proc."""
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(errors="replace")
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, left = [], [pid]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds=20):
    """The condition's first true value, which must come within that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("did not happen in time")


@pytest.fixture
def long_recording(learn_path, tmp_path):
    """learn while it traces a shell with two sleeping children and a busy one."""
    profile = tmp_path / "long.profile"
    shell = "sleep 600 & sleep 600 & while :; do /bin/true; sleep 0.05; done"
    process = subprocess.Popen([learn_path, "-o", profile, "--", "/bin/sh", "-c", shell],
                               env=environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: len(descendants(process.pid)) >= 3)
        yield process, profile
    finally:
        for pid in [process.pid, *descendants(process.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.communicate(timeout=20)


def test_killing_learn_leaves_no_process_and_an_incomplete_profile(long_recording, learn):
    process, profile = long_recording
    wait_until(lambda: profile.exists() and "nanosleep" in profile.read_text())
    tree = descendants(process.pid)
    process.kill()
    process.wait(timeout=20)
    wait_until(lambda: not any(alive(pid) for pid in tree))
    shown = learn("show", profile)
    assert shown.returncode == 0, shown.stderr
    assert "incomplete" in shown.stdout.lower()
    assert [name for name in os.listdir(profile.parent) if name != profile.name] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_to_learn_reaches_the_command(learn_path, tmp_path, number):
    ready = tmp_path / "ready"
    shell = f"trap 'echo caught; exit 7' {int(number)}; : >{ready}; while :; do sleep 0.05; done"
    process = subprocess.Popen([learn_path, "-o", tmp_path / "p", "--", "/bin/sh", "-c", shell],
                               env=environment(), stdout=subprocess.PIPE, text=True)
    wait_until(ready.exists)
    process.send_signal(number)
    output, _ = process.communicate(timeout=20)
    assert (process.returncode, output) == (7, "caught\n")


def test_a_command_killed_from_outside_is_recorded(learn_path, tmp_path):
    profile = tmp_path / "p"
    process = subprocess.Popen([learn_path, "-o", profile, "--", "sleep", "600"],
                               env=environment(), stdin=subprocess.DEVNULL)
    child = wait_until(lambda: descendants(process.pid))[0]
    wait_until(lambda: profile.exists() and "nanosleep" in profile.read_text())
    os.kill(child, signal.SIGKILL)
    assert process.wait(timeout=20) == 128 + signal.SIGKILL
    run_of = json.loads(profile.read_text())["runs"][0]
    assert (run_of["signal"], run_of["complete"]) == ("SIGKILL", True)


def test_a_full_disk_is_said_and_learn_fails(learn, target):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    done = learn("-o", "/dev/full", "--", target("fork"))
    assert done.returncode == 125
    assert "/dev/full" in done.stderr


def test_when_the_command_is_killed_what_it_left_is_recorded_on(learn_path, tmp_path, tsv):
    script = "(sleep 0.5; exec /bin/ls /) >/dev/null & kill -KILL $$"
    done = run([learn_path, "-o", tmp_path / "p", "--", "/bin/sh", "-c", script])
    assert done.returncode == 128 + signal.SIGKILL
    run_of = json.loads((tmp_path / "p").read_text())["runs"][0]
    assert (run_of["signal"], run_of["complete"]) == ("SIGKILL", True)
    assert "getdents64" in {row.call for row in tsv(tmp_path / "p")}


def test_a_command_that_ignores_sigterm_goes_on_and_so_does_the_recording(learn_path, tmp_path,
                                                                         tsv):
    ready = tmp_path / "ready"
    shell = f"trap '' TERM; : >{ready}; sleep 0.5; exec /bin/ls /"
    process = subprocess.Popen([learn_path, "-o", tmp_path / "p", "--", "/bin/sh", "-c", shell],
                               env=environment(), stdout=subprocess.DEVNULL)
    wait_until(ready.exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert "getdents64" in {row.call for row in tsv(tmp_path / "p")}


def test_learn_killed_at_any_moment_leaves_a_whole_profile(learn_path, record, target, tmp_path):
    """The one from before, or the one of now."""
    done, before = record(target("fork"))
    assert done.returncode == 0
    directory, seen = tmp_path / "killed", set()
    directory.mkdir()
    profile, old = directory / "p", before.read_bytes()
    for i in range(25):
        profile.write_bytes(old)
        process = subprocess.Popen([learn_path, "-q", "-o", profile, "--", "sh", "-c",
                                    "while :; do /bin/true; done"], env=environment(),
                                   stderr=subprocess.DEVNULL)
        time.sleep(0.004 * i)
        process.kill()
        process.wait(timeout=20)
        now = profile.read_bytes()
        assert now == old or json.loads(now)["complete"] is False
        seen.add(now == old)
    assert seen == {True, False}


# ---- a disk that is full ----

def on_small_disk(learn_path, disk, *options, before="", script):
    """Records a shell script whose profile is to be DISK/p, on a file system of its own that is no
    larger than 1 MB; DISK is copied to DISK.after then."""
    need_mounts()
    need("unshare", "mount")
    disk.mkdir()
    learn = shlex.join(map(str, [learn_path, *options, "-o", disk / "p", "--", "/bin/sh", "-c",
                                 script]))
    return run(["unshare", "--mount", "sh", "-ec", f"""
        mount -t tmpfs -o size=1m tmpfs {disk}
        cd {disk}
        {before}
        status=0
        {learn} || status=$?
        rm -f {disk}/fill
        cp -r {disk} {disk}.after
        exit $status"""], env={"TMPDIR": disk.parent})


FILL = "cat /dev/zero >fill 2>/dev/null ||:;"
ONCE_SAVED = "until test -s p; do /bin/sleep 0.01; done;"


def test_a_disk_that_fills_up_loses_nothing(learn_path, tmp_path):
    """Saving is tried while it runs, at its end, and then elsewhere."""
    done = on_small_disk(learn_path, tmp_path / "disk",
                         script=f"{ONCE_SAVED} {FILL} sleep 4; exec /bin/ls /")
    assert done.returncode == 125
    lines = done.stderr.splitlines()
    full = f"learn: cannot write '{tmp_path}/disk/p': No space left on device"
    assert [line for line in lines if line == full] == [full, full]
    assert re.search("recording goes on.* 6 s", done.stderr) and len(lines) == 4
    rescued = pathlib.Path(re.search("'(.*)' holds what was seen", lines[-1])[1])
    assert rescued.parent == tmp_path
    assert '"getdents64"' in rescued.read_text()
    assert json.loads(rescued.read_text())["complete"] is True
    # What was saved at the beginning is whole, and nothing else is left there.
    assert os.listdir(tmp_path / "disk.after") == ["p"]
    assert json.loads((tmp_path / "disk.after" / "p").read_text())["complete"] is False


@pytest.mark.long
def test_a_disk_that_was_full_for_a_while_has_the_whole_profile(learn_path, tmp_path):
    done = on_small_disk(learn_path, tmp_path / "disk", script=f"{FILL} sleep 4; rm fill; ls /")
    assert done.returncode == 0
    assert "No space left" in done.stderr and "recording goes on" in done.stderr
    assert json.loads((tmp_path / "disk.after" / "p").read_text())["complete"] is True


def test_on_a_full_disk_nothing_begins_and_the_old_profile_stays(learn_path, record, target,
                                                                tmp_path):
    _, old = record(target("fork"))
    done = on_small_disk(learn_path, tmp_path / "disk", before=f"cp {old} p; {FILL} :",
                         script=f": >{tmp_path}/ran")
    assert done.returncode == 125
    assert done.stderr.splitlines()[0] == \
        f"learn: cannot write '{tmp_path}/disk/p': No space left on device"
    assert not (tmp_path / "ran").exists()
    assert (tmp_path / "disk.after" / "p").read_bytes() == old.read_bytes()


# ---- signals to many ----

@pytest.fixture
def counter(learn_path, target, tmp_path):
    """counter(NUMBER...): learn, in a process group of its own, and a command that counts these."""
    running = []

    def start(*numbers):
        process = subprocess.Popen([learn_path, "-q", "-o", tmp_path / "p", "--", target("counter"),
                                    *(str(int(number)) for number in numbers)],
                                   env=environment(), stdout=subprocess.PIPE, text=True,
                                   process_group=0)
        running.append(process)
        assert process.stdout.readline() == "ready\n"
        return process
    yield start
    for process in running:
        process.kill()
        process.communicate(timeout=20)


def counted(process):
    time.sleep(0.3)
    process.send_signal(signal.SIGUSR1)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    return [int(word) for word in output.split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGRTMIN + 1])
def test_a_signal_to_the_whole_group_comes_once(counter, number):
    """The second one of its kind means something else to many a program."""
    process = counter(number)
    for _ in range(10):
        os.killpg(process.pid, number)
        time.sleep(0.03)
    assert counted(process) == [10]


def test_each_signal_to_learn_alone_comes(counter):
    process = counter(signal.SIGTERM, signal.SIGRTMIN + 1, signal.SIGPROF)
    for _ in range(5):
        for number in (signal.SIGTERM, signal.SIGRTMIN + 1, signal.SIGPROF):
            process.send_signal(number)
        time.sleep(0.1)
    assert counted(process) == [5, 5, 5]


@pytest.mark.parametrize("name", ["VTALRM", "PROF", "IO", "PWR", "STKFLT", "XCPU", "XFSZ", "PIPE",
                                  "RTMIN", "RTMAX", "HUP", "TERM"])
def test_a_signal_that_a_program_sends_to_its_group_ends_not_learn(learn_path, tmp_path, name):
    """`kill 0` in a shell means learn, too, which is of the group."""
    need("bash")
    script = f"trap 'echo caught' {name}; (trap '' {name}; kill -{name} 0); sleep 0.1; exit 3"
    process = subprocess.Popen([learn_path, "-o", tmp_path / "p", "--", "bash", "-c", script],
                               env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, start_new_session=True)
    assert process.communicate(timeout=20) == ("caught\n", "")
    assert process.returncode == 3


def test_when_nobody_reads_its_messages_the_recording_goes_on(learn_path, tmp_path):
    """Of a process that is left behind there is a message."""
    script = f"(sleep 1.5; : >{tmp_path}/late) >/dev/null 2>&1 & exit 3"
    process = subprocess.Popen([learn_path, "-o", tmp_path / "p", "--", "sh", "-c", script],
                               env=environment(), stderr=subprocess.PIPE)
    process.stderr.close()
    assert process.wait(timeout=20) == 3
    assert (tmp_path / "late").exists()
    assert json.loads((tmp_path / "p").read_text())["complete"] is True


@pytest.mark.parametrize("limit, begun", [(8, False), (64, True)])
def test_a_limit_on_the_size_of_files_is_a_write_that_fails(learn_path, tmp_path, limit, begun):
    """64 KiB is enough to begin; the profile is larger."""
    script = "while [ $((n += 1)) -lt 400 ]; do : >made-$n; done; exit 3"
    done = run(["bash", "-c", f'ulimit -f {limit}; exec "$@"', "bash", learn_path, "-o", "p", "--",
                "sh", "-c", script], cwd=tmp_path)
    assert done.returncode == 125
    assert "learn: cannot write 'p': File too large" in done.stderr.splitlines()
    assert (tmp_path / "made-399").exists() == begun
    assert not [name for name in os.listdir(tmp_path) if name.startswith("p.")]


def test_with_nohup_a_hangup_is_no_end_of_a_recording(learn_path, tmp_path):
    need("nohup")
    program = subprocess.Popen(["sleep", "600"])
    try:
        process = subprocess.Popen(["nohup", learn_path, "-o", tmp_path / "p", "-p",
                                    str(program.pid)], env=environment(),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        wait_until((tmp_path / "p").exists)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        program.kill()
        program.wait()
