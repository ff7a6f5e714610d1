# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs are moved between CPUs while they are recorded, and are told what they would be told
untraced: which they may use, and how many there are."""

import os
import subprocess
import time

import pytest

from conftest import environment, need, need_root, run
from test_record_attach import attach, children, detach, started, status  # noqa: F401

if os.cpu_count() < 2:
    pytest.skip("one CPU is all there is", allow_module_level=True)

# A shell makes calls often for a while: it is kept on one CPU then, and so is what it executes.
OFTEN = "i=0; while [ $i -lt 300 ]; do : </dev/null; i=$((i + 1)); done;"


def same(record, *words):
    plain = run(words)
    assert plain.returncode == 0 and plain.stdout
    done, _ = record(*words)
    assert (done.returncode, done.stdout) == (0, plain.stdout), done.stderr


@pytest.mark.parametrize("within", [[], ["unshare", "--pid", "--fork", "--mount-proc"]])
def test_cpus_that_are_asked_for_read_and_set_are_those_of_an_untraced_run(record, target, within):
    """By the program itself and by its child, also where they have other process numbers."""
    if within:
        need_root()
        need("unshare")
    same(record, *within, target("cpus"))


@pytest.mark.parametrize("command", [
    "nproc", "taskset -p $$ | sed s/.*://", "taskset -cp $$ | sed s/.*://",
    "taskset -c 1 nproc", "taskset -cp 1 $$ >/dev/null; nproc",
    "sleep 600 & taskset -cp 1 $! >/dev/null; taskset -cp $! | sed s/.*://; kill $!",
    "grep Cpus_allowed /proc/self/status", "grep Cpus_allowed /proc/$$/status",
    "grep -c ^processor /proc/cpuinfo", "getconf _NPROCESSORS_ONLN"])
def test_commands_print_the_same_cpus(record, command):
    need("taskset")
    same(record, "sh", "-c", OFTEN + command)


def test_python_and_the_jvm_count_the_same_cpus(record):
    need("python3", "java")
    program = "import os; print(os.cpu_count(), sorted(os.sched_getaffinity(0)))"
    same(record, "sh", "-c", f"{OFTEN} python3 -c '{program}'; "
         "java -Xlog:gc+init -version 2>/dev/null | grep -o 'CPUs: .*'")


def test_go_counts_the_same_cpus(record, tmp_path):
    go = need("go")
    (tmp_path / "cpus.go").write_text(
        'package main\nimport ("os"; "runtime"; "strconv")\nfunc main() {\n'
        '\tfor i := 0; i < 2000; i++ { os.Getppid() }\n'
        '\tos.Stdout.WriteString(strconv.Itoa(runtime.NumCPU()) + " " + '
        'strconv.Itoa(runtime.GOMAXPROCS(0)) + "\\n")\n}\n')
    built = run([go, "build", "-o", tmp_path / "cpus", tmp_path / "cpus.go"], timeout=300,
                env={"GOCACHE": tmp_path / "cache", "GOFLAGS": "-mod=mod", "HOME": tmp_path})
    assert built.returncode == 0, built.stderr
    same(record, "sh", "-c", f"{OFTEN} {tmp_path}/cpus; taskset -c 1 {tmp_path}/cpus")


# ---- CPUs that somebody else gives ----

def give_another(pid):
    """A CPU that it is not kept on now; which."""
    time.sleep(0.3)
    kept, all_of_us = os.sched_getaffinity(pid), os.sched_getaffinity(0)
    given = min(all_of_us - kept or all_of_us)
    os.sched_setaffinity(pid, {given})
    time.sleep(0.2)
    return given


def test_cpus_given_from_outside_are_not_taken_away_again(learn_path, target, tmp_path):
    process = subprocess.Popen([learn_path, "-q", "-o", tmp_path / "p", "--", target("cpus"),
                                "outside"], env=environment(), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "calling\n"
    given = give_another(children(process.pid)[0])
    said, _ = process.communicate("", timeout=20)
    assert process.returncode == 0
    assert {line.replace("\t", " ").rpartition(": ")[2] for line in said.splitlines()} == \
        {str(given)}


@pytest.mark.parametrize("end", ["detached", "killed"])
def test_nor_when_learn_has_gone(attach, started, target, end):  # noqa: F811
    process = started(target("cpus"), "outside", stdin=subprocess.PIPE)
    learn = attach(process.pid)
    given = give_another(process.pid)
    if end == "killed":
        learn.kill()
        learn.wait(timeout=20)
    else:
        detach(learn)
    time.sleep(0.2)
    assert status(process.pid)["Cpus_allowed_list"].strip() == str(given)
