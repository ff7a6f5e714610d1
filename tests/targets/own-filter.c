/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Installs a seccomp filter of its own: getppid fails with EPERM, all else is allowed. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "target.h"

int main(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	pid_t child;

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
	check(syscall(SYS_getppid) == -1 && errno == EPERM);
	child = (pid_t)must(fork());
	if (child == 0)
		_exit(syscall(SYS_getppid) == -1 && errno == EPERM && getuid() == geteuid() ? 0 : 1);
	check(status_of(child) == 0);
	puts("filtered");
	return 0;
}
