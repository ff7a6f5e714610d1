# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers with their clients, and what builds, copies and installs: slower than programs.PROGRAMS.

A server and its clients are one command, that starts, uses and stops it: the recording ends with
its last process. What is printed is the same each time.
"""

from programs import Program

REDIS = """\
set -e
redis-server --port 0 --unixsocket $PWD/s --save '' --appendonly yes --dir $PWD --daemonize no \\
    >log &
server=$!
until redis-cli -s $PWD/s ping 2>/dev/null | grep -q PONG; do kill -0 $server; sleep 0.05; done
redis-benchmark -s $PWD/s -q -n 500 -c 5 -t set,get,incr,lpush,zadd >/dev/null
redis-cli -s $PWD/s dbsize
redis-cli -s $PWD/s get counter:__rand_int__
redis-cli -s $PWD/s bgrewriteaof
until redis-cli -s $PWD/s info persistence | grep -q ^aof_rewrite_in_progress:0; do sleep 0.05; done
redis-cli -s $PWD/s shutdown nosave
wait $server
echo "server: $?"
"""

# The server does not run as root, and others may not enter the directory that the test runs in.
POSTGRES = """\
set -e
dir=$(mktemp -d /tmp/learn-pg-XXXXXX)
trap 'rm -rf $dir' EXIT
as=
if [ $(id -u) = 0 ]; then
    chown postgres $dir
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
cd $dir
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
$as $bin/initdb -D $dir/data -A trust -N -U postgres >/dev/null
$as $bin/pg_ctl -D $dir/data -l $dir/log -o "-k $dir -h ''" -w start >/dev/null
$as pgbench -h $dir -U postgres -i -q postgres >/dev/null 2>&1
$as pgbench -h $dir -U postgres -n -c 2 -t 20 postgres 2>/dev/null | grep processed
$as psql -h $dir -U postgres -At -c 'select count(*) from pgbench_history' postgres
$as $bin/pg_ctl -D $dir/data -m fast -w stop >/dev/null
echo "stopped"
"""

SSHD = """\
set -e
port=$((20000 + $$ % 20000))
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f host
ssh-keygen -q -t ed25519 -N '' -f user
cat >config <<END
Port $port
ListenAddress 127.0.0.1
HostKey $PWD/host
AuthorizedKeysFile $PWD/user.pub
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile $PWD/pid
Subsystem sftp internal-sftp
END
chmod 600 config
/usr/sbin/sshd -D -f $PWD/config 2>/dev/null &
server=$!
until [ -s pid ]; do sleep 0.05; done
options="-F none -i user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
ssh $options -p $port root@127.0.0.1 'echo "a shell of $USER"; seq 3; exit 7' || echo "status $?"
echo text >file
scp -q $options -P $port file root@127.0.0.1:$PWD/copy
cat copy
kill $server
wait $server || echo "server: $?"
"""

KEYGEN = """\
set -e
for type in ed25519 ecdsa rsa; do
    ssh-keygen -q -t $type -N '' -C test -f $type
    ssh-keygen -l -f $type.pub | sed 's/.*(/(/'
done
echo text >file
ssh-keygen -q -Y sign -n file -f ed25519 file
(printf 'a@example.org '; cat ed25519.pub) >allowed
ssh-keygen -q -Y verify -f allowed -I a@example.org -n file -s file.sig <file && echo verified
"""

PERL = r"""
use strict; use warnings; use File::Temp qw(tempfile); use IO::Handle; use POSIX;
my ($out, $name) = tempfile(UNLINK => 1);
print $out "$_\n" for 1 .. 1000;
close $out;
open my $in, '<', $name or die;
my $sum = 0; $sum += $_ while <$in>;
pipe my $r, my $w or die;
if (!fork) { print $w "child\n"; exit 3 }
close $w; print <$r>; wait; print $? >> 8, " $sum\n";
local $SIG{ALRM} = sub { print "alarm\n" };
setitimer_ok(); sub setitimer_ok { alarm 1; POSIX::pause() }
print `echo backticks`, join(',', sort map { s/.*\.//r } glob('scr*')), "\n";
"""

TAR = """\
set -e
mkdir -p in/deep/er out
for i in 1 2 3 4 5; do seq $((i * 1000)) >in/deep/$i; done
ln -s 1 in/deep/link; ln in/deep/1 in/deep/er/hard; mkfifo in/fifo
tar -czf a.tar.gz in
tar -tzf a.tar.gz | sort
tar -C out -xzf a.tar.gz
diff -r --no-dereference in/deep out/in/deep && echo same
"""

RSYNC = """\
set -e
mkdir -p in/deep
for i in 1 2 3 4 5; do seq $((i * 1000)) >in/deep/$i; done
rsync -a --out-format=%n in/ out
seq 7 >>in/deep/3; rm in/deep/1
rsync -a --delete --checksum in/ out
diff -r in out && echo same
"""

MAKEFILE = """\
CFLAGS = -O1 -Wall -fPIC
all: main
main: main.o libpart.so
\t$(CC) -o $@ main.o -L. -lpart -Wl,-rpath,.
libpart.so: part.o more.o
\t$(CC) -shared -o $@ $^
main.o part.o more.o: part.h
check: main
\t./main
clean:
\trm -f main *.o *.so
"""
MAKE_FILES = {
    "Makefile": MAKEFILE,
    "part.h": "int part(int);\nint more(int);\n",
    "part.c": '#include "part.h"\nint part(int n) { return more(n) + 1; }\n',
    "more.c": '#include "part.h"\nint more(int n) { return 2 * n; }\n',
    "main.c": '#include <stdio.h>\n#include "part.h"\n'
              'int main(void) { printf("%d\\n", part(20)); return 0; }\n',
}

APT = """\
apt-get --simulate -o Debug::NoLocking=1 -o Dir::Cache=$PWD/cache install bash coreutils
apt-get --simulate -o Debug::NoLocking=1 -o Dir::Cache=$PWD/cache remove strace | tail -n 1
"""

PYTHON_TESTS = """\
set -o pipefail
python3 -B -m test test_glob test_shutil test_tempfile test_select 2>&1 |
    grep -E '^(Total tests|Result|test .* failed)'
"""

MORE_PROGRAMS = [
    Program("redis", ["{bash}", "script"], ["bash", "redis-server", "redis-benchmark"],
            {"script": REDIS}),
    Program("postgres", ["{bash}", "script"], ["bash", "pgbench", "psql", "setpriv"],
            {"script": POSTGRES}),
    Program("sshd", ["{bash}", "script"], ["bash", "sshd", "ssh", "scp", "ssh-keygen"],
            {"script": SSHD}),
    Program("ssh-keygen", ["{bash}", "script"], ["bash", "ssh-keygen"], {"script": KEYGEN}),
    Program("perl", ["{perl}", "script"], ["perl"], {"script": PERL}),
    Program("tar", ["{bash}", "script"], ["bash", "tar", "gzip", "diff"], {"script": TAR}),
    Program("rsync", ["{bash}", "script"], ["bash", "rsync", "diff"], {"script": RSYNC}),
    Program("make", ["{bash}", "-c", "make -s -j2 all check && make -s clean && ls"],
            ["bash", "make", "cc"], MAKE_FILES),
    Program("apt-get", ["{bash}", "script"], ["bash", "apt-get"], {"script": APT}),
    Program("python-tests", ["{bash}", "script"], ["bash", "python3"], {"script": PYTHON_TESTS}),
]
