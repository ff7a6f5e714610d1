# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service was seen doing switches off the directive that would forbid it, and goes on
working under the drop-in: many services in one boot of a real systemd."""

import os
import shutil
import textwrap

import pytest

import live_systemd
from conftest import need, need_root

# The services' program: does what its argument says and tells how that went.
PROGRAM = r"""
import ctypes, mmap, os, socket, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
    r = getattr(libc, name)(*args)
    return r if r >= 0 else -ctypes.get_errno()
def raw(number, *args):
    return "fails" if call("syscall", number, *args) < 0 else "works"
def text(path, mode="r", data=None):
    with open(path, mode) as file:
        return file.write(data) if data else file.read(5)
def connect(address):
    with socket.create_connection(address, 5) as s:
        return s.recv(5)
def bind(port):
    with socket.socket() as s:
        s.bind(("127.0.0.1", port))
        return s.getsockname()
def thread():
    heard = []
    t = threading.Thread(target=heard.append, args=(1,)); t.start(); t.join()
    return heard
def make(directory):
    os.makedirs(directory, exist_ok=True)
    text(directory + "/file", "w", "hello")
    return oct(os.stat(directory).st_mode)
def create(path, mode):
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, mode))
    found = oct(os.stat(path).st_mode)
    os.unlink(path)
    return found
def limits():
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    return resource.getrlimit(resource.RLIMIT_NOFILE)
def keep():
    return call("shmget", 0x6c66, 4096, 0o1666) >= 0
def temporary():
    create("/tmp/own", 0o600)
    return os.path.exists("/tmp/shared")
try:
    print(eval(sys.argv[1]))
except OSError as error:
    print(error.strerror)
"""

NOBODY = "User=nobody\n"
# name: (what it does, what its unit says, {directive: value that its drop-in must not have},
# {directive: value that it must have})
CASES = {
    "nothing": ("0", "", {}, {}),
    "setuid": ("os.spawnv(os.P_WAIT, '/run/share/suid', ['suid', '-u'])", NOBODY,
               {"NoNewPrivileges": "yes", "LockPersonality": "yes", "PrivateUsers": "yes"}, {}),
    "personality": ("call('personality', ctypes.c_ulong(0xffffffff))", "",
                    {"LockPersonality": "yes"}, {}),
    "realtime": ("os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))", "",
                 {"RestrictRealtime": "yes"}, {}),
    "batch": ("os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))", "", {},
              {"RestrictRealtime": "yes"}),
    "unshare": ("call('unshare', 0x04000000)", "", {"RestrictNamespaces": "yes"}, {}),
    "thread": ("thread()", "", {}, {"RestrictNamespaces": "yes"}),
    "code": ("len(mmap.mmap(-1, 4096, prot=7))", "", {"MemoryDenyWriteExecute": "yes"}, {}),
    "setid": ("os.chmod('/srv/setid', 0o4755)", "", {"RestrictSUIDSGID": "yes"}, {}),
    "adjtimex": ("raw(159, bytes(512))", "", {"ProtectClock": "yes"}, {}),
    "alarm": ("os.close(call('timerfd_create', 8, 0))", "", {"ProtectClock": "yes"}, {}),
    "timer": ("os.close(call('timerfd_create', 1, 0))", "", {}, {"ProtectClock": "yes"}),
    "hostname": ("socket.sethostname('other')", "", {"ProtectHostname": "yes"}, {}),
    "modules": ("len(os.listdir('/usr/lib/modules')) > 0", "", {"ProtectKernelModules": "yes"},
                {}),
    "kmsg": ("os.close(os.open('/dev/kmsg', os.O_RDONLY))", "",
             {"ProtectKernelLogs": "yes", "PrivateDevices": "yes", "ProtectClock": "yes"},
             {"DevicePolicy": "closed", "DeviceAllow": '"/dev/kmsg" r'}),
    "sysctl": ("text('/proc/sys/kernel/domainname', 'w', 'here')", "",
               {"ProtectKernelTunables": "yes"}, {}),
    "cgroup": ("os.rmdir(os.mkdir('/sys/fs/cgroup/learn-test') or '/sys/fs/cgroup/learn-test')",
               "", {"ProtectControlGroups": "yes"}, {}),
    "device": ("os.unlink(os.mknod('/srv/null', 0o20666, 0x103) or '/srv/null')", "",
               {"PrivateDevices": "yes"}, {}),
    "network": ("connect(('127.0.0.1', 7777))", "", {"PrivateNetwork": "yes"}, {}),
    "chown": ("os.chown('/srv/file', 1234, 1234)", "", {"PrivateUsers": "yes"},
              {"CapabilityBoundingSet": "CAP_CHOWN"}),
    "peer": ("socket.socketpair()[0].getsockopt(1, 17, 12)[4:]", NOBODY, {"PrivateUsers": "yes"}, {}),
    "ipc": ("call('shmget', 0x6c65, 0, 0) >= 0", "", {"PrivateIPC": "yes"}, {}),
    "keyring": ("raw(250, 0, -3, 1)", "", {"KeyringMode": "private"}, {}),
    "processes": ("text('/proc/1/comm')", NOBODY, {"ProtectProc": "invisible"}, {}),
    "meminfo": ("text('/proc/meminfo')", "", {"ProcSubset": "pid"}, {}),
    "shared": ("text('/tmp/shared')", "", {"PrivateTmp": "yes"}, {}),
    "temporary": ("create('/tmp/own', 0o600)", "", {}, {"PrivateTmp": "yes"}),
    "home": ("text('/root/file')", "", {"ProtectHome": "yes"}, {"ProtectHome": "read-only"}),
    "writing": ("text('/srv/file', 'a', 'hello')", "", {},
                {"ProtectSystem": "strict", "ReadWritePaths": '"-/srv"'}),
    "executing": ("os.spawnv(os.P_WAIT, '/run/share/true', ['true'])", "", {},
                  {"NoExecPaths": "/"}),
    "making": ("make('/run/made')", "", {},
               {"RuntimeDirectory": '"made"', "ProtectSystem": "strict"}),
    # Of an earlier start, and gone with the next boot: it has to be able to make it again.
    "made-before": ("make('/run/before')", "", {},
                    {"ReadWritePaths": '"-/run"', "ProtectSystem": "strict"}),
    "cache": ("make('/var/cache/made') + make('/var/log/made')", "", {},
              {"CacheDirectory": '"made"', "LogsDirectory": '"made"', "ProtectSystem": "strict"}),
    "for-all": ("create('/srv/new', 0o666)", "", {"UMask": "0077"}, {}),
    "for-me": ("create('/srv/mine', 0o600)", "", {}, {"UMask": "0077"}),
    "user": ("os.setuid(65534)", "", {}, {"CapabilityBoundingSet": "CAP_SETUID"}),
    "foreign": ("text('/srv/others')", "", {}, {"CapabilityBoundingSet": "CAP_DAC_READ_SEARCH"}),
    "port": ("bind(81)", NOBODY + "AmbientCapabilities=CAP_NET_BIND_SERVICE\n", {},
             {"AmbientCapabilities": "CAP_NET_BIND_SERVICE"}),
    "limit": ("limits()", "", {}, {}),
    "exec": ("1", "Type=exec\nRemainAfterExit=yes\n", {}, {}),
}

# What a directive forbids, when its lines are those of a drop-in for something else and no others
# are there. directive: (what is tried, what else the unit says, whose drop-in: of two).
DENIED = {
    **{(directive, name): (what, more, "nothing")
       for name, (what, more, without, _) in CASES.items() for directive in without},
    ("SystemCallFilter", "umount"): ("call('umount2', b'/nowhere', 0)", "", "nothing"),
    ("RestrictAddressFamilies", "packet"): ("socket.socket(17, 3).close()", "", "nothing"),
    ("CapabilityBoundingSet", "chown"): ("os.chown('/srv/file', 7, 7)", "", "nothing"),
    ("DevicePolicy", "kmsg"): ("os.close(os.open('/dev/kmsg', os.O_RDONLY))", "", "nothing"),
    ("ProtectSystem", "write"): ("text('/srv/file', 'a', 'hello')", "", "nothing"),
    ("NoExecPaths ExecPaths", "exec"): ("os.spawnv(os.P_WAIT, '/run/share/true', ['true'])", "",
                                        "nothing"),
    ("LimitNOFILE", "dup"): ("[os.dup(0) for _ in range(9999)] and 1", "LimitNOFILE=20000\n",
                             "nothing"),
    ("TasksMax", "fork"): ("[os.fork() or os._exit(0) for _ in range(99)] and 1", "",
                                      "nothing"),
    ("PrivateUsers", "owner"): ("os.stat('/srv/daemon').st_uid", NOBODY, "user"),
    ("RemoveIPC", "shared memory"): ("keep()", "User=daemon\n", "user"),
    ("InaccessiblePaths", "list"): ("os.listdir('/opt') and 1", "", "port"),
    ("IPAddressDeny IPAddressAllow", "connect"): ("connect(('10.9.9.9', 7777))", "", "port"),
    ("SocketBindDeny SocketBindAllow", "bind"): ("bind(82)", "", "port"),
    ("TemporaryFileSystem BindReadOnlyPaths BindPaths", "view"): ("text('/etc/fstab')", "",
                                                                  "view"),
}
# What is forbidden there cannot be told from what is not by what these try.
SAME = {("KeyringMode", "keyring"), ("PrivateUsers", "peer"), ("PrivateUsers", "setuid"),
        ("ProtectClock", "kmsg")}
# What systemd does with the kernel's help alone, and how to know that it is there.
WITH_HELP = {
    "SocketBindDeny": "systemctl --version | grep -q [+]BPF_FRAMEWORK",
    "TasksMax": "grep -qw pids /sys/fs/cgroup/cgroup.controllers",
}

PREPARE = """
set -e
mkdir -p /usr/lib/modules/none /run/before
echo hello >/srv/file; echo hello >/srv/setid
echo hello >/srv/others; chown nobody /srv/others; chmod 600 /srv/others
echo hello >/tmp/shared; echo hello >/root/file
cat >/run/listen.py <<'END'
import ctypes, socket
assert ctypes.CDLL(None).shmget(0x6c65, 4096, 0o1666) >= 0
with socket.create_server(("", 7777)) as s:
    while True:
        s.accept()[0].sendall(b"hello")
END
touch /srv/daemon; chown daemon /srv/daemon; echo hello >/etc/fstab; touch /opt/file; ip address add 10.9.9.9/32 dev lo
systemd-run -q --unit=listen python3 /run/listen.py
"""


def settings(text):
    return [tuple(line.split("=", 1)) for line in text.splitlines()
            if "=" in line and not line.startswith("#")]


@pytest.fixture(scope="module")
def lives(learn_path, tmp_path_factory):
    """{name: (what it told when recorded, what it told confined, drop-in)}"""
    need_root()
    python = need("python3") and "/usr/bin/python3"
    if not os.path.exists(python):
        pytest.skip("no /usr/bin/python3 here")
    share = tmp_path_factory.mktemp("evidence")
    for directory in [*share.parents][:3] + [share]:
        os.chmod(directory, 0o755)
    for name in ("profiles", "told"):
        (share / name).mkdir()
        os.chmod(share / name, 0o1777)
    (share / "program.py").write_text(PROGRAM)
    shutil.copy(learn_path, share / "learn")
    shutil.copy("/bin/true", share / "true")
    shutil.copy("/usr/bin/id", share / "suid")
    os.chmod(share / "suid", 0o4755)
    with live_systemd.manager(share) as manager:
        def sh(script):
            done = manager.inside("sh", "-c", textwrap.dedent(script), timeout=300)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        def start(names, tail):
            """Starts the units and waits until all have ended: what each told."""
            (share / "names").write_text("\n".join(names))
            sh("systemctl daemon-reload; rm -rf /run/made /var/cache/made /var/log/made; xargs systemctl start --no-block "
               "</run/share/names; n=0; while systemctl list-jobs --no-legend | grep -q case-; do "
               "sleep 0.1; n=$((n + 1)); [ $n -lt 600 ] || exit 1; done; while systemctl show -P "
               "SubState case-exec | grep -q running; do sleep 0.1; done; systemctl stop case-exec")
            told = [share / "told" / f"{name[len('case-'):-len('.service')]}{tail}"
                    for name in names]
            return [path.read_text() if path.exists() else "" for path in told]

        def emit(name, *options):
            return settings(sh(f"/run/share/learn emit systemd {' '.join(options)} "
                               f"/run/share/profiles/{name}"))

        sh(PREPARE)
        units = "/run/systemd/system"
        for name, (what, more, *_) in CASES.items():
            command = f'{python} -I -S /run/share/program.py "{what}"'
            unit = f"[Service]\nType=oneshot\n{more}ExecStart={command}\n"
            (share / f"case-{name}.service").write_text(
                unit + f"StandardOutput=file:/run/share/told/{name}\n")
            (share / f"{name}.record").write_text(
                f"[Service]\nExecStart=\nExecStart=/run/share/learn -q -o "
                f"/run/share/profiles/{name} -- {command}\n")
        sh(f"""
            cp /run/share/case-*.service {units}
            for r in /run/share/*.record; do
                n=$(basename $r .record)
                mkdir {units}/case-$n.service.d; cp $r {units}/case-$n.service.d/learn.conf
            done""")
        names = [f"case-{name}.service" for name in CASES]
        recorded = dict(zip(CASES, start(names, "")))
        sh("rm -rf /var/cache/made /var/log/made")  # as on a machine where it is new
        sh(f"""
            cat >/run/emit <<'END'
            /run/share/learn emit systemd --unit={units}/case-$1.service \\
                /run/share/profiles/$1 >/run/share/$1.conf 2>/dev/null &&
            cp /run/share/$1.conf {units}/case-$1.service.d/learn.conf &&
            echo "StandardOutput=file:/run/share/told/$1.confined" \\
                >>{units}/case-$1.service.d/learn.conf
            END
            ls /run/share/profiles | xargs -n 1 -P 2 sh /run/emit""".replace("            ", ""))
        confined = dict(zip(CASES, start(names, ".confined")))
        denied = try_what_is_denied(share, sh, start, {
            "nothing": emit("nothing"),
            "user": emit("nothing", f"--unit={units}/case-peer.service"), "view": emit("nothing", "--view=only"),
            "port": emit("port", "--addresses", "--view=used")})
        said = sh("journalctl -q --no-pager -o cat | grep -E 'case-|audit: type=1326' | tail -60")
    return denied | {
        name: (recorded[name], confined[name], (share / f"{name}.conf").read_text(), said)
        for name in CASES}


def try_what_is_denied(share, sh, start, dropins):
    """{(directive, name): (what it told alone, and under the directive's lines, these)}"""
    told, lines_of = {}, {}
    for free in (True, False):
        for n, ((directive, name), (what, more, dropin)) in enumerate(DENIED.items()):
            lines = lines_of[directive, name] = "".join(
                f"{key}={value}\n" for key, value in dropins[dropin] if key in directive.split())
            (share / f"case-try-{n}{free}.service").write_text(
                f'[Service]\nType=oneshot\n{more}{"" if free else lines}'
                f'ExecStart=/usr/bin/python3 -I -S /run/share/program.py "{what}"\n'
                f"StandardOutput=file:/run/share/told/try-{n}{free}\n")
    sh("cp /run/share/case-try-* /run/systemd/system")
    kept = list(DENIED).index(("RemoveIPC", "shared memory"))
    for free in (True, False):
        told[free] = start([f"case-try-{n}{free}.service" for n in range(len(DENIED))], "")
        # What this one has made is there afterwards, or not.
        told[free][kept] = sh("sleep 0.1; ipcs -m | grep -c 0x00006c66 || true")
        sh("ipcrm -M 0x6c66 2>/dev/null || true")
    for directive, condition in WITH_HELP.items():
        lines_of[directive] = sh(f"{condition} && echo yes || true")
    return {key: (one, other, lines_of[key])
            for key, one, other in zip(DENIED, told[True], told[False])} | {
                directive: lines_of[directive] for directive in WITH_HELP}


@pytest.mark.parametrize("name", CASES)
def test_what_was_seen_goes_on_working(lives, name):
    recorded, confined, dropin, said = lives[name]
    if name == "setuid":  # a learn that is the service's user records it without root's rights
        assert recorded == "65534\n0\n"
        recorded = "0\n0\n"
    assert recorded and recorded == confined, dropin + said


@pytest.mark.parametrize("directive, name", DENIED)
def test_each_directive_forbids_what_it_is_there_for(lives, directive, name):
    alone, under, lines = lives[directive, name]
    if not lives.get(directive.split()[0], True):
        pytest.skip(f"{directive.split()[0]} is not enforced here: {WITH_HELP[directive.split()[0]]}")
    assert lines and alone and alone != "\n"
    assert alone != under or (directive, name) in SAME, lines


@pytest.mark.parametrize("name", [name for name in CASES if name != "nothing"])
def test_what_was_seen_decides_which_directives_stand(lives, name):
    _, _, without, has = CASES[name]
    found, plain = settings(lives[name][2]), settings(lives["nothing"][2])
    for directive, value in without.items():
        assert (directive, value) in plain, "the directive does not stand for others either"
        assert (directive, value) not in found
    for directive, value in has.items():
        assert [words for key, words in found if key == directive and value in words], directive


def test_limits_that_the_service_sets_are_its_own(lives):
    assert "LimitNOFILE" not in dict(settings(lives["limit"][2]))
    assert "LimitNOFILE" in dict(settings(lives["nothing"][2]))


def test_a_service_that_does_nothing_special_has_every_directive(lives):
    found = dict(settings(lives["nothing"][2]))
    assert {key: found.get(key) for key in (
        "NoNewPrivileges", "PrivateUsers", "PrivateNetwork", "PrivateTmp", "ProtectSystem",
        "ProtectHome", "ProcSubset", "UMask")} == {
            "NoNewPrivileges": "yes", "PrivateUsers": "yes", "PrivateNetwork": "yes",
            "PrivateTmp": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
            "ProcSubset": "pid", "UMask": "0077"}
