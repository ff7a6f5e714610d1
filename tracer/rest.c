/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving back, while nothing new is learned, the memory that learning takes. */
#include "tracer/rest.h"

#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tracer/procfs.h"

/* An entry of /proc/PID/pagemap: Documentation/admin-guide/mm/pagemap.rst. */
#define PRESENT (UINT64_C(1) << 63)
#define OF_FILE (UINT64_C(1) << 61)

#define AT_ONCE 64 /* pages */

struct resting {
	int pagemap;
	uint64_t page;
};

/* What the loader wrote, and a debugger's breakpoints, are in copies of our own. */
static bool is_as_in_file(uint64_t entry)
{
	return entry & PRESENT && entry & OF_FILE;
}

/* Of N pages from START those that can be had again. */
static void unmap_pages(const struct resting *r, uint64_t start, size_t n)
{
	uint64_t entries[AT_ONCE + 1] = { 0 }; /* one more, which ends the last run */
	const ssize_t bytes = (ssize_t)(n * sizeof(*entries));
	size_t run = 0;

	if (pread(r->pagemap, entries, (size_t)bytes,
		  (off_t)(start / r->page * sizeof(*entries))) != bytes)
		return;
	for (size_t i = 0; i <= n; i++) {
		if (is_as_in_file(entries[i])) {
			run++;
			continue;
		}
		if (run)
			madvise((void *)(uintptr_t)(start + (i - run) * r->page), run * r->page,
				MADV_DONTNEED);
		run = 0;
	}
}

static int unmap_file(void *state, const struct procfs_mapping *mapping)
{
	const struct resting *r = state;

	if (mapping->writable || *mapping->name != '/')
		return 0;
	for (uint64_t at = mapping->start; at < mapping->end; at += AT_ONCE * r->page) {
		uint64_t left = (mapping->end - at) / r->page;

		unmap_pages(r, at, left < AT_ONCE ? (size_t)left : AT_ONCE);
	}
	return 0;
}

void rest_of_code(void)
{
	auto_close int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	struct resting resting = { pagemap, (uint64_t)sysconf(_SC_PAGESIZE) };

	if (pagemap >= 0)
		procfs_each_mapping(getpid(), unmap_file, &resting);
}

void rest_of_heap(void)
{
#ifdef __GLIBC__ /* others have no heap that keeps so much, and no call for it */
	malloc_trim(0);
#endif
}
