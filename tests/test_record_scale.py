# SPDX-License-Identifier: GPL-3.0-or-later
"""Many processes, at once or one after the other, cost memory and time of their own only."""

import pathlib
import statistics
import subprocess
import time

import pytest

from conftest import environment, sanitized

LOOP = "i=0; while [ $i -lt $0 ]; do /bin/true; i=$((i + 1)); done"


def resident_kib(pid, field="VmRSS"):
    """Resident memory of a process, or None when it is gone."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in status.splitlines()
                 if line.startswith(field + ":")), None)


def memory_over_time(learn_path, tmp_path, command, timeout, field="VmRSS"):
    """Resident memory of learn every tenth of a second while it records COMMAND."""
    process = subprocess.Popen([learn_path, "-q", "-o", tmp_path / "profile", "--", *command],
                               env=environment(), stdout=subprocess.DEVNULL)
    samples, end = [], time.monotonic() + timeout
    while process.poll() is None and time.monotonic() < end:
        samples.append(resident_kib(process.pid, field))
        time.sleep(0.1)
    process.kill()
    assert process.wait() == 0
    return [sample for sample in samples if sample]


@pytest.mark.parametrize("processes", [5_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_memory_stays_the_same_over_many_short_processes(learn_path, counts, tmp_path, processes):
    if sanitized():
        pytest.skip("AddressSanitizer keeps freed memory")
    samples = memory_over_time(learn_path, tmp_path, ["sh", "-c", LOOP, str(processes)], 900)
    assert len(samples) >= 10
    # The first save, after a second, takes memory once; that is in the first two thirds.
    begin, end = max(samples[:2 * len(samples) // 3]), max(samples[-len(samples) // 3:])
    assert end - begin <= 256, samples
    found = counts(tmp_path / "profile")
    assert sum(n for (_, call), n in found.items() if call == "execve") == processes + 1


def test_a_thousand_idle_tracees_take_half_a_megabyte(learn_path, target, tmp_path):
    if sanitized():
        pytest.skip("AddressSanitizer's memory is more than the program's")
    usual = []
    for number in ("0", "2000"):
        samples = memory_over_time(learn_path, tmp_path, [target("crowd"), number, "300000"], 120,
                                   "RssAnon")
        usual.append(statistics.median(samples))
    assert (usual[1] - usual[0]) / 2 <= 550, usual


def test_500_tracees_at_once_are_recorded(record, counts, target):
    done, profile = record(target("crowd"), "500", "10000", timeout=120)
    assert done.returncode == 0, done.stderr
    assert sum(n for (_, call), n in counts(profile).items() if call == "getppid") == 10000


def test_a_call_costs_the_same_beside_500_tracees(record, target):
    """Other work on the machine only adds: the smallest of some times is compared. A tracer whose
    cost grows with its tracees takes three times as long here."""
    times = {0: [], 500: []}
    for _ in range(10):
        for number in times:
            done, _ = record(target("crowd"), str(number), "50000", timeout=120)
            times[number].append(int(done.stdout))
        if min(times[500]) <= 1.7 * min(times[0]):
            return
    assert not times


def test_a_process_goes_on_beside_younger_ones_that_are_never_idle(record, counts, target):
    """The kernel tells of the youngest tracee first: who only asks it for the next would hear of
    the others when those sleep."""
    done, profile = record(target("hogs"), timeout=20)
    assert done.returncode == 0, done.stderr
    assert sum(n for (_, call), n in counts(profile).items() if call == "getppid") == 1000
