# SPDX-License-Identifier: GPL-3.0-or-later
"""Daemons of the distribution with their own units: how each is set up, and how a client uses it."""

import dataclasses
import os
import pathlib
import re
import shlex
import textwrap

import pytest

from conftest import need

HTTP = """
import sys, urllib.request
for path, wanted in zip(sys.argv[2::2], sys.argv[3::2]):
    with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}{path}", timeout=20) as answer:
        assert wanted.encode() in answer.read(), path
try:
    urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/missing", timeout=20)
    raise SystemExit("found what is not there")
except urllib.error.HTTPError as error:
    assert error.code in (404, 403), error
"""

MEMCACHED = r"""
import socket
with socket.create_connection(("127.0.0.1", 11211), 20) as s:
    f = s.makefile("rwb")
    for words, wanted in [("set k 0 0 5\r\nhello", "STORED"), ("get k", "VALUE k 0 5")]:
        f.write(words.encode() + b"\r\n"); f.flush()
        answer = f.readline().decode().strip()
        assert answer == wanted, answer
    assert f.readline() == b"hello\r\n" and f.readline() == b"END\r\n"
    f.write(b"stats\r\n"); f.flush()
    while (line := f.readline()) != b"END\r\n":
        assert line.startswith(b"STAT"), line
"""

DNS = r"""
import socket, struct
def ask(name, kind, tcp):
    query = struct.pack("!6H", 7, 0x100, 1, 0, 0, 0) + b"".join(
        bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0" + struct.pack(
        "!2H", kind, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as s:
        s.settimeout(20)
        s.connect(("127.0.0.1", 53))
        s.sendall(struct.pack("!H", len(query)) + query if tcp else query)
        return s.recv(4096)
for tcp in (False, True):
    assert b"\x0a\x01\x02\x03" in ask("host.test", 1, tcp)
    assert ask("missing.test", 1, tcp)
"""


@dataclasses.dataclass
class Daemon:
    name: str
    unit: str
    programs: tuple            # what its package brings
    client: str                # a script of sh: exit 0 when all that it does works
    ready: str                 # a script of sh that succeeds when the daemon answers
    prepare: str = "true"      # a script of sh, before the first start
    user: str = ""             # as whom it can be started
    reload: bool = True        # whether `systemctl reload` is part of its life

    @property
    def file(self):
        """The unit's own file."""
        return pathlib.Path("/lib/systemd/system", re.sub("@.*[.]", "@.", self.unit))

    def until_ready(self):
        return (f"n=0; until ({self.ready}) >/dev/null 2>&1; do n=$((n + 1)); "
                "[ $n -lt 100 ] || exit 1; sleep 0.2; done")

    def need(self):
        need(*self.programs)
        if not self.file.exists():
            pytest.skip(f"no {self.file} here")


def port(number):
    return f"python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {number}), 5)'"


def python(program, *words):
    return "python3 - " + " ".join(words) + " <<'END'\n" + textwrap.dedent(program) + "\nEND\n"


DAEMONS = [
    Daemon("nginx", "nginx.service", ("nginx",), python(HTTP, "80", "/page", "hello"), port(80),
           prepare="mkdir -p /var/www/html; echo hello >/var/www/html/page", user="www-data"),
    Daemon("redis", "redis-server.service", ("redis-server", "redis-cli"), """
           set -e
           redis-cli set k v | grep OK; redis-cli get k | grep v
           redis-cli lpush l 1 2 3 | grep 3; redis-cli del l
           redis-cli eval 'return redis.call("get", "k")' 0 | grep v
           redis-cli save | grep OK; redis-cli bgsave | grep -i sav; sleep 1
           redis-cli config set appendonly yes | grep OK; redis-cli bgrewriteaof; sleep 1
           redis-cli config set appendonly no | grep OK
           """, "redis-cli ping | grep PONG", reload=False, user="redis"),
    Daemon("memcached", "memcached.service", ("memcached",), python(MEMCACHED), port(11211),
           reload=False),
    Daemon("dnsmasq", "dnsmasq.service", ("dnsmasq",), python(DNS), port(53),
           prepare="printf 'no-resolv\\nlisten-address=127.0.0.1\\nbind-interfaces\\n"
                   "address=/host.test/10.1.2.3\\n' >/etc/dnsmasq.d/test.conf", user="dnsmasq"),
    Daemon("haproxy", "haproxy.service", ("haproxy",),
           python(HTTP, "8080", "/page", "hello") +
           "\necho show info | python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX);"
           " s.connect(\"/run/haproxy/admin.sock\"); s.sendall(b\"show info\\n\");"
           " assert b\"haproxy\" in s.recv(9999).lower()'", port(8080),
           prepare="""
           echo hello >/etc/haproxy/page
           echo 'EXTRAOPTS=-S /run/haproxy/master.sock' >>/etc/default/haproxy
           cat >>/etc/haproxy/haproxy.cfg <<'END'
           frontend test
               bind 127.0.0.1:8080
               acl page path /page
               http-request return content-type text/plain file /etc/haproxy/page if page
               http-request return status 404
           END
           """, user="haproxy"),
    Daemon("lighttpd", "lighttpd.service", ("lighttpd",), python(HTTP, "80", "/page", "hello"),
           port(80), prepare="mkdir -p /var/www/html; echo hello >/var/www/html/page",
           user="www-data"),
    Daemon("mosquitto", "mosquitto.service", ("mosquitto", "mosquitto_pub", "mosquitto_sub"), """
           mosquitto_sub -h 127.0.0.1 -t t -C 1 -W 10 >/tmp/heard & sleep 1
           mosquitto_pub -h 127.0.0.1 -t t -m hello && wait && grep hello /tmp/heard
           mosquitto_pub -h 127.0.0.1 -r -t kept -m retained
           mosquitto_sub -h 127.0.0.1 -t kept -C 1 -W 10 | grep retained
           """, port(1883), user="mosquitto"),
    Daemon("chrony", "chrony.service", ("chronyd", "chronyc"), """
           set -e
           chronyc tracking | grep 'Leap status'; chronyc -n sources; chronyc activity
           chronyc clients >/dev/null
           chronyc add server 127.0.0.9; chronyc -n sources | grep 127.0.0.9
           chronyc delete 127.0.0.9; chronyc dump
           """, "chronyc tracking",
           prepare="rm -f /etc/chrony/conf.d/*; sed -i '/^pool/d' /etc/chrony/chrony.conf; "
                   "echo 'DAEMON_OPTS=\"-F 0 -x -U\"' >/etc/default/chrony", reload=False,
           user="_chrony"),
    Daemon("postgres", "postgresql@15-main.service", ("pg_ctlcluster", "psql"), """
           cat >/tmp/test.sql <<'END'
           drop table if exists t;
           create table t (a int, b text);
           insert into t select n, md5(n::text) from generate_series(1, 20000) n;
           create index on t (a);
           set max_parallel_workers_per_gather = 2;
           set min_parallel_table_scan_size = 0;
           set parallel_setup_cost = 0; set parallel_tuple_cost = 0;
           select count(*) from t where b like '%a%';
           set work_mem = '64kB'; select count(*) from (select * from t order by b offset 10) x;
           vacuum analyze t;
           select pg_switch_wal(); checkpoint; select pg_switch_wal(); checkpoint;
           END
           chmod 644 /tmp/test.sql
           su postgres -s /bin/sh -c 'psql -v ON_ERROR_STOP=1 -q -f /tmp/test.sql' &&
           test "$(su postgres -s /bin/sh -c 'psql -At -c "select count(*) from t"')" = 20000
           """, "su postgres -s /bin/sh -c 'psql -c \"select 1\"'", user="postgres"),
    Daemon("cron", "cron.service", ("cron",), """
           : >/run/cron-ran; n=0
           until [ -s /run/cron-ran ] || [ $n -ge 75 ]; do sleep 1; n=$((n + 1)); done
           grep nobody /run/cron-ran
           """, "systemctl is-active cron.service",
           prepare="touch /run/cron-ran; chmod 666 /run/cron-ran; "
                   "echo '* * * * * nobody id -un >/run/cron-ran' >/etc/cron.d/test", reload=False),
]

class Life:
    """A daemon in a manager: every step says what went wrong in the words of the journal."""

    def __init__(self, manager, daemon):
        self.manager, self.daemon, self.unit = manager, daemon, daemon.unit
        self.dropins = f"/run/systemd/system/{daemon.unit}.d"

    def sh(self, script, what, timeout=150, status=0):
        done = self.manager.inside("sh", "-c", textwrap.dedent(script), timeout=timeout)
        assert done.returncode == status, f"{what}: {done.stdout}{done.stderr}\n{self.journal()}"
        return done.stdout

    def journal(self):
        return self.manager.inside("sh", "-c", f"systemctl status -n 0 {self.unit}; "
                                   f"journalctl -q --no-pager -n 30").stdout

    def learn(self, verb, *options, status=0):
        """What `learn service VERB` prints for the unit; of one that fails, what it says too."""
        words = " ".join(map(shlex.quote, (*options, self.unit)))
        return self.sh(f"/run/share/learn service {verb} {words}{' 2>&1' if status else ''}",
                       f"learn service {verb}", status=status)

    def user(self):
        """As whom the manager starts it; "" for root."""
        return self.sh(f"systemctl show -P User {self.unit}", "show").strip()

    def script(self):
        """A file that exits with 0 when the daemon answers and does all that the client asks."""
        self.manager.write("/run/client", f"""{self.daemon.until_ready()}
        {textwrap.dedent(self.daemon.client)}""")
        return "sh /run/client"

    def sees_nothing_of(self, *paths):
        """Each file is there, and neither it nor what a directory holds is in the unit's sight."""
        own = self.sh(f"systemctl show -P ControlGroup {self.unit}", "show").strip()
        for path in paths:
            self.sh(f"test -e {path} && pid=$(head -n 1 /sys/fs/cgroup{own}/cgroup.procs) && "
                    f"test -z \"$(ls -A /proc/$pid/root{path} 2>/dev/null)\"", f"sees {path}")

    def remaining(self):
        """What systemd-analyze still finds, the gravest first."""
        text = self.sh(f"systemd-analyze security --no-pager {self.unit}", "security")
        found = re.findall(r"^\S*\s+(\S+=\S*) +(.*?) +([0-9.]+) *$", text, re.M)
        return "\n".join(f"{points} {name} {words}" for name, words, points in sorted(
            found, key=lambda row: -float(row[2])))

    def tree(self):
        """Where systemd and learn keep what makes a unit, with the bytes."""
        return self.sh("for d in /etc/systemd/system /run/systemd/system /run/learn /var/lib/learn; "
                       "do find $d -printf '%y %m %U %p %l\\n'; find $d -type f -exec sha256sum "
                       "'{}' +; done 2>/dev/null | sort", "find")

    def start(self):
        self.sh(f"systemctl start {self.unit}", "start")
        self.answers()

    def answers(self):
        self.sh(self.daemon.until_ready(), "does not answer")

    def use(self):
        self.sh(self.daemon.client, "client", 200)

    def reload(self):
        self.sh(f"systemctl reload {self.unit} && sleep 1 && systemctl is-active {self.unit}",
                "reload")

    def exposure(self):
        text = self.sh(f"systemd-analyze security --no-pager {self.unit}", "security")
        return float(re.search(r"exposure level for .*: ([0-9.]+)", text)[1])

    def exercise(self):
        """All that a client asks, and again after a reload."""
        self.answers()
        self.use()
        if self.daemon.reload:
            self.reload()
            self.use()
