# SPDX-License-Identifier: GPL-3.0-or-later
"""Daemons as their packages bring them, in a real systemd: recorded, confined, as good as before."""

import os
import shutil

import pytest

import daemons
import live_systemd

QUICK = {"memcached", "chrony"}


@pytest.fixture(scope="module")
def table(request, capsys_once):
    """Rows of (daemon, exposure before, after, after with --addresses), printed at the end."""
    rows = []
    yield rows
    capsys_once("\n".join(["", f"{'unit':<28} before  after  with addresses",
                           *(f"{unit:<28} {before:>6} {after:>6} {closer:>15}"
                             for unit, before, after, closer in rows)]))


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
def test_a_daemon_does_all_that_it_was_recorded_doing_under_its_drop_in(
        daemon, learn_path, public_dir, table):
    daemon.need()
    (public_dir / "profiles").mkdir()
    os.chmod(public_dir / "profiles", 0o1777)
    shutil.copy(learn_path, public_dir / "learn")
    with live_systemd.manager(public_dir) as manager:
        life = daemons.Life(manager, daemon)
        life.sh(daemon.prepare, "prepare")
        before = life.exposure()
        life.drop_in("record", daemons.recording_drop_in(daemon, "/run/share/learn"))
        life.whole_life()
        life.take_away("record")
        life.sh("cd /run/share && ./learn merge -o all profiles/*.profile", "merge")
        emit = f"/run/share/learn emit systemd --unit={daemon.file} /run/share/all"
        closer = life.sh(f"{emit} --addresses 2>/dev/null", "emit")
        life.drop_in("learn", closer)
        with_addresses = life.exposure()
        dropin = life.sh(f"{emit} 2>/dev/null", "emit")
        assert "was not recorded" not in dropin
        life.drop_in("learn", dropin)
        after = life.exposure()
        life.whole_life()
        table.append((daemon.unit, before, after, with_addresses))
        assert after <= before and after < 3, dropin
