/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How another process's memory is read. */
#include "tracer/memory.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

int memory_read(pid_t tid, uint64_t address, void *to, size_t len)
{
	struct iovec local = { to, len };
	struct iovec remote = { (void *)(uintptr_t)address, len };
	ssize_t n = process_vm_readv(tid, &local, 1, &remote, 1, 0);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EFAULT;
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

int memory_write(pid_t tid, uint64_t address, const void *from, size_t len)
{
	struct iovec local = { (void *)from, len };
	struct iovec remote = { (void *)(uintptr_t)address, len };
	ssize_t n = process_vm_writev(tid, &local, 1, &remote, 1, 0);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EFAULT;
}
