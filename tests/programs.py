# SPDX-License-Identifier: GPL-3.0-or-later
"""Real programs to trace and confine: what to run, in a directory made anew for each run."""

import dataclasses
import pathlib
import shutil

from conftest import need, run


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    command: list           # {TOOL} is the path of that program
    needs: list             # programs
    files: dict = dataclasses.field(default_factory=dict)
    env: dict = dataclasses.field(default_factory=dict)

    def words(self):
        tools = {tool: need(tool) for tool in self.needs}
        return [tools.get(word.strip("{}"), word) if word.startswith("{") else word
                for word in self.command]

    def run(self, work, *prefix, timeout=120):
        """Runs `PREFIX... COMMAND` in the directory WORK, which is emptied first."""
        work = pathlib.Path(work)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        for name, text in self.files.items():
            (work / name).write_text(text)
        env = {"HOME": work, "TMPDIR": work, **self.env}
        return run([*prefix, *self.words()], cwd=work, env=env, timeout=timeout)


GIT = """\
set -e
git init -q -b main .
for i in 1 2 3; do
    seq 1 $((i * 100)) >file$i
    git add file$i
    git commit -q -m "file $i"
done
git log --stat
git gc --quiet
git fsck --strict
"""

PYTHON = """\
import pathlib, subprocess, tempfile, threading
lines = []
def work(n):
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * n)
    lines.append(n)
threads = [threading.Thread(target=work, args=(n,)) for n in range(5)]
for thread in threads:
    thread.start()
    thread.join()
print(sorted(lines), subprocess.run(["/bin/echo", "a child"], stdout=subprocess.PIPE).stdout)
pathlib.Path("out").write_text("text")
print(sorted(p.name for p in pathlib.Path(".").iterdir()))
"""

BASH = """\
set -o pipefail
for i in 3 1 2; do echo "line $i"; done | sort | sed s/line/row/ | tee copy | wc -l
cat <<<"here" && [[ -s copy ]] && rm copy && echo *
"""

LUA = """\
local f = assert(io.open("out", "w"))
for i = 1, 100 do f:write(i, "\\n") end
f:close()
local sum = 0
for line in io.lines("out") do sum = sum + tonumber(line) end
print(sum, os.rename("out", "in"), os.remove("in"), os.getenv("HOME") ~= nil)
"""

NODE = """\
const fs = require("fs"), child = require("child_process");
fs.writeFileSync("out", "text");
console.log(child.execFileSync("/bin/echo", ["a child"]).toString().trim());
fs.readFile("out", "utf8", (error, text) => {
    console.log(error, text, fs.readdirSync("."));
});
"""

SQLITE = """\
create table t(id integer primary key, name text);
begin; insert into t(name) values ('one'), ('two'), ('three'); commit;
insert into t(name) select name || id from t;
select * from t order by id desc; select count(*), sum(id) from t;
"""

IDENTITY = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in
            {"NAME": "A", "EMAIL": "a@example.org", "DATE": "2024-01-01T00:00:00Z"}.items()}

PROGRAMS = [
    Program("ls", ["{ls}", "-l", "/usr"], ["ls"]),
    Program("git", ["{bash}", "script"], ["bash", "git"], {"script": GIT},
            {**IDENTITY, "GIT_CONFIG_NOSYSTEM": "1"}),
    Program("sqlite3", ["{sqlite3}", "-batch", "-init", "script", "db", ".quit"], ["sqlite3"],
            {"script": SQLITE}),
    Program("python", ["{python3}", "-B", "-I", "script"], ["python3"], {"script": PYTHON}),
    Program("bash", ["{bash}", "script"], ["bash"], {"script": BASH}),
    Program("lua", ["{lua5.4}", "script"], ["lua5.4"], {"script": LUA}),
    Program("node", ["{node}", "script.js"], ["node"], {"script.js": NODE}),
    Program("gcc", ["{bash}", "-c", "gcc -O2 -Wall -o hello hello.c && ./hello"], ["bash", "gcc"],
            {"hello.c": '#include <stdio.h>\nint main(void)\n{\n\tputs("hello");\n}\n'}),
]
