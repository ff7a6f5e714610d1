# SPDX-License-Identifier: GPL-3.0-or-later
"""learn -p: programs that run already are recorded, and do not notice."""

import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

import pytest

from conftest import NOBODY, environment, free_port, need, need_mounts, run


def wait_until(condition, seconds=20):
    """The condition's first true value, which must come within that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("did not happen in time")


def status(tid):
    """/proc/TID/status as a dictionary."""
    text = pathlib.Path(f"/proc/{tid}/status").read_text()
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def alive(pid):
    with contextlib.suppress(OSError):
        return not status(pid)["State"].startswith("Z")
    return False


def asleep(pid):
    """It has been executed, and waits."""
    with contextlib.suppress(OSError):
        return status(pid)["Name"] == "sleep" and status(pid)["State"].startswith("S")
    return False


def traced_by(tid, pid):
    """False too for a task that has ended meanwhile."""
    with contextlib.suppress(OSError):
        return status(tid)["TracerPid"] == str(pid)
    return False


def tasks(*pids):
    return [int(tid) for pid in pids for tid in os.listdir(f"/proc/{pid}/task")]


def visible_state(*pids):
    """What of its tasks an attachment may not change."""
    fields = ("State", "TracerPid", "Cpus_allowed", "SigBlk", "SigIgn", "SigCgt", "NoNewPrivs",
              "Seccomp")
    states = {}
    for tid in tasks(*pids):
        states[tid] = {field: status(tid)[field] for field in fields}
        if states[tid]["State"][0] in "RSD":
            states[tid]["State"] = "alive"
    return states


@pytest.fixture
def started(tmp_path):
    """started(WORDS...): a program of our own, killed at the end."""
    running = []

    def start(*words, **more):
        process = subprocess.Popen([os.fspath(word) for word in words], env=environment(),
                                   **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                                      "cwd": tmp_path, "text": True, **more})
        running.append(process)
        return process
    yield start
    for process in running:
        process.terminate()  # nginx's master process ends its workers
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=2)
        process.kill()
        process.communicate(timeout=20)


@pytest.fixture
def attach(learn_path, tmp_path):
    """attach(PID...): learn, once it traces all of their tasks."""
    running = []

    def begin(*pids, options=(), profile=None):
        words = [word for pid in pids for word in ("-p", str(pid))]
        process = subprocess.Popen(
            [learn_path, *options, "-o", profile or tmp_path / "attached.profile", *words],
            env=environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        running.append(process)

        def all_traced():
            assert process.poll() is None, process.stderr.read()
            return all(traced_by(tid, process.pid) for tid in tasks(*pids))
        wait_until(all_traced)
        return process
    yield begin
    for process in running:
        process.kill()
        process.communicate(timeout=20)


def detach(process, number=signal.SIGINT):
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    return said


def settled_state(*pids):
    """The same at two looks: threads that begin block all signals for a moment."""
    def settled():
        state = visible_state(*pids)
        time.sleep(0.05)
        return state if visible_state(*pids) == state else None
    return wait_until(settled)


@contextlib.contextmanager
def attached_for(attach, seconds, *pids):
    before = settled_state(*pids)
    process = attach(*pids)
    time.sleep(seconds)
    yield
    detach(process)
    assert visible_state(*pids) == before


# ---- the program does not notice ----

def test_a_program_that_watches_over_itself_is_attached_to_20_times(attach, started, target):
    program = started(target("invariants"), stdin=subprocess.PIPE)
    assert program.stdout.readline() == "running\n"
    for i in range(20):
        process = attach(program.pid)
        time.sleep(0.02 * (i % 5))
        detach(process)
        assert program.poll() is None
    said, _ = program.communicate(timeout=20)
    assert (program.returncode, said) == (0, "nothing amiss\n")


class Load:
    """Threads that call REQUEST(connection) on CONNECT() until stopped; any failure is kept."""

    def __init__(self, connect, request, threads=4):
        self.failures, self.requests, self.over = [], 0, False
        self.threads = [threading.Thread(target=self.work, args=(connect, request))
                        for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def work(self, connect, request):
        try:
            connection = connect()
            while not self.over:
                request(connection)
                self.requests += 1
        except Exception as failure:
            self.failures.append(failure)

    def stop(self):
        self.over = True
        for thread in self.threads:
            thread.join(timeout=20)
        assert not self.failures
        assert self.requests > 100


def listening(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def test_redis_under_load_fails_no_request(attach, started, tmp_path, tsv):
    port = free_port()
    server = started(need("redis-server"), "--port", str(port), "--save", "", "--bind",
                     "127.0.0.1", stdout=subprocess.DEVNULL)
    wait_until(lambda: listening(port))

    def connect():
        return socket.create_connection(("127.0.0.1", port), 20).makefile("rwb", buffering=0)

    def request(stream):
        stream.write(b"INCR n\r\n")
        assert stream.readline().startswith(b":")

    load = Load(connect, request)
    for _ in range(3):
        with attached_for(attach, 1.5, server.pid):
            pass
        before = load.requests
        wait_until(lambda: load.requests > before + 100)
    load.stop()
    calls = {row.call for row in tsv(tmp_path / "attached.profile")}
    assert {"epoll_wait", "read", "write"} <= calls


NGINX = """\
daemon off; master_process on; worker_processes 3; pid {dir}/pid; error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {dir}; proxy_temp_path {dir}; fastcgi_temp_path {dir};
    uwsgi_temp_path {dir}; scgi_temp_path {dir}; keepalive_requests 1000000;
    server {{ listen 127.0.0.1:{port}; root {dir}; }}
}}
"""


def test_nginx_with_workers_under_load_fails_no_request(attach, started, public_dir, tmp_path, tsv):
    port, config = free_port(), public_dir / "nginx.conf"
    config.write_text(NGINX.format(dir=public_dir, port=port))
    (public_dir / "index.html").write_text("hello\n")
    server = started(need("nginx"), "-c", config, "-e", public_dir / "error.log",
                     stdout=subprocess.DEVNULL)
    wait_until(lambda: listening(port))
    workers = wait_until(lambda: children(server.pid) if len(children(server.pid)) == 3 else None)

    def connect():
        return http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def request(connection):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"hello\n"

    load = Load(connect, request)
    for _ in range(3):
        with attached_for(attach, 1, server.pid):
            assert all(status(pid)["TracerPid"] != "0" for pid in workers)
    load.stop()
    assert children(server.pid) == workers
    assert "Interrupted" not in (public_dir / "error.log").read_text()
    calls = {row.call for row in tsv(tmp_path / "attached.profile")}
    assert {"epoll_wait", "recvfrom", "writev"} <= calls


def children(pid):
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if status(name)["PPid"] == str(pid):
                found.append(int(name))
    return sorted(found)


def test_programs_that_are_executed_meanwhile_are_recorded_and_unharmed(attach, started, tmp_path,
                                                                        tsv):
    shell = started("/bin/sh", "-c", "while /bin/true; do :; done; echo status $?")
    for _ in range(10):
        process = attach(shell.pid)
        time.sleep(0.2)
        detach(process)
        assert shell.poll() is None
    assert any(row.program.endswith("/true") for row in tsv(tmp_path / "attached.profile"))


def test_a_stopped_program_stays_stopped_and_goes_on_when_told(attach, started):
    program = started("/bin/sh", "-c", "read line; echo $line", stdin=subprocess.PIPE)
    program.send_signal(signal.SIGSTOP)
    wait_until(lambda: status(program.pid)["State"].startswith("T"))
    process = attach(program.pid)
    time.sleep(0.2)
    detach(process)
    time.sleep(0.1)
    assert status(program.pid)["State"].startswith("T (stopped")
    program.send_signal(signal.SIGCONT)
    said, _ = program.communicate("on", timeout=20)
    assert (program.returncode, said) == (0, "on\n")


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGTSTP])
def test_a_program_that_is_stopped_meanwhile_stays_stopped(attach, started, number):
    # In a group of its own: the kernel spares an orphaned one from the terminal's stops.
    program = started("sleep", "600", process_group=0)
    process = attach(program.pid)
    program.send_signal(number)
    time.sleep(0.2)
    detach(process)
    time.sleep(0.1)
    assert status(program.pid)["State"].startswith("T (stopped")
    program.send_signal(signal.SIGCONT)
    wait_until(lambda: status(program.pid)["State"].startswith("S"))


def test_a_killed_learn_leaves_the_program_running(attach, started):
    words = ["/bin/sh", "-c", "echo ready; while read line </proc/self/stat; do :; done"]
    running = [started(*words) for _ in range(3)]
    assert [program.stdout.readline() for program in running] == 3 * ["ready\n"]
    programs = [program.pid for program in running]
    before = visible_state(*programs)
    process = attach(*programs)
    time.sleep(1)
    process.kill()
    process.wait(timeout=20)
    wait_until(lambda: visible_state(*programs) == before)
    time.sleep(0.2)
    assert visible_state(*programs) == before


# ---- how it ends, and what is kept ----

@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_learn_ends_the_recording_alone(attach, started, learn, tmp_path, number):
    program = started("sleep", "600")
    wait_until(lambda: asleep(program.pid))
    said = detach(attach(program.pid), number)
    assert "attached.profile" in said and said.count("\n") == 1
    assert program.poll() is None and status(program.pid)["TracerPid"] == "0"
    shown = learn("show", tmp_path / "attached.profile").stdout
    assert "attached to while it ran" in shown and "clock_nanosleep" in shown


def test_a_timeout_ends_the_recording_alone(learn, started, tmp_path):
    program = started("sleep", "600")
    start = time.monotonic()
    done = learn("-p", str(program.pid), "--timeout=1", "-o", tmp_path / "p")
    assert done.returncode == 0
    assert 0.9 < time.monotonic() - start < 3
    assert program.poll() is None and status(program.pid)["TracerPid"] == "0"


def test_further_numbers_are_further_processes(learn, started, tmp_path):
    pids = [str(started("sleep", "600").pid) for _ in range(3)]
    done = learn("--timeout=1", "-o", tmp_path / "p", "-p", *pids)
    assert done.returncode == 0 and "let go of 3 tasks" in done.stderr
    assert len(json.loads((tmp_path / "p").read_text())["runs"]) == 3
    done = learn("-o", tmp_path / "p", "-p", *pids, "true")
    assert done.returncode == 125 and "only one of them" in done.stderr


def test_a_program_that_ends_is_recorded_with_its_exit_status(attach, started, tmp_path):
    program = started("/bin/sh", "-c", "read line; exit 7", stdin=subprocess.PIPE)
    process = attach(program.pid)
    program.communicate("on", timeout=20)
    assert program.returncode == 7
    process.communicate(timeout=20)
    assert process.returncode == 0
    profile = json.loads((tmp_path / "attached.profile").read_text())
    assert [(run["exit"], run["complete"]) for run in profile["runs"]] == [(7, True)]


def test_several_programs_make_one_profile(attach, started, tmp_path):
    programs = [started("sleep", seconds) for seconds in ("600", "601")]
    process = attach(*(program.pid for program in programs))
    programs[0].terminate()
    programs[0].wait(timeout=20)  # told to its parent when its tracer has waited for it
    detach(process)
    profile = json.loads((tmp_path / "attached.profile").read_text())
    assert sorted((run["command"], run["exit"], run["signal"]) for run in profile["runs"]) == [
        (["sleep", "600"], None, "SIGTERM"), (["sleep", "601"], None, None)]


# ---- what cannot be attached to ----

def refused(learn, pid, *words):
    done = learn(*words, "-p", str(pid))
    assert done.returncode == 125
    assert done.stderr.count("\n") == 1 and str(pid) in done.stderr
    return done.stderr


def test_who_cannot_be_attached_to_is_said_and_nothing_is_written(learn, started, tmp_path):
    output = tmp_path / "out" / "profile"
    output.parent.mkdir()
    gone = started("true")
    gone.wait(timeout=20)
    fine = started("sleep", "600")
    words = ("-o", output, "-p", str(fine.pid))
    assert "no such process" in refused(learn, gone.pid, *words)
    if os.path.exists("/proc/2/comm") and not os.path.exists("/proc/2/exe"):
        assert "kernel" in refused(learn, 2, *words)
    assert os.listdir(output.parent) == []
    wait_until(lambda: status(fine.pid)["TracerPid"] == "0")
    wait_until(lambda: status(fine.pid)["State"].startswith("S"))


def test_who_traces_a_program_already_is_said(learn, started, tmp_path):
    program = started("sleep", "600")
    tracer = started(need("strace"), "-qq", "-o", tmp_path / "log", "-p", str(program.pid))
    wait_until(lambda: status(program.pid)["TracerPid"] == str(tracer.pid))
    said = refused(learn, program.pid, "-o", tmp_path / "p")
    assert "strace" in said and str(tracer.pid) in said


def test_the_program_of_another_user_is_said(as_nobody, started):
    program = started("sleep", "600")
    done = run(as_nobody(as_nobody.learn, "-o", "p", "-p", str(program.pid)), cwd=as_nobody.home)
    assert done.returncode == 125 and "root" in done.stderr and done.stderr.count("\n") == 1
    assert os.listdir(as_nobody.home) == []


@pytest.mark.parametrize("scope, why", [(None, "not dumpable"), ("0", "not dumpable"),
                                        ("1", "ptrace_scope is 1: only root"),
                                        ("3", "ptrace_scope is 3: nobody")])
def test_why_an_own_program_is_out_of_reach_is_said(as_nobody, started, scope, why):
    """What Yama says stands in a file; here it is made to, and the kernel refuses for real."""
    need_mounts()
    need("perl", "unshare", "mount")
    hide = "require 'syscall.ph'; $| = 1; syscall(&SYS_prctl, 4, 0); print qq(hidden\n); sleep"
    program = started(*as_nobody("perl", "-e", hide))
    if program.stdout.readline() != "hidden\n":
        pytest.skip("this perl knows no numbers of calls")
    attach = as_nobody(as_nobody.learn, "-o", "p", "-p", str(program.pid))
    made = f"mkdir -p /proc/sys/kernel/yama; echo {scope} >/proc/sys/kernel/yama/ptrace_scope;"
    done = run(["unshare", "--mount", "sh", "-ec", "mount -t tmpfs tmpfs /proc/sys/kernel;"
                f'{made if scope else ""} exec "$@"', "sh", *attach], cwd=as_nobody.home)
    assert done.returncode == 125 and why in done.stderr and done.stderr.count("\n") == 1
    assert os.listdir(as_nobody.home) == [] and program.poll() is None


def test_an_unprivileged_user_can_attach_to_own_programs(as_nobody, started):
    program = started(*as_nobody("sleep", "600"))
    wait_until(lambda: status(program.pid)["Name"] == "sleep"
               and status(program.pid)["Uid"].split()[1] == str(NOBODY))
    done = run(as_nobody(as_nobody.learn, "--timeout=1", "-o", "p", "-p", str(program.pid)),
               cwd=as_nobody.home)
    if "yama" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    assert program.poll() is None and (as_nobody.home / "p").exists()


@pytest.mark.parametrize("words", [["-p", "x"], ["-p", "0"], ["-p", "-1"], ["-p", "1", "true"],
                                   ["-p", "1", "-u", "root"], ["-p", "1", "--leader-exit"],
                                   ["--timeout=0", "true"], ["--timeout=1x", "true"]])
def test_options_that_make_no_sense_are_refused(learn, tmp_path, words):
    done = learn("-o", tmp_path / "p", *words)
    assert done.returncode == 125 and "--help" in done.stderr
    assert not (tmp_path / "p").exists()


# ---- commands that leave something behind ----

def left_behind(seconds="600"):
    return ["/bin/sh", "-c", f"sleep {seconds} >/dev/null 2>&1 & echo $!; exit 3"]


def test_with_leader_exit_what_the_command_left_behind_is_ended(learn, tmp_path):
    done = learn("--leader-exit", "-o", tmp_path / "p", "--", *left_behind())
    assert done.returncode == 3
    assert "ended 1 process" in done.stderr
    assert not alive(int(done.stdout))
    assert json.loads((tmp_path / "p").read_text())["runs"][0]["exit"] == 3


def test_with_leader_exit_a_process_that_ignores_sigterm_is_ended_too(learn, tmp_path):
    script = "trap '' TERM; (while :; do sleep 0.1; done) >/dev/null 2>&1 & echo $!"
    done = learn("--leader-exit", "-o", tmp_path / "p", "--", "/bin/sh", "-c", script)
    assert done.returncode == 0
    assert not alive(int(done.stdout))


def test_the_end_of_a_command_is_no_end_of_its_children_s_recording(learn_path, tmp_path):
    process = subprocess.Popen([learn_path, "-o", tmp_path / "p", "--", *left_behind()],
                               env=environment(), stdin=subprocess.DEVNULL, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child = int(process.stdout.readline())
    assert "still recorded" in process.stderr.readline()
    assert process.poll() is None and alive(child)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 3 and "ended 1 process" in said
    assert not alive(child)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_interrupted_leaves_a_profile_and_a_word(learn_path, tmp_path, tsv,
                                                                  number):
    process = subprocess.Popen([learn_path, "-o", tmp_path / "p", "--", "sleep", "600"],
                               env=environment(), stdin=subprocess.DEVNULL, text=True,
                               stderr=subprocess.PIPE, start_new_session=True)
    wait_until(lambda: (tmp_path / "p").exists() and children(process.pid)
               and status(children(process.pid)[0])["Name"] == "sleep")
    time.sleep(0.3)
    os.killpg(process.pid, number)  # as Ctrl-C does: to learn and to the command
    _, said = process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert number.name in said and said.count("\n") == 1
    assert "clock_nanosleep" in {row.call for row in tsv(tmp_path / "p")}
    run_of = json.loads((tmp_path / "p").read_text())["runs"][0]
    assert (run_of["signal"], run_of["complete"]) == (number.name, True)


def test_a_timeout_ends_a_command(learn, tmp_path):
    start = time.monotonic()
    done = learn("--timeout=1", "-o", tmp_path / "p", "--", "sleep", "600")
    assert done.returncode == 128 + signal.SIGTERM
    assert time.monotonic() - start < 5
    assert json.loads((tmp_path / "p").read_text())["runs"][0]["signal"] == "SIGTERM"
    assert "ended after 1 s (--timeout), by SIGTERM" in done.stderr


def test_a_timeout_that_the_command_answers_is_told_of_too(learn, tmp_path):
    command = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"]
    done = learn("--timeout=1", "-o", tmp_path / "p", "--", *command)
    assert done.returncode == 0 and "ended after 1 s (--timeout);" in done.stderr


def test_empty_arguments_at_the_end_are_not_of_the_command(learn, started, tmp_path):
    """setproctitle(3) leaves them."""
    program = started("sh", "-c", "read line", "", "word", "", "", "", stdin=subprocess.PIPE)
    learn("-o", tmp_path / "profile", "--timeout=1", "-p", str(program.pid))
    runs = json.loads((tmp_path / "profile").read_text())["runs"]
    assert runs[0]["command"] == ["sh", "-c", "read line", "", "word"]
