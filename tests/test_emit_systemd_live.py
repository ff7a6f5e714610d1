# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters that a real systemd makes of a drop-in, taken from the live unit, decide like the
policy as far as it goes by number."""

import json
import re

import bpfsim
import live_systemd
from conftest import need, run
from test_emit_oci import ACTIONS, library


def test_the_filters_of_a_live_unit_decide_as_the_policy_does_by_number(record, learn, tmp_path):
    sleep = need("sleep")
    traced, profile = record(sleep, "0.1")
    assert traced.returncode == 0
    groups = tmp_path / "groups"
    groups.write_text(run(["systemd-analyze", "syscall-filter"]).stdout)
    chown = "--allow=chown,fchown,fchownat,lchown"
    for action, default, more, grouped in (
            ("kill", bpfsim.KILL_PROCESS, [], []),
            ("errno:EPERM", bpfsim.ERRNO | 1, [chown], [f"--groups={groups}"])):
        dropin = learn("emit", "systemd", f"--action={action}", *more, *grouped, profile).stdout
        assert ("@chown" in dropin) == bool(grouped)
        calls = [line for line in dropin.splitlines() if re.match(r"\[|SystemCall", line)]
        wanted = {}
        oci = json.loads(learn("emit", "oci", f"--action={action}", *more, profile).stdout)
        for entry in oci["syscalls"]:
            for name in entry["names"]:
                number = library().seccomp_syscall_resolve_name(name.encode())
                wanted[number] = ACTIONS[entry["action"]] | entry.get("errnoRet", 0)
        with live_systemd.manager() as manager:
            manager.write("/run/systemd/system/test.service",
                          f"[Service]\nExecStart={sleep} 600\n")
            manager.write("/run/systemd/system/test.service.d/learn.conf",
                          "\n".join(calls) + "\n")
            manager.inside("systemctl", "daemon-reload")
            started = manager.inside("systemctl", "start", "test.service")
            assert started.returncode == 0, started.stderr
            filters = live_systemd.filters_of(manager.main_process("test.service"))
        assert len(filters) >= 2
        differing = [(nr, hex(got), hex(wanted.get(nr, default))) for nr in range(470)
                     if (got := live_systemd.decide(filters, bpfsim.X86_64, nr))
                     != wanted.get(nr, default)]
        assert not differing
        for arch, nr in ((bpfsim.X86, 1), (bpfsim.X86_64, bpfsim.X32_BIT | 1)):
            assert live_systemd.decide(filters, arch, nr) & 0xFFFF0000 in (
                bpfsim.KILL_THREAD, bpfsim.KILL_PROCESS)
