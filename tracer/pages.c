/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stopped task's memory, read by the page. */
#include "tracer/pages.h"

#include <errno.h>
#include <string.h>

#include "tracer/memory.h"

#define PAGE	    PAGES_SIZE
#define STACK_PAGES 3 /* read at once where a stack begins: most walks need no more */

static struct page *slot_of(struct pages *pages, uint64_t address)
{
	return &pages->all[address / PAGE % PAGES_N];
}

void pages_begin(struct pages *pages, pid_t tid)
{
	pages->tid = tid;
	for (size_t i = 0; i < PAGES_N; i++)
		if (!pages->all[i].constant)
			pages->all[i].address = 0;
}

void pages_expect_stack(struct pages *pages, uint64_t sp)
{
	struct iovec to[STACK_PAGES], from[STACK_PAGES];
	uint64_t start = sp - sp % PAGE;
	ssize_t n;

	for (size_t i = 0; i < STACK_PAGES; i++) {
		struct page *page = slot_of(pages, start + i * PAGE);

		page->address = 0;
		to[i] = (struct iovec){ page->bytes, PAGE };
		from[i] = (struct iovec){ (void *)(uintptr_t)(start + i * PAGE), PAGE };
	}
	n = memory_read_parts(pages->tid, to, from, STACK_PAGES);
	for (ssize_t i = 0; i < n; i++) {
		struct page *page = slot_of(pages, start + (uint64_t)i * PAGE);

		page->address = start + (uint64_t)i * PAGE;
		page->constant = false;
	}
}

static const struct page *page_at(struct pages *pages, uint64_t address)
{
	uint64_t start = address - address % PAGE;
	struct page *page = slot_of(pages, start);

	if (page->address == start)
		return page;
	page->address = 0;
	if (!start || memory_read(pages->tid, start, page->bytes, PAGE) < 0)
		return NULL;
	page->address = start;
	page->constant = pages->is_constant(pages->state, start);
	return page;
}

int pages_read(struct pages *pages, uint64_t address, void *to, size_t len)
{
	const struct page *page;

	if (address % PAGE + len > PAGE)
		return memory_read(pages->tid, address, to, len);
	page = page_at(pages, address);
	if (!page)
		return -EFAULT;
	memcpy(to, page->bytes + address % PAGE, len);
	return 0;
}

void pages_forget(struct pages *pages)
{
	for (size_t i = 0; i < PAGES_N; i++)
		pages->all[i].address = 0;
}
