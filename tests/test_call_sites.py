# SPDX-License-Identifier: GPL-3.0-or-later
"""Call sites name the functions that made a call, in every kind of program, at a bounded cost."""

import json
import os
import platform
import re
import shutil

import pytest

from conftest import SRCDIR, environment, need, need_root, run

CC = os.environ.get("CC", "cc").split()
SOURCE = SRCDIR / "tests" / "targets" / "call-sites.c"


def build(path, *flags):
    done = run([*CC, "-D_GNU_SOURCE", "-O1", "-g", *flags, "-o", path, SOURCE])
    assert done.returncode == 0, done.stderr
    return path


def sites_in(profile, call="clock_gettime"):
    return [site for program in json.loads(profile.read_text())["programs"]
            for entry in program["phases"]["main"]["calls"][platform.machine()]
            if entry["name"] == call for site in entry.get("sites", ())]


@pytest.fixture
def site(record):
    """site(PROGRAM): the one stack from which it asks for the time."""
    def stack(program, **more):
        done, profile = record(program, **more)
        assert (done.returncode, done.stdout) == (0, "asked\n"), done.stderr
        (only,) = sites_in(profile)
        return only
    return stack


def needs_vdso(stack):
    if not stack[0].startswith("[vdso]"):
        pytest.skip("the C library asks the kernel without the vDSO here: " + stack[0])


def test_the_stack_goes_through_the_vdso_to_main(site, target):
    stack = site(target("call-sites"))
    needs_vdso(stack)
    assert re.fullmatch(r"\[vdso\]!\w*clock_gettime\w*\+0x[0-9a-f]+", stack[0])
    functions = [frame.split("+")[0] for frame in stack]
    assert functions[2:4] == ["call-sites!ask_for_time", "call-sites!main"]
    assert functions[-1] == "call-sites!_start"


@pytest.mark.parametrize("how", ["-static", "-static-pie", "-no-pie"])
def test_programs_of_each_kind_have_names(site, tmp_path, how):
    stack = site(build(tmp_path / "pie", how))
    functions = [frame.split("+")[0] for frame in stack]
    assert {"pie!ask_for_time", "pie!main", "pie!_start"} <= set(functions)


def test_names_are_there_when_a_program_goes_on_after_a_rest(record, tmp_path):
    """What names are found by is given back after some quiet seconds, and read again."""
    source = tmp_path / "rests.c"
    source.write_text("""
        #include <sys/stat.h>
        #include <unistd.h>

        __attribute__((noinline)) int wake(void) { return (int)umask(022) < 0; }
        int main(void) { sleep(5); return wake(); }
    """)
    done = run([*CC, "-O1", "-fno-optimize-sibling-calls", "-o", tmp_path / "rests", source])
    assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "rests")
    assert done.returncode == 0, done.stderr
    (stack,) = sites_in(profile, "umask")
    functions = [frame.split("+")[0] for frame in stack]
    assert functions[0].endswith("!umask") and functions[1:3] == ["rests!wake", "rests!main"]


def test_a_static_program_names_the_chain_of_callers(site, tmp_path):
    """Linked so, it often has no .eh_frame_hdr to search: what is in .eh_frame does."""
    need("readelf")
    program = build(tmp_path / "alone", "-static", "-Wl,--no-eh-frame-hdr")
    assert "GNU_EH_FRAME" not in run(["readelf", "-lW", program]).stdout
    functions = [frame.split("+")[0] for frame in site(program)]
    at = functions.index("alone!ask_for_time")
    assert functions[at + 1] == "alone!main" and functions[-1] == "alone!_start"


def test_a_static_musl_program_names_its_own_chain_of_callers(record, tmp_path):
    """Its C library has no records to unwind by: the call is made by the program itself."""
    compiler = need("musl-gcc")
    if platform.machine() != "x86_64":
        pytest.skip("the call is in x86-64 code")
    source = tmp_path / "chain.c"
    source.write_text("""
        __attribute__((noinline)) int ask(void)
        {
            long result;
            __asm__ volatile("syscall" : "=a"(result) : "a"(102L) : "rcx", "r11", "memory");
            return (int)result + 1;
        }
        __attribute__((noinline)) int middle(void) { return ask() + 1; }
        int main(void) { return middle() < 0; }
        """)
    program = tmp_path / "chain"
    done = run([compiler, "-O1", "-fasynchronous-unwind-tables", "-static", "-o", program, source])
    assert done.returncode == 0, done.stderr
    done, profile = record(program)
    assert done.returncode == 0, done.stderr
    (stack,) = sites_in(profile, "getuid")
    functions = [frame.split("+")[0] for frame in stack]
    assert functions[:3] == ["chain!ask", "chain!middle", "chain!main"]


PATHS = r"""
#include <sys/prctl.h>
/* A letter calls the function of that name with the rest; "." makes the call, and so does the end. */
static void left(const char *path, int option), right(const char *path, int option);
static __attribute__((noinline)) void go(const char *path, int option)
{
	volatile char frame[64 * (1 + option / 4 % 3)]; /* not all of one size */

	frame[0] = *path;
	if (frame[0] == 'l')
		left(path + 1, option);
	else if (frame[0] == 'r')
		right(path + 1, option);
	else
		prctl(option, 0, 0, 0, 0);
	frame[0]++;
}
static __attribute__((noinline)) void left(const char *path, int option)
{
	go(path, option);
	__asm__ volatile("");
}
static __attribute__((noinline)) void right(const char *path, int option)
{
	go(path, option);
	__asm__ volatile("");
}
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		go(argv[i], 90000 + i);
	return 0;
}
"""
DEEP = "l" * 14  # two frames a letter: more than a stack keeps


@pytest.mark.parametrize("paths", [
    ["l", "r", "lr", "rr", "", "rl", "ll", "rl"],
    ["lrlrlr", "lrlrl", "lrlrll", "rrlrl", "llrrl", "lllrl"],
    [DEEP + "l", DEEP, DEEP + "r", "r" + DEEP, DEEP, "ll"],
], ids=["shallow", "tails", "deeper-than-kept"])
def test_each_stack_is_its_own_though_it_shares_callers_with_the_one_before(
        record, tmp_path, paths):
    (tmp_path / "paths.c").write_text(PATHS)
    build = run([*CC, "-O1", "-fno-optimize-sibling-calls", "-o", tmp_path / "paths",
                 tmp_path / "paths.c"])
    assert build.returncode == 0, build.stderr
    done, profile = record(tmp_path / "paths", *paths)
    assert done.returncode == 0, done.stderr
    own = ["paths!" + name for name in ("left", "right", "go", "main")]
    found = {tuple(frame.split("+")[0] for frame in stack if frame.split("+")[0] in own)
             for stack in sites_in(profile, "prctl")}
    whole = [[f"paths!{name}" for letter in reversed(path)
              for name in ("go", {"l": "left", "r": "right"}[letter])] + ["paths!go", "paths!main"]
             for path in paths]
    assert found == {tuple(frames[:23]) for frames in whole}


def test_a_stripped_program_has_module_and_offset(site, tmp_path):
    need("strip")
    named = site(build(tmp_path / "named"))
    shutil.copy(tmp_path / "named", tmp_path / "bare")
    assert run(["strip", tmp_path / "bare"]).returncode == 0
    bare = site(tmp_path / "bare")
    at = [i for i, frame in enumerate(named) if frame.startswith("named!")]
    assert at and len(bare) == len(named)
    assert all(re.fullmatch(r"bare\+0x[0-9a-f]+", bare[i]) for i in at)


def split(program, debug):
    """Takes PROGRAM's names to the file DEBUG; where that is looked for, below a root."""
    notes = run(["readelf", "-n", program]).stdout
    build_id = re.search(r"Build ID: ([0-9a-f]+)", notes)[1]
    assert run(["objcopy", "--only-keep-debug", program, debug]).returncode == 0
    assert run(["strip", program]).returncode == 0
    return f"usr/lib/debug/.build-id/{build_id[:2]}/{build_id[2:]}.debug"


def test_names_come_from_a_separate_debug_file_by_build_id(learn_path, tmp_path):
    need_root()
    need("strip", "objcopy", "readelf", "unshare")
    program, debug = build(tmp_path / "split", "-Wl,--build-id"), tmp_path / "split.debug"
    place = "/" + split(program, debug)
    # In a mount namespace, so that nobody else finds the file.
    script = """
        set -e
        mount -t tmpfs none /usr/lib/debug
        mkdir -p "$(dirname "$2")"
        cp "$1" "$2"
        shift 2
        exec "$@"
        """
    os.makedirs("/usr/lib/debug", exist_ok=True)
    profile = tmp_path / "profile"
    done = run(["unshare", "-m", "sh", "-c", script, "sh", debug, place,
                learn_path, "-o", profile, "--", program])
    assert done.returncode == 0, done.stderr
    functions = [frame.split("+")[0] for frame in sites_in(profile)[0]]
    assert {"split!ask_for_time", "split!main"} <= set(functions)


@pytest.mark.parametrize("with_mounts", [[], ["unshare", "--mount"]], ids=["ours", "its-own"])
def test_names_in_a_chroot_come_from_the_files_in_it(record, tmp_path, with_mounts):
    need_root()
    need("strip", "objcopy", "readelf", "chroot", *with_mounts[:1])
    jail = tmp_path / "jail"
    jail.mkdir()
    build(jail / "whole", "-static")
    debug = jail / split(build(jail / "split", "-static", "-Wl,--build-id"), tmp_path / "debug")
    debug.parent.mkdir(parents=True)
    shutil.copy(tmp_path / "debug", debug)
    for name in ("whole", "split"):
        done, profile = record(*with_mounts, "chroot", jail, f"/{name}")
        assert (done.returncode, done.stdout) == (0, "asked\n"), done.stderr
        stacks = [[frame.split("+")[0] for frame in stack] for stack in sites_in(profile)]
        assert any({f"{name}!ask_for_time", f"{name}!main", f"{name}!_start"} <= set(stack)
                   for stack in stacks), stacks


def test_what_was_mapped_before_a_chroot_keeps_its_names(record, tmp_path):
    need_root()
    source = tmp_path / "jailed.c"
    source.write_text("""
        #include <sys/syscall.h>
        #include <sys/wait.h>
        #include <unistd.h>
        __attribute__((noinline)) int ask(void) { return (int)syscall(SYS_getuid) + 1; }
        int main(int argc, char **argv)
        {
            int status = 1;
            if (argc < 2 || chroot(argv[1]) != 0 || chdir("/") != 0)
                return 1;
            if (fork() == 0) /* its stack is looked at anew */
                return ask() < 0;
            wait(&status);
            return status;
        }
        """)
    program = tmp_path / "jailed"
    done = run([*CC, "-D_GNU_SOURCE", "-O1", "-static", "-o", program, source])
    assert done.returncode == 0, done.stderr
    (tmp_path / "jail").mkdir()
    done, profile = record(program, tmp_path / "jail")
    assert done.returncode == 0, done.stderr
    (stack,) = sites_in(profile, "getuid")
    assert {"jailed!ask", "jailed!main"} <= {frame.split("+")[0] for frame in stack}


def test_what_a_program_loads_after_its_chroot_has_names(record, tmp_path):
    need_root()
    jail = tmp_path / "jail"
    jail.mkdir()
    (tmp_path / "plugin.c").write_text("""
        #include <sys/syscall.h>
        #include <unistd.h>
        int ask(long (*call)(long, ...)) { return (int)call(SYS_getuid) + 1; }
        """)
    (tmp_path / "host.c").write_text("""
        #include <dlfcn.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        {
            int (*ask)(long (*)(long, ...));
            void *plugin;
            if (argc < 2 || chroot(argv[1]) != 0 || chdir("/") != 0)
                return 2;
            plugin = dlopen("/plugin.so", RTLD_NOW);
            ask = plugin ? dlsym(plugin, "ask") : 0;
            return !ask || ask(syscall) < 0;
        }
        """)
    for words in (["-shared", "-fPIC", "-nostdlib", "-O1", "-o", jail / "plugin.so",
                   tmp_path / "plugin.c"],
                  ["-O1", "-o", tmp_path / "host", tmp_path / "host.c", "-ldl"]):
        done = run([*CC, "-D_GNU_SOURCE", *words])
        assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "host", jail)
    assert done.returncode == 0, done.stderr
    (stack,) = sites_in(profile, "getuid")
    assert [frame.split("+")[0] for frame in stack][1:3] == ["plugin.so!ask", "host!main"]


def test_a_library_in_the_place_of_another_has_its_own_names(record, tmp_path):
    for name, call in ("first", "getuid"), ("second", "getgid"):
        (tmp_path / f"{name}.c").write_text(f"""
            #include <sys/syscall.h>
            int {name}(long (*call)(long, ...)) {{ return (int)call(SYS_{call}) + 1; }}
            """)
    (tmp_path / "host.c").write_text("""
        #include <dlfcn.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        {
            for (int i = 1; i + 1 < argc; i += 2) {
                void *library = dlopen(argv[i], RTLD_NOW);
                int (*ask)(long (*)(long, ...)) = library ? dlsym(library, argv[i + 1]) : 0;
                if (!ask || ask(syscall) < 0 || dlclose(library) != 0)
                    return 1;
            }
            return 0;
        }
        """)
    for words in (["-shared", "-fPIC", "-nostdlib", "-o", "first.so", "first.c"],
                  ["-shared", "-fPIC", "-nostdlib", "-o", "second.so", "second.c"],
                  ["-o", "host", "host.c", "-ldl"]):
        done = run([*CC, "-D_GNU_SOURCE", "-O1", *words], cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "host", tmp_path / "first.so", "first",
                           tmp_path / "second.so", "second")
    assert done.returncode == 0, done.stderr
    for name, call in ("first", "getuid"), ("second", "getgid"):
        (stack,) = sites_in(profile, call)
        assert stack[1].split("+")[0] == f"{name}.so!{name}"


# At an address of its own: code that makes the call whose number it is given.
OWN_CODE = """
    #include <string.h>
    #include <sys/mman.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    static char *const at = (char *)0x10000000;
    static const unsigned char code[] = { 0x89, 0xf8, 0x0f, 0x05, 0xc3 };
    static void *map(void *where, const char *name, int flags)
    {
        int fd = memfd_create(name, 0);
        return write(fd, code, sizeof(code)) < 0 || ftruncate(fd, 4096) < 0 ? MAP_FAILED :
               mmap(where, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | flags, fd, 0);
    }
    static void map_memory(void)
    {
        mmap(at, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        memcpy(at, code, sizeof(code));
    }
    int main(void)
    {
        %s;
        ((int (*)(int))at)(SYS_getuid);
        %s;
        ((int (*)(int))at)(SYS_getgid);
        return 0;
    }
    """


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the code is for x86_64")
@pytest.mark.parametrize("first, then, name", [
    ('map_memory()', 'munmap(at, 4096), map(at, "second", MAP_FIXED)', "0x10000004"),
    ('map(at, "first", MAP_FIXED)', 'munmap(at, 4096), map(at, "second", MAP_FIXED)',
     "memfd:first (deleted)+0x4"),
    ('map(at, "first", MAP_FIXED)', 'map(at, "second", MAP_FIXED)', "memfd:first (deleted)+0x4"),
    ('map(at, "first", MAP_FIXED)',
     'mremap(map(0, "second", 0), 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, at)',
     "memfd:first (deleted)+0x4"),
], ids=["for memory", "for a file", "mapped over it", "moved over it"])
def test_code_in_the_place_of_other_code_has_its_own_name(record, tmp_path, first, then, name):
    (tmp_path / "own.c").write_text(OWN_CODE % (first, then))
    done = run([*CC, "-D_GNU_SOURCE", "-w", "-o", "own", "own.c"], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "own")
    assert done.returncode == 0, done.stderr
    assert [stack[0] for stack in sites_in(profile, "getuid")] == [name]
    assert [stack[0] for stack in sites_in(profile, "getgid")] == ["memfd:second (deleted)+0x4"]


def test_names_in_a_library_that_is_written_over_are_not_believed(record, tmp_path):
    """A large string table is read by the name, from a file that may not be the same any more."""
    (tmp_path / "plugin.c").write_text("".join(
        f"int {name}(long (*call)(long, ...), int nr) {{ return (int)call(nr) + 1; }}\n"
        for name in ("first", "second", *(f"never_called_{i:0500}" for i in range(64)))))
    (tmp_path / "host.c").write_text("""
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <string.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        {
            static char lines[35 << 10];
            void *plugin = dlopen(argv[1], RTLD_NOW);
            int (*first)(long (*)(long, ...), int) = dlsym(plugin, "first");
            int (*second)(long (*)(long, ...), int) = dlsym(plugin, "second");
            int fd = open(argv[1], O_WRONLY);
            off_t names = lseek(fd, 0, SEEK_END) - (35 << 10);
            memset(lines, '\\n', sizeof(lines));
            first(syscall, SYS_getuid);
            if (argc < 2 || pwrite(fd, lines, 35 << 10, names) < 0)
                return 2;
            second(syscall, SYS_getgid);
            return 0;
        }
        """)
    for words in (["-shared", "-fPIC", "-nostdlib", "-o", "plugin.so", "plugin.c"],
                  ["-o", "host", "host.c", "-ldl"]):
        done = run([*CC, "-D_GNU_SOURCE", "-O1", *words], cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "host", tmp_path / "plugin.so")
    assert done.returncode == 0, done.stderr
    for call, frame in ("getuid", r"plugin\.so!first\+0x.*"), ("getgid", r"plugin\.so\+0x.*"):
        (stack,) = sites_in(profile, call)
        assert re.fullmatch(frame, stack[1]), stack


def test_an_execution_is_no_call_of_the_new_program(record, tmp_path):
    (tmp_path / "executes.c").write_text("""
        #include <unistd.h>
        int main(void)
        {
            execl("/nonexistent", "nonexistent", (char *)0);
            execl("/bin/true", "true", (char *)0);
            return 1;
        }
        """)
    done = run([*CC, "-o", "executes", "executes.c"], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "executes")
    assert done.returncode == 0, done.stderr
    stacks = sites_in(profile, "execve")
    assert stacks and all("executes!main" in [frame.split("+")[0] for frame in stack]
                          for stack in stacks)


def test_code_that_could_not_be_unmapped_keeps_its_names(record, tmp_path):
    (tmp_path / "kept.c").write_text("""
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        int main(void)
        {
            const int calls[] = { SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid };
            for (int i = 0; i < 5; i++) {
                munmap((char *)main + 1, 4096); /* that is no page */
                syscall(calls[i]);
            }
            return 0;
        }
        """)
    done = run([*CC, "-D_GNU_SOURCE", "-fno-pie", "-no-pie", "-falign-functions=16", "-o", "kept",
                "kept.c"], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done, profile = record(tmp_path / "kept")
    assert done.returncode == 0, done.stderr
    for call in "getppid", "getuid", "geteuid", "getgid", "getegid":
        (stack,) = sites_in(profile, call)
        assert "kept!main" in [frame.split("+")[0] for frame in stack]


def traced_calls(learn_path, program, count, tmp_path):
    """How often learn itself calls ptrace and opens files while PROGRAM asks COUNT times."""
    log = tmp_path / f"strace-{count}"
    done = run(["strace", "-o", log, "-e", "trace=ptrace,openat,process_vm_readv,pread64",
                learn_path, "-q", "-o", "/dev/null", "--", program, str(count)],
               env=environment({"ASAN_OPTIONS": "detect_leaks=0"}))  # no leak check under ptrace
    assert done.returncode == 0, done.stderr
    lines = log.read_text().splitlines()
    of_ptrace = sum(line.startswith("ptrace(") for line in lines)
    of_memory = sum(line.startswith(("process_vm_readv(", "pread64(", "openat("))
                    for line in lines)
    return of_ptrace, of_memory


def test_a_stack_is_walked_at_first_sight_only(learn_path, target, tmp_path):
    """A walk reads the stack's memory; a call that is known is asked for and resumed."""
    need("strace")
    few = traced_calls(learn_path, target("call-sites"), 100, tmp_path)
    many = traced_calls(learn_path, target("call-sites"), 1100, tmp_path)
    assert many[0] - few[0] <= 1000 * 2 + 50
    assert many[1] - few[1] <= 200  # what /proc says now and then


def test_stacks_and_frames_are_bounded(record, tmp_path):
    source = tmp_path / "deep.c"
    calls = "\n".join(f"__attribute__((noinline)) int at{i}(void) "
                      f"{{ return (int)syscall(SYS_getppid) + {i}; }}" for i in range(20))
    source.write_text(f"""#define _GNU_SOURCE
        #include <sys/syscall.h>
        #include <unistd.h>
        {calls}
        __attribute__((noinline)) int deep(int n)
        {{ return n ? deep(n - 1) + 1 : (int)syscall(SYS_getuid); }}
        int main(void) {{ return (deep(100) + {" + ".join(f"at{i}()" for i in range(20))}) == 0; }}
        """)
    program = tmp_path / "deep"
    done = run([*CC, "-O1", "-fno-optimize-sibling-calls", "-o", program, source])
    assert done.returncode == 0, done.stderr
    done, profile = record(program)
    assert done.returncode == 0, done.stderr
    assert len(sites_in(profile, "getppid")) <= 8
    (stack,) = sites_in(profile, "getuid")
    assert len(stack) == 24 and all(frame.startswith(("deep!", "libc")) for frame in stack)
