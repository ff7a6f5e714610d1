# SPDX-License-Identifier: GPL-3.0-or-later
"""What filters cost: `learn emit --cost` counts as the simulator does, --tune changes what is
cheap, --annotate shows where the calls go, and --check asks the tool that reads a format."""

import json
import os
import re

import pytest

import bpfsim
import policies
from conftest import need, run
from policies import Call, Check, Policy, emit
from test_emit_command import GOLDEN
from test_emit_filter import assert_decides, small_policy
from test_emit_seccomp_formats import assembled, bpf_asm, have_libseccomp  # noqa: F401

SERVER = GOLDEN / "server.profile"


@pytest.fixture(scope="module")
def table(learn):
    """{way: [per call, per run, at most, length]} of `learn emit --cost`."""
    done = learn("emit", "--cost", SERVER)
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^ *(\S.*?) +([\d.]+) +([\d.]+) +(\d+) +(\d+)$", done.stdout, re.M)
    assert "runs no filter" in done.stdout
    return {name: [float(number) for number in numbers] for name, *numbers in rows}


def test_the_costs_of_another_architecture_are_those_of_its_filter(table, learn):
    """A filter for this machine would end at the first comparison: it is no alternative."""
    done = learn("emit", "--cost", "--arch=aarch64", SERVER)
    assert done.returncode == 0, done.stderr
    rows = dict(re.findall(r"^ *(libseccomp|with [a-z=2]+) +[\d.]+ +([\d.]+) ", done.stdout, re.M))
    assert len(rows) == 3 and all(float(each) > 4 for each in rows.values()), done.stdout


def calls_of(profile):
    """The x86_64 calls of a profile."""
    found = []
    for program in json.loads(profile.read_text())["programs"]:
        for phase in program["phases"].values():
            for call in phase.get("calls", {}).get("x86_64", []):
                found.append(call)
    return found


def filter_of(learn_path, *options):
    done = run([learn_path, "emit", "bpf", "--raw", *options, SERVER])
    return bpfsim.Filter(os.fsencode(done.stdout))


def expected(filter, profile):
    """Instructions per call, over all calls and over those that the kernel does not remember."""
    sums = {True: [0, 0], False: [0, 0]}
    for call in calls_of(profile):
        weights = [((), call["count"])]
        for arg in call.get("args", []):
            values = arg.get("values", [])
            total = sum(v["count"] for v in values)
            if values:
                weights = [((*args, (arg["index"], int(v["value"], 0))), w * v["count"] / total)
                           for args, w in weights for v in values]
        remembered = filter.is_cached(bpfsim.X86_64, call["number"])
        for pairs, weight in weights:
            args = [0] * 6
            for index, value in pairs:
                args[index] = value
            action, steps = filter.run(bpfsim.X86_64, call["number"], args)
            assert action == bpfsim.ALLOW, call["name"]
            sums[remembered][0] += weight * steps
            sums[remembered][1] += weight
    (a, n), (b, m) = sums[True], sums[False]
    return (a + b) / (n + m), b / m


def test_the_costs_are_those_of_a_simulated_kernel(table, learn_path):
    for name, options in (("this plan", []), ("--tune=uncached", ["--tune=uncached"]),
                          ("--tune=cached", ["--tune=cached"]),
                          ("--tune=observed", ["--tune=observed"])):
        filter = filter_of(learn_path, *options)
        each, run = expected(filter, SERVER)
        assert table[name][0] == pytest.approx(each, abs=0.011), name
        assert table[name][1] == pytest.approx(run, abs=0.011), name
        assert table[name][3] == len(filter)


def test_each_tuning_is_best_at_what_it_is_for(table):
    assert table["--tune=observed"][0] == min(row[0] for row in table.values())
    assert table["--tune=uncached"][0] <= 1.01 * table["--tune=observed"][0]
    assert table["--tune=cached"][1] == min(row[1] for row in table.values())
    plan = table["this plan"]
    assert plan[0] <= 1.05 * table["--tune=uncached"][0]
    assert plan[0] < table["list by frequency"][0] < table["libseccomp"][0]


@pytest.mark.parametrize("tune", ["balanced", "uncached", "cached", "observed"])
def test_every_tuning_decides_the_same(tune):
    for seed in range(3):
        policy = policies.random_policy(seed, 60, 0.4)
        assert_decides(bpfsim.Filter(emit(policy, "bpf", "raw", tune)), policy, seed)


def test_an_annotated_program_is_the_program(bpf_asm, tmp_path):  # noqa: F811
    policy = small_policy()
    for form in ("bpf", "bpf_asm"):
        text = emit(policy, form, "annotate")
        assert assembled(bpf_asm, text, tmp_path) == emit(policy, "bpf", "raw")


def test_the_annotation_counts_every_call_once_at_the_start():
    policy = Policy(calls=[Call(0, 1000), Call(1, 900), Call(16, 50, [
        Check(1, 32, {0x5401: 40, 0x5413: 10})])])
    lines = emit(policy, "bpf", "annotate").decode().splitlines()
    counts = {re.sub(r"\s*;.*", "", line).strip(): int(re.search(r"; +(\d+)", line)[1])
              for line in lines if re.search(r"^\t.*; +\d+", line)}
    assert counts["ld [4]"] == 1950 and counts["ld [24]"] == 50
    second = [count for line, count in counts.items() if "0x5413" in line]
    assert second == [10]


def layout_of(policy):
    text = emit(policy, "libseccomp").decode()
    assert ("CTL_OPTIMIZE" in text) != ("seccomp_syscall_priority" in text)
    return "tree" if "CTL_OPTIMIZE" in text else "list"


def test_libseccomp_is_asked_for_the_layout_that_is_shorter():
    have_libseccomp()
    skewed = Policy(calls=[Call(n, 10**6 // (n + 1) ** 3) for n in range(60)])
    flat = Policy(calls=[Call(n, 1000) for n in range(200)])
    assert (layout_of(skewed), layout_of(flat)) == ("list", "tree")


# ---- --check ----

@pytest.mark.parametrize("form, tool", [("apparmor", "apparmor_parser"), ("bpf", "cc"),
                                        ("landlock", "cc"), ("landlockconfig", "python3"),
                                        ("libseccomp", "cc"), ("oci", "python3"),
                                        ("rlimits", "cc"), ("systemd", "systemd-analyze"),
                                        ("firejail", "firejail")])
def test_the_checker_accepts_what_is_written(learn, form, tool):
    need(tool)
    if form == "firejail" and learn("emit", "--check", form, SERVER).returncode and os.geteuid():
        pytest.skip("firejail cannot run here")
    done = learn("emit", "--check", form, SERVER)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.fixture
def fake(tmp_path):
    """fake(TOOL, SCRIPT): an environment in which TOOL is that script."""
    def make(tool, script):
        (tmp_path / tool).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / tool).chmod(0o755)
        return {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    return make


def test_a_checker_that_refuses_is_told_apart_from_trouble(learn, fake, tmp_path):
    done = learn("emit", "--check", "bpf_asm", SERVER,
                 env=fake("bpf_asm", f'cp "$1" {tmp_path}/seen; echo no >&2; exit 3'))
    assert "ld [4]" in (tmp_path / "seen").read_text()
    assert done.returncode == 1 and "no\n" in done.stderr and "status 3" in done.stderr
    missing = learn("emit", "--check", "minijail", SERVER, env={"PATH": str(tmp_path / "none")})
    assert missing.returncode == 2 and "compile_seccomp_policy" in missing.stderr
    assert learn("emit", "--check", "names", SERVER).returncode == 2


def test_a_check_leaves_nothing_behind(learn, fake, tmp_path):
    learn("emit", "--check", "bpf_asm", SERVER, env=fake("bpf_asm", f"pwd >{tmp_path}/where"))
    where = (tmp_path / "where").read_text().strip()
    assert "learn-check" in where and not os.path.exists(where)


@pytest.mark.parametrize("words", [["--cost"], ["--cost", "bpf", SERVER], ["--tune=fast", "bpf",
                                                                           SERVER],
                                   ["--tune=cached", "systemd", SERVER],
                                   ["--annotate", "oci", SERVER]])
def test_a_mistake_is_told(learn, words):
    done = learn("emit", *words)
    assert done.returncode == 2 and done.stderr.startswith("learn: ") and not done.stdout
