/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The return addresses on a stopped task's stack. */
#include "tracer/unwind.h"

#include <assert.h>
#include <libunwind-ptrace.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/memory.h"

/* Searches a table of .eh_frame_hdr's form; perf(1) calls it in the same way. */
int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t space, unw_word_t ip, unw_dyn_info_t *table,
				       unw_proc_info_t *info, int need_unwind_info, void *argument);

#define PAGE 4096 /* a unit to read in, whatever the kernel's is */
#define N_PAGES 32

struct page {
	uint64_t address; /* 0: empty */
	bool constant;	  /* the same in the next walk */
	unsigned char bytes[PAGE];
};

struct unwind {
	unwind_find_table *find_table;
	unwind_is_constant *is_constant;
	void *state;
	unw_addr_space_t space;
	pid_t tid;
	void *upt; /* libunwind-ptrace's handle for the task being walked */
	struct page pages[N_PAGES]; /* of its memory, by address */
	const struct eh_frame_row *rows; /* the table that is searched, when it is not in memory */
	size_t n_rows;
};

/* ---- memory ---- */

static const struct page *page_at(struct unwind *u, uint64_t address)
{
	struct page *page = &u->pages[address / PAGE % N_PAGES];
	uint64_t start = address - address % PAGE;

	if (page->address == start)
		return page;
	page->address = 0;
	if (!start || memory_read(u->tid, start, page->bytes, PAGE) < 0)
		return NULL;
	page->address = start;
	page->constant = u->is_constant(u->state, start);
	return page;
}

static int read_bytes(struct unwind *u, uint64_t address, void *to, size_t len)
{
	const struct page *page;

	if (address % PAGE + len > PAGE)
		return memory_read(u->tid, address, to, len) < 0 ? -UNW_EINVAL : 0;
	page = page_at(u, address);
	if (!page)
		return -UNW_EINVAL;
	memcpy(to, page->bytes + address % PAGE, len);
	return 0;
}

/*
 * Where a table that is not in the tracee's memory seems to be: no address of a process has its
 * first bit set.
 */
#define AT_ROWS (UINT64_C(1) << 63)
#define ROW	sizeof(struct eh_frame_row)

static int read_row(const struct unwind *u, uint64_t address, unw_word_t *to)
{
	uint64_t index = (address - AT_ROWS) / ROW;

	static_assert(ROW == sizeof(unw_word_t), "a row is read at once");

	if (address % ROW || index >= u->n_rows)
		return -UNW_EINVAL;
	memcpy(to, &u->rows[index], ROW);
	return 0;
}

static int access_memory(unw_addr_space_t space, unw_word_t address, unw_word_t *value, int write,
			 void *argument)
{
	(void)space;
	if (write)
		return -UNW_EINVAL;
	if (address >= AT_ROWS)
		return read_row(argument, address, value);
	return read_bytes(argument, address, value, sizeof(*value));
}

/* ---- unwind tables ---- */

/* The start of .eh_frame_hdr (Linux Standard Base, "Exception Frames"). */
struct eh_frame_header {
	uint8_t version, frame_encoding, count_encoding, table_encoding;
	int32_t frame;
	uint32_t count;
};
/* pcrel sdata4, udata4, datarel sdata4: what linkers write. */
#define USUAL_ENCODINGS(h)                                                                         \
	((h).version == 1 && (h).frame_encoding == 0x1b && (h).count_encoding == 0x03 &&           \
	 (h).table_encoding == 0x3b)

/* The table behind a header in the tracee's memory. */
static int table_in_memory(struct unwind *u, const struct unwind_table *table, unw_dyn_info_t *to)
{
	struct eh_frame_header header;

	if (read_bytes(u, table->header, &header, sizeof(header)) < 0 || !USUAL_ENCODINGS(header))
		return -UNW_ENOINFO;
	to->u.rti.segbase = table->header;
	to->u.rti.table_data = table->header + sizeof(header);
	to->u.rti.table_len = (unw_word_t)header.count * ROW / sizeof(unw_word_t);
	return 0;
}

static void table_of_rows(struct unwind *u, const struct unwind_table *table, unw_dyn_info_t *to)
{
	u->rows = table->rows;
	u->n_rows = table->n_rows;
	to->u.rti.segbase = table->base;
	to->u.rti.table_data = AT_ROWS;
	to->u.rti.table_len = u->n_rows * ROW / sizeof(unw_word_t);
}

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info,
			  int need_unwind_info, void *argument)
{
	struct unwind *u = argument;
	struct unwind_table table;
	unw_dyn_info_t dyn = { .format = UNW_INFO_FORMAT_REMOTE_TABLE };

	if (u->find_table(u->state, ip, &table) < 0)
		return -UNW_ENOINFO;
	dyn.start_ip = table.start;
	dyn.end_ip = table.end;
	if (!table.header)
		table_of_rows(u, &table, &dyn);
	else if (table_in_memory(u, &table, &dyn) < 0)
		return -UNW_ENOINFO;
	return UNW_OBJ(dwarf_search_unwind_table)(space, ip, &dyn, info, need_unwind_info,
						  argument);
}

/* Nothing to give back: what the search hands out is libunwind's own. */
static void put_unwind_info(unw_addr_space_t space, unw_proc_info_t *info, void *argument)
{
	(void)space;
	(void)info;
	(void)argument;
}

static int no_dynamic_code(unw_addr_space_t space, unw_word_t *list, void *argument)
{
	(void)space;
	(void)list;
	(void)argument;
	return -UNW_ENOINFO;
}

/* ---- registers ---- */

static int access_register(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value,
			   int write, void *argument)
{
	const struct unwind *u = argument;

	return write ? -UNW_EREADONLYREG : _UPT_access_reg(space, number, value, 0, u->upt);
}

static int access_float(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value, int write,
			void *argument)
{
	const struct unwind *u = argument;

	return write ? -UNW_EREADONLYREG : _UPT_access_fpreg(space, number, value, 0, u->upt);
}

static int no_resume(unw_addr_space_t space, unw_cursor_t *cursor, void *argument)
{
	(void)space;
	(void)cursor;
	(void)argument;
	return -UNW_EINVAL;
}

static int no_name(unw_addr_space_t space, unw_word_t address, char *name, size_t size,
		   unw_word_t *offset, void *argument)
{
	(void)space;
	(void)address;
	(void)name;
	(void)size;
	(void)offset;
	(void)argument;
	return -UNW_ENOINFO; /* stacks.c names frames */
}

/* ---- walks ---- */

struct unwind *unwind_new(unwind_find_table *find_table, unwind_is_constant *is_constant,
			  void *state)
{
	unw_accessors_t accessors = {
		.find_proc_info = find_proc_info,
		.put_unwind_info = put_unwind_info,
		.get_dyn_info_list_addr = no_dynamic_code,
		.access_mem = access_memory,
		.access_reg = access_register,
		.access_fpreg = access_float,
		.resume = no_resume,
		.get_proc_name = no_name,
	};
	struct unwind *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->find_table = find_table;
	u->is_constant = is_constant;
	u->state = state;
	u->space = unw_create_addr_space(&accessors, 0);
	if (!u->space) {
		free(u);
		return NULL;
	}
	unw_set_caching_policy(u->space, UNW_CACHE_GLOBAL);
	return u;
}

void unwind_free(struct unwind *u)
{
	if (!u)
		return;
	unw_destroy_addr_space(u->space);
	free(u);
}

void unwind_forget(struct unwind *u)
{
	unw_flush_cache(u->space, 0, 0);
	for (size_t i = 0; i < N_PAGES; i++)
		u->pages[i].address = 0;
}

static size_t walk(unw_cursor_t *cursor, struct unwind_frame *frames, size_t most)
{
	size_t n = 0;

	do {
		unw_word_t ip;

		if (unw_get_reg(cursor, UNW_REG_IP, &ip) < 0 || ip == 0)
			break;
		/* Only the innermost frame stands at its own address, and one that a signal hit. */
		frames[n].returns = n > 0 && unw_is_signal_frame(cursor) <= 0;
		frames[n++].address = ip;
	} while (n < most && unw_step(cursor) > 0);
	return n;
}

size_t unwind_walk(struct unwind *u, pid_t tid, struct unwind_frame *frames, size_t most)
{
	unw_cursor_t cursor;
	size_t n = 0;

	u->upt = _UPT_create(tid);
	if (!u->upt)
		return 0;
	u->tid = tid;
	for (size_t i = 0; i < N_PAGES; i++)
		if (!u->pages[i].constant)
			u->pages[i].address = 0;
	if (unw_init_remote(&cursor, u->space, u) == 0)
		n = walk(&cursor, frames, most);
	_UPT_destroy(u->upt);
	u->upt = NULL;
	return n;
}
