# SPDX-License-Identifier: GPL-3.0-or-later
"""A controller with workers that restrict themselves further: a drop-in for the service, a filter
for the worker alone; and both are closer than what is put together by hand."""

import os
import re
import shutil

import pytest

import live_systemd

# The way by hand: deny what systemd-analyze security names, and give back what broke.
BY_HAND = """[Service]
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallFilter=seccomp
CapabilityBoundingSet=
RestrictAddressFamilies=AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
UMask=0077
"""

UNIT = """[Service]
Type=oneshot
DynamicUser=yes
StateDirectory=stages
StandardOutput=file:/run/share/told
ExecStart=/run/share/controller /run/share/worker "{filter}" {orders}
"""


@pytest.fixture(scope="module")
def share(learn_path, target, tmp_path_factory):
    path = tmp_path_factory.mktemp("stages")
    for directory in [*path.parents][:3] + [path]:
        os.chmod(directory, 0o755)
    for name in ("controller", "worker"):
        shutil.copy(target("two-stage"), path / name)
    shutil.copy(learn_path, path / "learn")
    (path / "profiles").mkdir()
    os.chmod(path / "profiles", 0o1777)
    return path


def test_the_service_has_a_drop_in_and_its_worker_a_filter_of_its_own(share):
    with live_systemd.manager(share) as manager:
        def sh(script):
            done = manager.inside("sh", "-c", script, timeout=120)
            assert done.returncode == 0, done.stdout + done.stderr + manager.inside(
                "journalctl", "-q", "--no-pager", "-n", "20").stdout
            return done.stdout

        def run(filter, orders, profile=None, dropin=""):
            unit = UNIT.format(filter=filter, orders=orders)
            if profile:
                unit = unit.replace("ExecStart=", "ExecStart=/run/share/learn -q -o "
                                                  f"/run/share/profiles/{profile} -- ")
                unit += "ReadWritePaths=/run/share/profiles\n"
            manager.write("/run/systemd/system/stages.service", unit)
            manager.write("/run/systemd/system/stages.service.d/learn.conf", dropin)
            sh("systemctl daemon-reload && systemctl start stages.service")
            return (share / "told").read_text().splitlines()

        def exposure():
            text = sh("systemd-analyze security --no-pager stages.service")
            return float(re.search(r"exposure level for .*: ([0-9.]+)", text)[1])

        good = ["PP ended", "controller: can"]
        emit = "/run/share/learn emit"
        assert run("", "pp", "first") == good
        sh(f"{emit} bpf --raw --program='*/worker' --phase=main -o /run/share/filter "
           "/run/share/profiles/first && chmod 644 /run/share/filter")
        assert run("/run/share/filter", "pp", "second") == good
        before = exposure()
        dropin = sh(f"{emit} systemd /run/share/profiles/second "
                    "--unit=/run/systemd/system/stages.service 2>/dev/null")
        # The drop-in is the whole service's: the worker may open files by it, and may not by its
        # own filter.
        assert run("/run/share/filter", "pp", dropin=dropin) == good
        learned = exposure()
        assert run("", "po", dropin=dropin) == good
        assert run("/run/share/filter", "po", dropin=dropin) == ["P killed", "controller: can"]
        assert run("/run/share/filter", "pp", dropin=BY_HAND) == good
        by_hand = exposure()
    print(f"exposure {before} as it comes, {by_hand} by hand, {learned} learned")
    assert learned < by_hand < before
