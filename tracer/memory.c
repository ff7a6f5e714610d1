/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How another process's memory is read. */
#include "tracer/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tracer/procfs.h"

int memory_read(pid_t tid, uint64_t address, void *to, size_t len)
{
	struct iovec local = { to, len };
	struct iovec remote = { (void *)(uintptr_t)address, len };
	ssize_t n = process_vm_readv(tid, &local, 1, &remote, 1, 0);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EFAULT;
}

ssize_t memory_read_parts(pid_t tid, const struct iovec *to, const struct iovec *from, size_t n)
{
	ssize_t done = process_vm_readv(tid, to, n, from, n, 0);
	size_t whole = 0;

	if (done < 0)
		return -errno;
	while (whole < n && (size_t)done >= to[whole].iov_len)
		done -= (ssize_t)to[whole++].iov_len;
	return (ssize_t)whole;
}

/* Reads end at page borders: what lies behind the string's page need not be mapped. */
#define CHUNK 256

ssize_t memory_read_string(pid_t tid, uint64_t address, char *to, size_t size)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t done = 0; done < size;) {
		size_t n = page - (address + done) % page;
		const char *nul;
		int r;

		if (n > CHUNK)
			n = CHUNK;
		if (n > size - done)
			n = size - done;
		r = memory_read(tid, address + done, to + done, n);
		if (r < 0)
			return r;
		nul = memchr(to + done, '\0', n);
		if (nul)
			return nul - to;
		done += n;
	}
	return -ENAMETOOLONG;
}

/* Also where the program itself may not: in a copy of the page that is its own (proc(5), mem). */
static int write_to_file(pid_t tid, uint64_t address, const void *from, size_t len)
{
	char name[PROCFS_NAME_MAX];
	ssize_t n;

	procfs_name(name, tid, "mem");
	auto_close int fd = open(name, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = pwrite(fd, from, len, (off_t)address);
	return n == (ssize_t)len ? 0 : -EFAULT;
}

int memory_write(pid_t tid, uint64_t address, const void *from, size_t len)
{
	struct iovec local = { (void *)from, len };
	struct iovec remote = { (void *)(uintptr_t)address, len };
	ssize_t n = process_vm_writev(tid, &local, 1, &remote, 1, 0);

	return n == (ssize_t)len ? 0 : write_to_file(tid, address, from, len);
}
