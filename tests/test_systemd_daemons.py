# SPDX-License-Identifier: GPL-3.0-or-later
"""Daemons as their packages bring them, in a real systemd: recorded, confined, as good as before."""

import shutil

import pytest

import daemons
import live_systemd

# More than 1.5 is left of those that start as root, become another user by themselves and listen
# to the network: each right for that counts. Started as that user they have none of these.
MOST = {"chrony": 1.9, "cron": 2.4, "dnsmasq": 2.6, "haproxy": 2.4, "lighttpd": 2.3,
        "memcached": 2.2, "mosquitto": 2.4, "nginx": 2.3, "postgres": 2.5}
# Those that cannot be started so, and what is said.
ONLY_ROOT = {"cron": "acts for users who log in", "redis": "does not start as root",
             "memcached": "it said: Only root wants to run systemd-memcached-wrapper."}
QUICK = {"memcached", "chrony"}


@pytest.fixture(scope="module")
def table(request, capsys_once):
    """Rows of a unit and its exposure: before, after, and with options; printed at the end."""
    rows = []
    yield rows
    heading = ("unit", "before", "after", "--addresses", "--unprivileged", "both")
    capsys_once("\n".join(["", *(f"{row[0]:<28} " + " ".join(f"{column:>14}" for column in row[1:])
                                 for row in (heading, *rows))]))


@pytest.fixture(scope="module")
def capsys_once(pytestconfig):
    """Prints past pytest's capture."""
    def show(text):
        with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(text)
    return show


def parameters():
    return [pytest.param(daemon, id=daemon.name,
                         marks=[] if daemon.name in QUICK else pytest.mark.long)
            for daemon in daemons.DAEMONS]


@pytest.mark.parametrize("daemon", parameters())
def test_three_commands_confine_a_daemon_that_does_all_that_it_did(
        daemon, learn_path, public_dir, table):
    daemon.need()
    shutil.copy(learn_path, public_dir / "learn")
    with live_systemd.manager(public_dir) as manager:
        life = daemons.Life(manager, daemon)
        life.sh(daemon.prepare, "prepare")
        life.start()
        before, tree = life.exposure(), life.tree()
        life.learn("start", "--settle=1")
        life.exercise()
        shown = life.learn("finish", "--apply", "--settle=1", f"--verify={life.script()}")
        after = life.exposure()
        told = life.manager.inside("/run/share/learn", "service", "finish", "--dry-run",
                                   "--addresses", daemon.unit)
        version = life.sh("systemctl --version", "version")
        closer = told.stdout
        assert ("SocketBindDeny= confines nothing" in told.stderr) == (
            "-BPF_FRAMEWORK" in version and "SocketBindDeny=any" in closer)
        life.exercise()
        assert f"{before} " in exposure_line(shown) and f"{after} " in exposure_line(shown)
        assert f"{before} " in exposure_line(closer)
        assert after <= MOST.get(daemon.name, 1.5), life.remaining()
        # The same with a file system that is empty but for what was used.
        life.learn("finish", "--apply", "--view=only", "--settle=1", f"--verify={life.script()}")
        life.exercise()
        life.sees_nothing_of("/etc/gshadow", "/usr/bin/su", "/root")
        refused = ONLY_ROOT.get(daemon.name)
        said = life.learn("finish", "--apply", "--settle=1", "--unprivileged", "--view=only",
                          f"--verify={life.script()}", status=1 if refused else 0)
        assert (refused or "") in said
        unprivileged = life.exposure()
        both = life.learn("finish", "--dry-run", "--addresses")
        life.exercise()
        table.append((daemon.unit, before, after, exposure_line(closer).split()[7], unprivileged,
                      exposure_line(both).split()[7]))
        assert unprivileged <= (after if refused else 1.5), life.remaining()
        assert life.user() == daemon.user
        life.learn("reset")
        life.exercise()
        assert life.exposure() == before and life.tree() == tree


def exposure_line(text):
    return text.strip().split("\n")[-1]
