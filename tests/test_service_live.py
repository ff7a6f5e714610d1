# SPDX-License-Identifier: GPL-3.0-or-later
"""learn service in a real systemd: services of each kind are recorded, confined, explained, and
left as they were."""

import os
import re
import socket
import subprocess
import time

import pytest

import live_systemd
from conftest import need, run

STATE = "/var/lib/learn/services"
EVERYTHING = ("/etc/systemd/system /run/systemd/system /run/learn /var/lib /root/.config "
              "/run/user")


class Host:
    """The inside of a systemd that is the tests' own: learn and the service program in /opt."""

    def __init__(self, manager, learn_path, target):
        self.manager = manager
        self.sh("for d in /opt /var/lib /var/tmp /home /root /srv; do mount -t tmpfs -o mode=755 "
                "tmpfs $d; done; chmod 1777 /var/tmp; mount -t tmpfs -o mode=755 tmpfs "
                "/etc/systemd/system")
        for name, path in (("learn", learn_path), ("service", target("service"))):
            self.sh(f"cat >/opt/{name}; chmod 755 /opt/{name}", input=path.read_bytes())

    def sh(self, script, check=True, **options):
        done = self.manager.inside("sh", "-c", script, **options)
        assert not check or done.returncode == 0, (script, done.stdout, done.stderr)
        return done

    def learn(self, *words, check=True, **options):
        done = self.manager.inside("/opt/learn", "service", *words, **options)
        assert not check or done.returncode == 0, (words, done.stdout, done.stderr)
        return done

    def unit(self, name, text, reload=True):
        self.manager.write(f"/run/systemd/system/{name}", text)
        if reload:
            self.sh("systemctl daemon-reload")

    def service(self, name, *words, settings="Type=exec"):
        """A unit /opt/service that does the words; its facts are in /srv/NAME."""
        self.unit(f"{name}.service", f"[Service]\nExecStart=/opt/service /srv/{name} "
                                     f"{' '.join(words)}\n{settings}\n")

    def record(self, name):
        """The running service is recorded, and has done what its words say."""
        self.sh(f": >/srv/{name}")
        self.learn("start", "--settle=0", name)
        return self.facts(name)

    def show(self, unit, name):
        return self.sh(f"systemctl show -P {name} {unit}").stdout.strip()

    def facts(self, name, until="^pid=|^hup"):
        """What the service has told when a line is as UNTIL says; it is forgotten."""
        return self.sh(f"""for i in $(seq 100); do
            grep -qE '{until}' /srv/{name} && break; sleep 0.05
        done; cat /srv/{name}; : >/srv/{name}""", check=False).stdout.split()

    def tree(self):
        """All files with their bytes where learn might make some."""
        return self.sh(f"find {EVERYTHING} -printf '%y %m %U %p %l\\n' 2>/dev/null | sort; find "
                       f"{EVERYTHING} -type f -exec sha256sum '{{}}' + 2>/dev/null | sort; true"
                       ).stdout.replace("f 644 0 /var/lib/systemd/random-seed", "")

    def filters(self, unit):
        pid = self.show(unit, "MainPID")
        return int(self.sh(f"sed -n 's/^Seccomp_filters:[[:space:]]*//p' /proc/{pid}/status")
                   .stdout)

    def calls(self, unit):
        text = self.manager.inside("/opt/learn", "show", "--tsv",
                                   f"{STATE}/{unit}/learn.profile").stdout
        return {(line.split("\t")[0], line.split("\t")[3]) for line in text.splitlines()}


@pytest.fixture(scope="module")
def host(learn_path, target):
    with live_systemd.manager() as manager:
        yield Host(manager, learn_path, target)


def answers(host, path):
    return host.sh(f"""python3 - <<'E'
import socket
s = socket.socket(socket.AF_UNIX); s.connect("{path}"); print(s.recv(10).decode())
E""").stdout.strip()


# ---- each kind of service: recorded with its own number and name, confined, and as before ----

def check_pid(host, name):
    """The manager and the service are of one mind about its process."""
    assert f"pid={host.show(name, 'MainPID')}" in host.facts(name)


def check_reload(host, name):
    host.sh(f": >/srv/{name}")
    host.sh(f"systemctl reload {name}")
    assert host.facts(name) == ["hup"]


def check_connection(host, name):
    assert answers(host, f"/run/{name}.sock") == "hello"


RELOAD = "ExecReload=/bin/kill -HUP $MAINPID"
KINDS = {
    "simple": (["say=a"], "Type=simple", [check_pid]),
    "exec": ([], f"Type=exec\n{RELOAD}", [check_pid, check_reload]),
    "idle": ([], "Type=idle", [check_pid]),
    "notify": (["watchdog", "notify"], f"Type=notify\nWatchdogSec=600\n{RELOAD}",
               [check_pid, check_reload]),
    "pidfile": (["daemon=/run/pidfile.pid"],
                f"Type=forking\nPIDFile=/run/pidfile.pid\n{RELOAD}", [check_pid, check_reload]),
    "guessed": (["daemon"], f"Type=forking\n{RELOAD}", [check_pid, check_reload]),
    "dynamic": (["write=/var/lib/dynamic/file", "whoami"],
                "Type=exec\nDynamicUser=yes\nStateDirectory=dynamic\n"
                "BindPaths=/srv/dynamic", [check_pid]),
    "boxed": (["whoami", "write=/var/tmp/x"],
              "Type=exec\nUser=nobody\nProtectSystem=strict\nReadWritePaths=/srv\nPrivateTmp=yes\n"
              "ProtectHome=yes\nPrivateNetwork=yes\nRestrictAddressFamilies=AF_INET\n"
              "SystemCallFilter=@system-service\nSystemCallFilter=~@resources\n"
              "MemoryDenyWriteExecute=yes\nPrivateUsers=no\nProtectProc=invisible\n"
              "CapabilityBoundingSet=", [check_pid]),
}


def some(names, short):
    """Those of SHORT in each run of the tests, the others in long ones."""
    return [name if name in short else pytest.param(name, marks=pytest.mark.long)
            for name in names]


@pytest.mark.parametrize("kind", some(KINDS, ("notify", "pidfile", "boxed")))
def test_a_service_of_each_type_is_recorded_confined_and_as_it_was(host, kind):
    words, settings, checks = KINDS[kind]
    unit = f"{kind}.service"
    host.sh(f": >/srv/{kind}; chmod 666 /srv/{kind}")
    host.service(kind, *words, settings=settings)
    host.sh(f"systemctl start {kind}")
    plain = [fact for fact in host.facts(kind) if not fact.startswith("pid=")]
    before = host.tree()

    recorded = host.record(kind)
    assert host.show(kind, "ActiveState") == "active"
    assert [fact for fact in recorded if not fact.startswith("pid=")] == plain
    assert f"pid={host.show(kind, 'MainPID')}" in recorded
    for check in checks[1:]:
        check(host, kind)

    done = host.learn("finish", "--apply", "--settle=0.2", kind)
    assert "is confined by" in done.stderr
    assert ("\nRemoveIPC=yes" in done.stdout) == ("User=" in settings)  # as the unit's user has it
    assert ("/opt/service", "poll") in host.calls(unit)
    assert ("/usr/bin/kill", "kill") in host.calls(unit) or RELOAD not in settings
    assert host.filters(kind) > 0
    assert [fact for fact in host.facts(kind) if fact in plain] == plain
    host.sh(f"systemctl restart {kind}")
    for check in checks:
        check(host, kind)

    host.learn("reset", kind)
    assert host.show(kind, "ActiveState") == "active"
    assert host.tree() == before
    host.sh(f"systemctl stop {kind}")


def test_a_service_that_does_its_work_and_ends_is_recorded_each_time(host):
    host.unit("once.service", """[Service]
Type=oneshot
ExecStartPre=-/opt/service /srv/once exit=3
ExecStart=/opt/service /srv/once say=one exit=0
ExecStart=:/opt/service /srv/once say=${HOME} exit=0 ; /opt/service /srv/once "say=a b" exit=0
ExecStopPost=+/opt/service /srv/once hostname=x exit=0
""")
    before = host.tree()
    done = host.learn("start", "once")
    assert "from its next start on" in done.stderr
    for _ in range(2):
        host.sh("systemctl start once")
        assert host.facts("once", "^b$|^say=a b$") == ["say=one", "say=${HOME}", "say=a", "b"]
    shown = host.learn("finish", "--apply", "once")
    assert "counts from its next start on" in shown.stderr
    profile = host.sh(f"cat {STATE}/once.service/learn.profile").stdout
    assert profile.count('"exit": 3') == 2 and profile.count('"exit": 0') == 6
    # What runs with full privileges is not confined and does not widen what the others may.
    assert "sethostname" not in {call for _, call in host.calls("once.service")}
    host.sh("systemctl start once")
    assert host.facts("once", "^b$|^say=a b$") == ["say=one", "say=${HOME}", "say=a", "b"]
    host.learn("reset", "once")
    assert host.tree() == before


def test_a_command_keeps_its_own_name_and_an_instance_its_words(host):
    host.unit("many@.service", "[Service]\nExecStart=-@/opt/service \"own name\" /srv/many name "
                               "say=%i \"say=$$HOME\" 'say=%%i' say=${WORD}\n"
                               "Environment=\"WORD=two  words\"\n")
    before = host.tree()
    name = r"many@in\x2dst.service"
    host.learn("start", name)
    host.sh(f"systemctl start '{name}'")
    wanted = ["name=own", "name", r"say=in\x2dst", "say=$HOME", "say=%i", "say=two", "words"]
    assert host.facts("many")[:-1] == wanted
    host.learn("finish", "--apply", "--settle=0.2", name)
    assert host.facts("many")[:-1] == wanted
    assert host.show("'many@other.service'", "SystemCallFilter") == "~"
    host.learn("reset", name)
    host.sh(f"systemctl stop '{name}'")
    assert host.tree() == before


def test_a_service_with_a_name_on_the_bus_is_recorded_and_confined(host):
    need("dbus-daemon")
    host.sh("mount -t tmpfs -o mode=755 tmpfs /etc/dbus-1/system.d")
    host.manager.write("/etc/dbus-1/system.d/learn.conf",
                       '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration '
                       '1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">\n'
                       '<busconfig><policy user="root"><allow own="org.learn.Test"/></policy>'
                       '</busconfig>\n')
    host.sh("systemctl start dbus")
    host.service("named", "bus=org.learn.Test", settings="Type=dbus\nBusName=org.learn.Test")
    host.sh("systemctl start named")
    before = host.tree()
    host.record("named")
    assert host.show("named", "ActiveState") == "active"
    host.learn("finish", "--apply", "--settle=0.2", "named")
    host.sh("busctl --system status org.learn.Test")
    assert host.filters("named")
    host.learn("reset", "named")
    assert host.tree() == before
    host.sh("systemctl stop named dbus.socket dbus")


def test_a_socket_is_passed_to_the_program_itself(host):
    host.unit("door.socket", "[Socket]\nListenStream=/run/door.sock\n", reload=False)
    host.service("door", "listen", settings="Type=exec")
    host.sh("systemctl start door.socket")
    before = host.tree()
    host.learn("start", "door")
    assert answers(host, "/run/door.sock") == "hello"
    host.learn("finish", "--apply", "--settle=0.2", "door")
    assert answers(host, "/run/door.sock") == "hello"
    assert host.filters("door") > 0
    host.learn("reset", "door")
    assert host.tree() == before
    host.sh("systemctl stop door.socket door")


def test_a_unit_of_a_user_is_recorded_by_the_user(host):
    need("setpriv")
    host.sh("mkdir -m 700 -p /run/user/65534 /home/nobody && chown nobody:nogroup /run/user/65534 "
            "/home/nobody && : >/srv/own && chmod 666 /srv/own")
    host.unit("manager-of-nobody.service", """[Service]
User=nobody
Delegate=yes
Type=notify
Environment=HOME=/home/nobody XDG_RUNTIME_DIR=/run/user/65534
ExecStart=/lib/systemd/systemd --user --unit=basic.target
""")
    host.sh("systemctl start manager-of-nobody")
    try:
        def as_user(*words):
            return host.sh("exec setpriv --reuid=65534 --regid=65534 --clear-groups env "
                           "HOME=/home/nobody XDG_RUNTIME_DIR=/run/user/65534 " + " ".join(words))

        as_user("sh -c 'mkdir -p ~/.config/systemd/user; printf \"[Service]\\nExecStart=/opt/service"
                " /srv/own whoami\\n\" >~/.config/systemd/user/own.service; systemctl --user "
                "daemon-reload; systemctl --user start own'")
        before = host.sh("find /home /run/user | sort").stdout
        as_user("/opt/learn service start --user own")
        assert "uid=65534" in host.facts("own")
        done = as_user("/opt/learn service finish --user --apply --settle=0.2 own")
        assert "is confined by /home/nobody/.config/systemd/user/own.service.d" in done.stderr
        assert as_user("systemctl --user show -P SystemCallFilter own").stdout.strip() != "~"
        as_user("/opt/learn service reset --user own")
        assert host.sh("find /home /run/user | sort").stdout == before
    finally:
        host.sh("systemctl stop manager-of-nobody")


# Does as it is told by name: prints files, for who asks to read.
READER = """#!/bin/sh
echo pid=$$ >>/srv/view
while read -r name; do
	cat "$name" >>/srv/view 2>&1
	echo . >>/srv/view
done <>/srv/asked
"""


def asked(host, name):
    host.sh(f": >/srv/view; echo {name} >/srv/asked")
    return " ".join(host.facts("view", "^[.]"))


def test_only_what_was_used_is_in_sight(host):
    host.sh("mkdir -p /opt/view/beside /opt/own /home/view && cd /opt/view && echo one >seen && "
            "echo two >other && echo three >beside/file && ln -s view/seen ../link && echo home "
            ">/home/view/file && cat >../own/reader && chmod 755 ../own/reader && mkfifo /srv/asked "
            "&& : >/srv/view", input=READER)
    host.unit("view.service", "[Service]\nExecStart=/opt/own/reader\n")
    host.sh("systemctl start view")
    host.record("view")
    assert asked(host, "/opt/link") == "one ."
    done = host.learn("finish", "--apply", "--settle=0.2", "--view=only", "--paths=exact", "view")
    assert "TemporaryFileSystem=" in done.stdout and host.filters("view") > 0
    assert asked(host, "/opt/link") == asked(host, "/opt/view/seen") == "one ."
    for hidden in ("/opt/view/other", "/opt/view/beside/file", "/home/view/file", "/etc/shadow",
                   "/opt/learn", "/run/systemd/private", "/usr/bin/su"):
        host.sh(f"test -e {hidden}")
        assert "No such file" in asked(host, hidden) or hidden.startswith("/home")
    assert "Permission denied" in asked(host, "/home/view/file")
    # What is in sight where it can be written to cannot be executed, nor the other way round.
    mounts = host.sh(f"cat /proc/{host.show('view', 'MainPID')}/mountinfo").stdout.splitlines()
    options = {line.split()[4]: line.split()[5].split(",") for line in mounts}
    assert {"rw", "noexec"} <= set(options["/srv"]) and "ro" in options["/usr"]
    # By directory, more is in sight, and what takes the place of a file too.
    host.learn("finish", "--apply", "--settle=0.2", "--view=only", "view")
    assert asked(host, "/opt/view/other") == "two ." and "No such" in asked(host, "/etc/shadow")
    host.sh("echo new >/opt/view/new && mv /opt/view/new /opt/view/seen")
    assert asked(host, "/opt/view/seen") == "new ."
    # Another recording sees everything again.
    host.record("view")
    assert asked(host, "/home/view/file") == "home ."
    host.learn("finish", "--apply", "--settle=0.2", "--view=only", "view")
    assert asked(host, "/home/view/file") == "home ."
    host.learn("reset", "view")
    host.sh("systemctl stop view; rm -r /opt/view /opt/own /opt/link /home/view")


def test_a_service_that_is_not_to_be_restarted_is_left_as_it_runs(host):
    host.service("steady", settings="Type=exec")
    host.sh("systemctl start steady")
    before, pid = host.tree(), host.show("steady", "MainPID")
    done = host.learn("start", "--no-restart", "steady")
    assert "from its next start on" in done.stderr and host.show("steady", "MainPID") == pid
    host.sh("systemctl restart steady")
    pid = host.show("steady", "MainPID")
    host.learn("finish", "--no-restart", "--apply", "steady")
    assert host.show("steady", "MainPID") == pid and host.filters("steady") == 0
    host.sh("systemctl restart steady")
    assert host.filters("steady") > 0
    pid = host.show("steady", "MainPID")
    host.learn("reset", "--no-restart", "steady")
    assert host.show("steady", "MainPID") == pid and host.tree() == before
    host.sh("systemctl stop steady")


def test_what_is_to_happen_in_time_may_take_longer_while_it_is_recorded(host):
    host.service("slow", "watchdog", "notify",
                 settings="Type=notify\nTimeoutStartSec=1\nWatchdogSec=1\nRestart=no")
    host.sh("systemctl start slow")
    host.record("slow")
    assert host.show("slow", "WatchdogUSec") == host.show("slow", "TimeoutStartUSec") == "10s"
    host.learn("finish", "--apply", "--settle=0.2", "slow")
    assert host.show("slow", "WatchdogUSec") == host.show("slow", "TimeoutStartUSec") == "1s"
    assert host.show("slow", "ActiveState") == "active"
    host.learn("reset", "slow")
    host.sh("systemctl stop slow")


def test_what_runs_at_a_reload_and_at_the_end_is_recorded_and_confined_too(host):
    host.service("hooks", settings="""Type=exec
ExecStartPre=/bin/mkdir -p /var/lib/hooks
ExecReload=/bin/sh -c 'kill -HUP $MAINPID && uname -s >/var/lib/hooks/reload'
ExecStop=/bin/sh -c 'id -u >/var/lib/hooks/stop'
ExecStopPost=/bin/touch /var/lib/hooks/post""")
    host.sh("systemctl start hooks")
    host.record("hooks")
    check_reload(host, "hooks")
    done = host.learn("finish", "--apply", "--settle=0.2", "hooks")
    assert re.search("^#   /usr/bin/mkdir: .*mkdir", done.stdout, re.M)
    assert re.search("^#   /opt/service: .*poll", done.stdout, re.M)
    programs = {program for program, _ in host.calls("hooks.service")}
    assert programs >= {"/usr/bin/mkdir", "/usr/bin/uname", "/usr/bin/id", "/usr/bin/touch"}
    host.sh("rm /var/lib/hooks/*")
    check_reload(host, "hooks")
    host.sh("systemctl stop hooks")
    assert host.sh("ls /var/lib/hooks").stdout.split() == ["post", "reload", "stop"]
    assert host.show("hooks", "Result") == "success"
    host.learn("reset", "hooks")


def test_a_helper_that_gains_rights_when_executed_keeps_them(host):
    host.sh("cp /bin/chown /opt/helper && chmod 4755 /opt/helper && touch /srv/helped && "
            ": >/srv/helper; chmod 666 /srv/helper")
    host.unit("helper.service", "[Service]\nUser=nobody\nExecStart=/bin/sh -c 'while :; do "
                                "/opt/helper daemon /srv/helped && echo pid= >>/srv/helper; "
                                "sleep 0.2; done'\n")
    host.sh("systemctl start helper")
    host.record("helper")
    done = host.learn("finish", "--apply", "--settle=0.2", "helper")
    assert "NoNewPrivileges=yes is left out: /opt/helper is executed" in done.stdout
    host.sh("chown root /srv/helped; : >/srv/helper")
    assert "pid=" in host.facts("helper")
    assert host.sh("stat -c %U /srv/helped").stdout == "daemon\n"
    pid = host.show("helper", "MainPID")
    bounds = host.sh(f"grep -E 'CapBnd|CapAmb' /proc/{pid}/status").stdout.split()
    assert int(bounds[1], 16) & 1 and int(bounds[3], 16) == 0  # CAP_CHOWN for it alone
    assert int(bounds[1], 16) < 1 << 8
    host.learn("reset", "helper")
    host.sh("systemctl stop helper")


# ---- when something goes wrong ----

def test_a_drop_in_under_which_the_service_does_not_come_up_is_taken_back(host):
    host.service("fragile", "socket=2", settings="Type=exec\nRestart=no")
    host.sh("systemctl start fragile")
    host.record("fragile")
    done = host.learn("finish", "--apply", "--settle=1", "--deny=socket", "fragile", check=False)
    assert done.returncode == 1
    assert re.search(r"cause: SystemCallFilter: the call socket is not allowed; /opt/service made "
                     r"it 1 time\n +mend: SystemCallFilter=socket", done.stderr), done.stderr
    assert "the drop-in is taken back; fragile.service runs as it did before" in done.stderr
    assert host.show("fragile", "ActiveState") == "active" and host.filters("fragile") == 0
    # One drop-in after another: back to the one before.
    host.learn("finish", "--apply", "--settle=1", "fragile")
    good = host.sh("cat /etc/systemd/system/fragile.service.d/90-learn.conf").stdout
    done = host.learn("finish", "--apply", "--settle=1", "--verify=exit 4", "--deny=family:AF_INET",
                      "fragile", check=False)
    assert done.returncode == 1 and "runs with the one before" in done.stderr
    assert host.sh("cat /etc/systemd/system/fragile.service.d/90-learn.conf").stdout == good
    host.learn("reset", "fragile")
    host.sh("systemctl stop fragile")


def test_a_service_that_gives_up_without_an_error_is_not_taken_for_one_that_runs(host):
    host.unit("quiet.service", "[Service]\nExecStart=/bin/sh -c 'touch /var/lib/quiet || exit 0; "
                               "echo pid=$$$$ >>/srv/quiet; exec sleep 1000'\n")
    host.sh("systemctl start quiet")
    host.record("quiet")
    done = host.learn("finish", "--apply", "--settle=1", "--deny=utimensat", "quiet",
                      check=False)
    assert done.returncode == 1
    assert "the call utimensat is not allowed; /usr/bin/touch made it" in done.stderr
    assert host.show("quiet", "ActiveState") == "active"
    host.learn("reset", "quiet")
    host.sh("systemctl stop quiet")


def test_a_service_that_verification_finds_wanting_is_set_free(host):
    host.service("wanting", settings="Type=exec")
    host.sh("systemctl start wanting")
    before = host.tree()
    host.record("wanting")
    done = host.learn("finish", "--apply", "--settle=0", "--verify=test -e /nowhere", "wanting",
                      check=False)
    assert done.returncode == 1
    assert "--verify failed with status 1: test -e /nowhere" in done.stderr
    assert host.filters("wanting") == 0
    host.learn("reset", "wanting")
    assert host.tree() == before
    host.sh("systemctl stop wanting")


@pytest.mark.parametrize("points", [
    pytest.param(range(1, 40), marks=pytest.mark.long, id="any"),
    pytest.param((2, 6), id="some"),
])
def test_reset_puts_right_what_a_crash_left_at_any_point(host, points):
    strace = need("strace")
    host.service("crashing", settings="Type=exec")
    host.sh("systemctl start crashing")
    before = host.tree()
    for verb in (["start", "--settle=0"], ["finish", "--apply", "--settle=0"]):
        for when in points:
            if verb[0] == "finish":
                host.learn("start", "--settle=0", "crashing")
            done = host.manager.inside(
                strace, "-qq", "-o", "/dev/null", "-e", "trace=mkdir,rename,unlink,rmdir",
                "-e", f"inject=mkdir,rename,unlink,rmdir:signal=KILL:when={when}",
                "/opt/learn", "service", *verb, "crashing")
            host.learn("reset", "crashing")
            assert host.tree() == before, (verb, when)
            assert host.show("crashing", "ActiveState") == "active", (verb, when)
            if done.returncode == 0:
                break
        assert (done.returncode == 0) == (len(points) > 2)  # past the last point, or killed
    host.sh("systemctl stop crashing")


def test_two_at_once_take_turns(host):
    host.service("shared", settings="Type=exec")
    host.sh("systemctl start shared")
    before = host.tree()
    host.record("shared")
    done = host.sh("for i in 1 2 3; do /opt/learn service finish --apply --settle=0.2 shared "
                   ">/dev/null & done; wait")
    assert done.stderr.count("another 'learn service' is at work on shared.service") == 2
    assert done.stderr.count("shared.service is confined by") == 1
    assert host.filters("shared") > 0
    host.learn("reset", "shared")
    assert host.tree() == before
    host.sh("systemctl stop shared")


# `systemctl daemon-reload` fails while /opt/broken/now is there.
BROKEN = """#!/bin/sh
for word; do
	[ $word != daemon-reload ] || [ ! -e /opt/broken/now ] || exit 1
done
exec /bin/systemctl "$@"
"""
TROUBLES = {
    "read-only": ("mount --bind /etc/systemd/system /etc/systemd/system; mount -o "
                  "remount,bind,ro /etc/systemd/system", "umount /etc/systemd/system",
                  "90-learn.conf: Read-only file system"),
    "reload": ("touch /opt/broken/now", "rm /opt/broken/now", "daemon-reload failed"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_service_runs_on_when_its_drop_in_cannot_be_put_in_force(host, trouble):
    begin, end, message = TROUBLES[trouble]
    host.sh("mkdir -p /opt/broken; cat >/opt/broken/systemctl; chmod 755 /opt/broken/systemctl",
            input=BROKEN)
    host.service("troubled", settings="Type=exec")
    host.sh("systemctl start troubled")
    before = host.tree()
    host.record("troubled")
    host.sh(begin)
    learn = "PATH=/opt/broken:$PATH /opt/learn service"
    done = host.sh(f"{learn} finish --apply --settle=0 troubled", check=False)
    host.sh(end)
    assert done.returncode == 2 and message in done.stderr
    assert host.show("troubled", "ActiveState") == "active" and host.filters("troubled") == 0
    host.learn("finish", "--apply", "--settle=0", "troubled")
    host.sh(begin)
    done = host.sh(f"{learn} reset troubled", check=False)
    host.sh(end)
    assert done.returncode == 2
    assert host.show("troubled", "ActiveState") == "active"
    host.learn("reset", "troubled")
    assert host.tree() == before
    host.sh("systemctl stop troubled")


def test_a_start_that_cannot_be_leaves_nothing(host):
    host.service("cramped", settings="Type=exec")
    host.sh("systemctl start cramped; mkdir -p /var/lib/learn")
    before = host.tree()
    host.sh("mount -t tmpfs -o nr_inodes=4 tmpfs /var/lib/learn")
    done = host.learn("start", "cramped", check=False)
    left = host.sh("ls -A /var/lib/learn; umount /var/lib/learn").stdout
    assert done.returncode == 2 and "No space left on device" in done.stderr and not left
    assert host.tree() == before and host.show("cramped", "ActiveState") == "active"
    host.sh("systemctl stop cramped; rmdir /var/lib/learn")


def test_nothing_of_the_users_is_touched(host):
    host.service("kept", settings="Type=exec")
    host.sh("mkdir -p /etc/systemd/system/kept.service.d /run/systemd/system/kept.service.d; "
            "printf '[Service]\\nLimitNOFILE=99\\n' >/etc/systemd/system/kept.service.d/own.conf; "
            "systemctl daemon-reload; systemctl start kept")
    before = host.tree()
    host.record("kept")
    host.learn("finish", "--apply", "--settle=0", "kept")
    host.learn("reset", "kept")
    assert host.tree() == before
    # A file of the name that ours has is not ours.
    host.sh("echo '# mine' >/etc/systemd/system/kept.service.d/90-learn.conf")
    before = host.tree()
    host.record("kept")
    done = host.learn("finish", "--apply", "--settle=0", "kept", check=False)
    assert done.returncode == 2
    assert "90-learn.conf is there already, and learn did not make it" in done.stderr
    host.learn("reset", "kept")
    assert host.tree() == before
    host.sh("systemctl stop kept; rm -r /etc/systemd/system/kept.service.d "
            "/run/systemd/system/kept.service.d")


def test_the_service_outlives_the_recorder(host):
    host.service("alone", settings="Type=exec")
    host.sh("systemctl start alone")
    host.record("alone")
    pid = host.show("alone", "MainPID")
    host.sh("systemctl kill -s KILL learn-record@alone; sleep 0.5")
    assert host.show("alone", "MainPID") == pid and host.show("alone", "SubState") == "running"
    # And runs without one.
    host.sh("systemctl stop learn-record@alone; systemctl mask --runtime learn-record@alone 2>&1; "
            "rm -f /run/learn/alone.service; systemctl restart alone", check=False)
    assert host.show("alone", "SubState") == "running"
    host.learn("reset", "alone")
    host.sh("systemctl stop alone")


def test_a_command_whose_first_word_comes_too_late_comes_again(learn_path, tmp_path):
    strace = need("strace")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(str(tmp_path / "door"))
        door.listen()
        door.settimeout(20)
        command = subprocess.Popen(
            [strace, "-qq", "-o", "/dev/null", "-e", "inject=sendto:delay_enter=300000:when=1",
             learn_path, "service", "exec", f"--socket={tmp_path}/door", "--", "/bin/echo", "hi"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        door.accept()[0].close()
        recorder = door.accept()[0]
        assert recorder.recv(99) == b"/bin/echo"
        recorder.send(b"\0")
        assert command.communicate(timeout=20) == ("hi\n", "") and command.returncode == 0


@pytest.mark.long
def test_only_the_units_own_processes_are_recorded(host):
    host.service("private", settings="Type=exec")
    host.sh("systemctl start private")
    host.record("private")
    done = host.sh("/opt/learn service exec --socket=/run/learn/private.service -- /bin/echo hi")
    assert done.stdout == "hi\n" and "is not recorded" in done.stderr
    host.learn("finish", "private")
    assert {program for program, _ in host.calls("private.service")} == {"/opt/service"}
    host.learn("reset", "private")
    host.sh("systemctl stop private")


def test_recordings_add_up_under_a_drop_in_that_is_in_force(host):
    host.service("growing", settings="Type=exec\nEnvironment=MORE=\nLimitNOFILE=1024")
    host.unit("growing.service", "[Service]\nType=exec\nExecStart=/opt/service /srv/growing $MORE\n"
                                 "EnvironmentFile=-/srv/growing.env\n")
    host.sh("systemctl start growing")
    host.record("growing")
    host.learn("finish", "--apply", "--settle=0", "growing")
    host.sh("echo MORE=personality >/srv/growing.env")
    host.record("growing")
    host.learn("finish", "--apply", "--settle=0.2", "growing")
    assert host.show("growing", "ActiveState") == "active"
    assert ("/opt/service", "personality") in host.calls("growing.service")
    host.learn("reset", "growing")
    host.sh("systemctl stop growing")


def test_a_person_may_look_before_and_change_the_drop_in(host):
    host.service("edited", settings=f"Type=exec\n{RELOAD}")
    host.sh("systemctl start edited")
    host.record("edited")
    host.sh(f"for i in $(seq 50); do test -s {STATE}/edited.service/learn.profile && break; sleep "
            "0.1; done")
    looked = host.learn("finish", "--dry-run", "edited")
    assert "SystemCallFilter=" in looked.stdout and "\n# exposure" in looked.stdout
    assert "IPAddressDeny" not in looked.stdout
    assert "ExecReload=/bin/kill was not run while the unit was recorded" in looked.stderr
    assert "ExecStart" not in looked.stderr
    assert "edited.service is being recorded" in looked.stderr
    assert "incomplete" not in looked.stdout + looked.stderr
    host.sh("systemctl reload edited")
    done = host.sh("EDITOR='sed -i s/^LockPersonality=.*/LockPersonality=no/' /opt/learn service "
                   "finish --edit --apply --settle=0 edited")
    assert "was not run" not in done.stderr and "\nLockPersonality=no\n" in done.stdout
    assert host.show("edited", "LockPersonality") == "no" and host.filters("edited")
    again = host.sh("VISUAL=false /opt/learn service finish --edit --apply --settle=0 edited",
                    check=False)
    assert again.returncode == 2 and "nothing is changed" in again.stderr
    assert host.show("edited", "LockPersonality") == "no"
    host.learn("reset", "edited")
    host.sh("systemctl stop edited")


@pytest.mark.parametrize("words, message", [
    (["start", "nothing-here"], "there is no unit nothing-here.service"),
    (["start", "basic.target"], "basic.target is no service"),
    (["start", "a/b"], "'a/b' is no name of a unit"),
    (["start", "*.service"], "'*.service' is no name of a unit"),
    (["start", "some@"], "some@ is a template: name an instance of it, as in some@NAME"),
    (["start", "n" * 240], "the name is too long"),
    (["finish", "rooted"], "nothing of rooted.service was recorded"),
    (["finish", "--dry-run", "--apply", "rooted"], "--dry-run changes nothing"),
    (["start", "--settle=soon", "rooted"], "--settle: 'soon' is no number of seconds"),
    (["start", "--apply", "rooted"], "service start: --apply is not for it"),
    (["start", "--deny=read", "rooted"], "it takes no policy options"),
    (["stop", "rooted"], "there is no 'stop'"),
    (["start"], "expected one UNIT"),
    (["start", "rooted"], "has a root of its own (RootDirectory=)"),
])
def test_what_cannot_be_done_is_said_and_changes_nothing(host, words, message):
    host.service("rooted", settings="RootDirectory=/opt")
    before = host.tree()
    done = host.learn(*words, check=False)
    assert done.returncode == 2 and message in done.stderr
    assert host.tree() == before


def test_a_user_is_told_to_be_root(as_nobody):
    for words in (["start", "some"], ["finish", "some"], ["reset", "some"],
                  ["why", "--rerun", "some"]):
        done = run(as_nobody(as_nobody.learn, "service", *words))
        assert done.returncode == 2 and "only root may do this" in done.stderr


# ---- why ----

# All that could be forbidden is, and then what each word needs is allowed by the last line.
STRICT = """Type=exec
Restart=no
ProtectSystem=strict
ReadWritePaths=/srv
SystemCallFilter=@system-service @mount sethostname personality sched_setscheduler
SystemCallErrorNumber=EPERM
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
MemoryDenyWriteExecute=yes
LockPersonality=yes
RestrictRealtime=yes
ProtectHostname=yes
ProtectHome=yes
PrivateDevices=yes
LimitNOFILE=64
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYS_NICE CAP_DAC_OVERRIDE CAP_SETPCAP CAP_SYSLOG
TemporaryFileSystem=/media
InaccessiblePaths=/mnt
ReadOnlyPaths=/srv/kept
"""
NEEDED = {
    "SystemCallFilter": ("realtime", "SystemCallFilter=sched_setscheduler\nRestrictRealtime=no"),
    "RestrictAddressFamilies": ("socket=2", "RestrictAddressFamilies=AF_INET"),
    "RestrictNamespaces": ("mounts", "RestrictNamespaces=no"),
    "MemoryDenyWriteExecute": ("code", "MemoryDenyWriteExecute=no"),
    "LockPersonality": ("personality", "LockPersonality=no"),
    "RestrictRealtime": ("realtime", "RestrictRealtime=no"),
    "ProtectHostname": ("hostname=confined", "ProtectHostname=no"),
    "ProtectHome": ("read=/home/somebody/file", "ProtectHome=read-only"),
    "ReadWritePaths": ("write=/var/lib/needed/file", "ReadWritePaths=/var/lib/needed"),
    "PrivateDevices": ("read=/dev/kmsg", "PrivateDevices=no"),
    "LimitNOFILE": ("fds=100", "LimitNOFILE=128"),
    "CapabilityBoundingSet": ("chown=/srv/needed.file", "CapabilityBoundingSet=CAP_CHOWN"),
    "BindReadOnlyPaths": ("read=/media/needed/file", "BindReadOnlyPaths=/media/needed"),
    "BindPaths": ("write=/media/needed/file", "BindPaths=/media/needed"),
    "InaccessiblePaths": ("read=/mnt/needed/file", "InaccessiblePaths="),
    "ReadOnlyPaths": ("write=/srv/kept/needed/file", "ReadWritePaths=/srv/kept/needed"),
}


@pytest.mark.parametrize("name", some(NEEDED, ("ReadWritePaths", "CapabilityBoundingSet")))
def test_why_names_the_directive_whose_needed_line_is_gone(host, name):
    word, line = NEEDED[name]
    host.sh("mkdir -p /home/somebody /var/lib/needed /media/needed /mnt/needed /srv/kept/needed; cd /; "
            "touch home/somebody/file srv/needed.file media/needed/file mnt/needed/file")
    strict = STRICT
    if name == "SystemCallFilter":
        strict = strict.replace(" sched_setscheduler", "") + "SystemCallFilter=~sched_setscheduler\n"
    host.service("needy", word, settings=f"{strict}{line}\n")
    host.sh("systemctl restart needy; sleep 0.2")
    assert host.show("needy", "ActiveState") == "active", host.sh("journalctl -u needy -n 9").stdout
    removed = line.split("\n")[0] + "\n"
    host.service("needy", word, settings=f"{strict}{line}\n".replace(removed, ""))
    host.sh("systemctl restart needy; sleep 0.2", check=False)
    assert host.show("needy", "ActiveState") == "failed"
    told = host.learn("why", "--rerun", "--settle=1", "needy")
    causes = re.findall(r"cause: (\w+): (.*)\n +mend: (.*)", told.stdout)
    assert line.split("=")[0] in {cause for cause, _, _ in causes}, told.stdout
    # The line that it gives does mend it.
    mends = "\n".join(mend for _, _, mend in causes)
    host.service("needy", word, settings=f"{strict}{line}\n".replace(removed, "") + mends)
    host.sh("systemctl restart needy; sleep 0.2", check=False)
    assert host.show("needy", "ActiveState") == "active", mends
    host.sh("systemctl stop needy")


def test_why_names_the_call_for_which_the_kernel_ended_it(host):
    own = f"/opt/ended-{os.getpid()}"  # the kernel's log is also that of others
    unit = "[Service]\nType=exec\nExecStart={own} /srv/ended hostname=confined\n{settings}\n"
    host.unit("ended.service", unit.format(own=own, settings="SystemCallFilter=~sethostname"))
    if host.sh(f"""cp /opt/service {own}; systemctl restart ended 2>/dev/null; for i in $(seq 40); do
        journalctl -q -k -o cat | grep -q 'exe="{own}" sig=31 .* syscall=170 ' && exit 0
        sleep 0.05
    done; exit 1""", check=False).returncode != 0:
        pytest.skip("the kernel's log does not tell of calls here, or not of all")
    told = host.learn("why", "ended").stdout
    assert "killed by SIGSYS" in told and "the call sethostname, by the audit record" in told, told
    mend = re.search(r"mend: (SystemCallFilter=\S+)", told)[1]
    host.unit("ended.service", unit.format(
        own=own, settings=f"SystemCallFilter=~sethostname\n{mend}"))
    host.sh("systemctl restart ended; sleep 0.2")
    assert host.show("ended", "ActiveState") == "active"
    host.sh(f"systemctl stop ended; rm {own}")


@pytest.mark.parametrize("settings, wanted", [
    ("ReadWritePaths=/not/there", "226/NAMESPACE"),
    ("User=who-is-that", "217/USER"),
    ("WorkingDirectory=/not/there", "200/CHDIR"),
])
def test_why_knows_what_the_manager_could_not_do(host, settings, wanted):
    host.service("unstartable", settings=f"Type=exec\n{settings}")
    host.sh("systemctl restart unstartable", check=False)
    told = host.learn("why", "unstartable").stdout
    assert wanted in told and settings in told


def test_why_tells_what_the_service_said_of_itself(host):
    host.service("telling", '"status=looking\\x1b[31m around"', "read=/home/nowhere",
                 settings="Type=notify\nProtectHome=yes\nSystemCallErrorNumber=EPERM")
    host.sh("systemctl restart telling", check=False)
    told = host.learn("why", "telling").stdout
    assert r"its status line: looking\x1b[31m around" in told and "\x1b" not in told


def test_why_of_a_service_that_runs_says_so(host):
    host.service("well", settings="Type=exec")
    host.sh("systemctl restart well")
    assert "no failure: it is active" in host.learn("why", "well").stdout
    host.sh("systemctl stop well")
