# SPDX-License-Identifier: GPL-3.0-or-later
"""The nine programs that every emitted format is tried on: interpreters, tools, servers."""

from conftest import free_port
from more_programs import MORE_PROGRAMS
from programs import PROGRAMS, Program

CURL = """\
set -e
seq 1000 >text
curl -sS file://$PWD/text -o copy && cmp text copy && wc -l <copy
curl -sS file://$PWD/none 2>&1 | sed "s,$PWD,,"
echo "status ${PIPESTATUS[0]}"
curl --version | cut -d' ' -f1 | sort | head -n 3
"""

# One port for all runs of a session: what is learned is that this one is bound.
NGINX = f"""\
set -e
echo text >page
cat >conf <<END
daemon off; user root; pid nginx.pid; error_log stderr crit; events {{}}
http {{ access_log log; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;
uwsgi_temp_path u; scgi_temp_path s; server {{ listen 127.0.0.1:{(PORT := free_port())}; root .; }} }}
END
nginx -p . -c conf -e stderr &
for i in $(seq 100); do curl -sf 127.0.0.1:{PORT}/page >/dev/null 2>&1 && break; sleep 0.05; done
for i in 1 2 3 4 5; do curl -s 127.0.0.1:{PORT}/page; done
curl -s -o /dev/null -w '%{{http_code}}\\n' 127.0.0.1:{PORT}/none
kill -QUIT $(cat nginx.pid)
wait
echo "server: $?"
"""

BY_NAME = {program.name: program for program in [
    *PROGRAMS, *MORE_PROGRAMS,
    Program("curl", ["{bash}", "script"], ["bash", "curl"], {"script": CURL}),
    Program("nginx", ["{bash}", "script"], ["bash", "nginx", "curl"], {"script": NGINX})]}
NINE = [BY_NAME[name] for name in ("bash", "curl", "git", "nginx", "node", "python", "redis",
                                   "sqlite3", "tar")]
