# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command in a container made of the host's files, under an OCI seccomp profile:

    containers.py CRUN PROFILE COMMAND...

in the present directory and environment, with the exit status of the command. In a mount namespace
of its own, with a unified cgroup hierarchy, because crun takes no other."""

import json
import os
import subprocess
import sys
import tempfile

READY = "LEARN_TEST_MOUNTED"


# What container engines leave root by default, as far as servers need it to change their user.
CAPABILITIES = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_SETGID",
                "CAP_SETUID", "CAP_NET_BIND_SERVICE"]


def config(seccomp, root, command):
    return {
        "ociVersion": "1.0.2",
        "process": {"user": {"uid": 0, "gid": 0}, "args": command, "cwd": os.getcwd(),
                    "env": [f"{k}={v}" for k, v in os.environ.items() if k != READY],
                    "capabilities": {kind: CAPABILITIES for kind in
                                     ("bounding", "effective", "permitted", "inheritable")},
                    "noNewPrivileges": True},
        "root": {"path": root}, "mounts": [],
        "linux": {"namespaces": [{"type": "mount"}], "seccomp": seccomp}}


def mount(root):
    commands = [["umount", "-R", "/sys/fs/cgroup"],
                ["mount", "-t", "cgroup2", "none", "/sys/fs/cgroup"],
                ["mount", "--rbind", "/", root], ["mount", "--make-rprivate", root]]
    for command in commands:
        subprocess.run(command, stderr=subprocess.DEVNULL)


def main():
    crun, profile, *command = sys.argv[1:]
    if READY not in os.environ:
        os.environ[READY] = "1"
        os.execvp("unshare", ["unshare", "-m", "--propagation=private", sys.executable, "-B",
                              *sys.argv])
    with tempfile.TemporaryDirectory(prefix="learn-test-", dir="/var/tmp") as directory, \
            open(profile) as file:
        root = os.path.join(directory, "root")
        os.mkdir(root)
        mount(root)
        with open(os.path.join(directory, "config.json"), "w") as out:
            json.dump(config(json.load(file), root, command), out)
        done = subprocess.run([crun, "--cgroup-manager=disabled", "--root", f"{directory}/state",
                               "run", "--bundle", directory, f"learn-test-{os.getpid()}"])
        subprocess.run(["umount", "-l", root])
    sys.exit(128 - done.returncode if done.returncode < 0 else done.returncode)


if __name__ == "__main__":
    main()
