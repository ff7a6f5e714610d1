/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stopped task's memory, read by the page. */
#include "tracer/pages.h"

#include <errno.h>
#include <string.h>

#include "tracer/memory.h"

#define PAGE	    PAGES_SIZE
#define STACK_PAGES 3 /* of a stack, read at once: most walks need no more */

static struct page *set_of(struct pages *pages, uint64_t start)
{
	/* By 2^64 / phi: pages that are read together are often a power of 2 apart. */
	return pages->sets[(start / PAGE * UINT64_C(0x9e3779b97f4a7c15) >> 32) % PAGES_SETS];
}

static struct page *cached(struct pages *pages, uint64_t start)
{
	struct page *set = set_of(pages, start);

	for (size_t i = 0; i < PAGES_WAYS; i++)
		if (set[i].address == start)
			return &set[i];
	return NULL;
}

/* The page that was least used of those where what is at START belongs. */
static struct page *make_room(struct pages *pages, uint64_t start)
{
	struct page *set = set_of(pages, start), *found = cached(pages, start);

	if (!found) {
		found = set;
		for (size_t i = 1; i < PAGES_WAYS; i++)
			if (set[i].used < found->used)
				found = &set[i];
	}
	found->address = 0;
	found->used = ++pages->uses;
	return found;
}

static void drop(struct page *page)
{
	page->address = 0;
	page->used = 0;
}

void pages_begin(struct pages *pages, pid_t tid)
{
	struct page *all = pages->sets[0];

	pages->tid = tid;
	pages->stack_end = 0;
	for (size_t i = 0; i < PAGES_SETS * PAGES_WAYS; i++)
		if (!all[i].constant)
			drop(&all[i]);
}

/* From the page of START on. */
static void read_stack(struct pages *pages, uint64_t start)
{
	struct page *room[STACK_PAGES];
	struct iovec to[STACK_PAGES], from[STACK_PAGES];
	ssize_t n;

	for (size_t i = 0; i < STACK_PAGES; i++) {
		room[i] = make_room(pages, start + i * PAGE);
		to[i] = (struct iovec){ room[i]->bytes, PAGE };
		from[i] = (struct iovec){ (void *)(uintptr_t)(start + i * PAGE), PAGE };
	}
	n = memory_read_parts(pages->tid, to, from, STACK_PAGES);
	for (ssize_t i = 0; i < n; i++) {
		room[i]->address = start + (uint64_t)i * PAGE;
		room[i]->constant = false;
	}
	pages->stack_end = start + (uint64_t)(n > 0 ? n : 0) * PAGE;
}

void pages_expect_stack(struct pages *pages, uint64_t sp)
{
	read_stack(pages, sp - sp % PAGE);
}

static struct page *page_at(struct pages *pages, uint64_t address)
{
	uint64_t start = address - address % PAGE;
	struct page *page = start ? cached(pages, start) : NULL;

	if (!page && start && start == pages->stack_end) {
		read_stack(pages, start);
		page = cached(pages, start);
	}
	if (page || !start)
		return page;
	page = make_room(pages, start);
	if (memory_read(pages->tid, start, page->bytes, PAGE) < 0)
		return NULL;
	page->address = start;
	page->constant = pages->is_constant(pages->state, start);
	return page;
}

int pages_read(struct pages *pages, uint64_t address, void *to, size_t len)
{
	struct page *page;

	if (address % PAGE + len > PAGE)
		return memory_read(pages->tid, address, to, len);
	page = page_at(pages, address);
	if (!page)
		return -EFAULT;
	page->used = ++pages->uses;
	memcpy(to, page->bytes + address % PAGE, len);
	return 0;
}

void pages_forget(struct pages *pages)
{
	struct page *all = pages->sets[0];

	for (size_t i = 0; i < PAGES_SETS * PAGES_WAYS; i++)
		drop(&all[i]);
}
