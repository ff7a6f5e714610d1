/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The return addresses on a stopped task's stack. */
#include "tracer/unwind.h"

#include <assert.h>
#include <libunwind.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/pages.h"
#include "tracer/registers.h"
#include "tracer/unwind_code.h"
#include "tracer/unwind_i386.h"

/* Searches a table of .eh_frame_hdr's form; perf(1) calls it in the same way. */
int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t space, unw_word_t ip, unw_dyn_info_t *table,
				       unw_proc_info_t *info, int need_unwind_info, void *argument);

/* A frame, and what the frames outside it are found by. */
struct link {
	struct unwind_frame frame;
	uint64_t sp, bp; /* in it */
	uint64_t bp_at;	 /* where in memory BP was found; 0: still in its register */
};

struct chain {
	pid_t tid;
	size_t n;
	bool whole; /* there are no frames outside the last */
	struct link links[UNWIND_MOST_FRAMES];
};

struct unwind {
	struct unwind_source source;
	unw_addr_space_t space;
	struct registers registers; /* of the task being walked */
	struct pages pages;	    /* of its memory */
	struct unwind_code code;
	const struct eh_frame_row *rows; /* the table that is searched, when it is not in memory */
	size_t n_rows;
	bool unrecorded; /* the function that was looked for last has no record */
	struct unwind_anew anew;
	struct chain last; /* the walk before this one */
};

/* ---- memory ---- */

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
	struct unwind *u = argument;

	(void)space;
	if (write)
		return -UNW_EINVAL;
	if (address >= AT_ROWS)
		return read_row(u, address, value);
	return pages_read(&u->pages, address, value, sizeof(*value)) < 0 ? -UNW_EINVAL : 0;
}

/* ---- unwind tables ---- */

/* Rows that are here are read through access_memory(), too. */
static void fill_table(struct unwind *u, const struct unwind_table *table,
		       const struct unwind_rows *rows, unw_dyn_info_t *to)
{
	u->rows = rows->here;
	u->n_rows = rows->here ? rows->n : 0;
	to->start_ip = table->start;
	to->end_ip = table->end;
	to->u.rti.segbase = rows->base;
	to->u.rti.table_data = rows->here ? AT_ROWS : rows->there;
	to->u.rti.table_len = rows->n * ROW / sizeof(unw_word_t);
}

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info,
			  int need_unwind_info, void *argument)
{
	struct unwind *u = argument;
	struct unwind_table table;
	struct unwind_rows rows;
	unw_dyn_info_t dyn = { .format = UNW_INFO_FORMAT_REMOTE_TABLE };
	int r;

	u->unrecorded = true;
	if (u->source.find_table(u->source.state, ip, &table) < 0 || table.word != sizeof(ip) ||
	    unwind_table_rows(&u->pages, &table, &rows) < 0)
		return -UNW_ENOINFO;
	fill_table(u, &table, &rows, &dyn);
	r = UNW_OBJ(dwarf_search_unwind_table)(space, ip, &dyn, info, need_unwind_info, argument);
	u->unrecorded = r < 0;
	return r;
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

	(void)space;
	return write ? -UNW_EREADONLYREG : registers_get(&u->registers, number, value);
}

/* No frame is found by them. */
static int no_float(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value, int write,
		    void *argument)
{
	(void)space;
	(void)number;
	(void)value;
	(void)write;
	(void)argument;
	return -UNW_EBADREG;
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

struct unwind *unwind_new(const struct unwind_source *source)
{
	unw_accessors_t accessors = {
		.find_proc_info = find_proc_info,
		.put_unwind_info = put_unwind_info,
		.get_dyn_info_list_addr = no_dynamic_code,
		.access_mem = access_memory,
		.access_reg = access_register,
		.access_fpreg = no_float,
		.resume = no_resume,
		.get_proc_name = no_name,
	};
	struct unwind *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->source = *source;
	u->code.source = &u->source;
	u->code.pages = &u->pages;
	u->pages.is_constant = source->is_constant;
	u->pages.state = source->state;
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
	pages_forget(&u->pages);
	memset(u->code.answers, 0, sizeof(u->code.answers));
	u->last.n = 0;
}

/* ---- chains ---- */

#if defined(__x86_64__)

/* False at the end of the stack. OUTER: not the innermost frame. */
static bool read_link(const struct unwind *u, unw_cursor_t *cursor, bool outer, struct link *ret)
{
	unw_save_loc_t saved;
	unw_word_t ip, sp, bp;

	if (unw_get_reg(cursor, UNW_REG_IP, &ip) < 0 || ip == 0)
		return false;
	/* Only the innermost frame stands at its own address, and one that a signal hit. */
	ret->frame.address = ip + u->anew.before;
	ret->frame.returns = outer && !u->anew.exact && unw_is_signal_frame(cursor) <= 0;
	ret->sp = unw_get_reg(cursor, UNW_REG_SP, &sp) < 0 ? 0 : sp;
	ret->bp = unw_get_reg(cursor, UNW_X86_64_RBP, &bp) < 0 ? 0 : bp;
	ret->bp_at = unw_get_save_loc(cursor, UNW_X86_64_RBP, &saved) == 0 &&
				     saved.type == UNW_SLT_MEMORY ?
			     saved.u.addr :
			     u->anew.rbp_at;
	return true;
}

static bool is_at(struct unwind *u, uint64_t address, uint64_t value)
{
	uint64_t found;

	return pages_read(&u->pages, address, &found, sizeof(found)) == 0 && found == value;
}

/* Whether the frame is still the caller of the one inside it. */
static bool still_calls(struct unwind *u, const struct link *link)
{
	return link->frame.returns && is_at(u, link->sp - sizeof(uint64_t), link->frame.address) &&
	       (!link->bp_at || is_at(u, link->bp_at, link->bp));
}

#else

static bool read_link(const struct unwind *u, unw_cursor_t *cursor, bool outer, struct link *ret)
{
	unw_word_t ip;

	(void)u;
	if (unw_get_reg(cursor, UNW_REG_IP, &ip) < 0 || ip == 0)
		return false;
	*ret = (struct link){ { ip, outer && unw_is_signal_frame(cursor) <= 0 }, 0, 0, 0 };
	return true;
}

static bool still_calls(struct unwind *u, const struct link *link)
{
	(void)u;
	(void)link;
	return false;
}

#endif

static bool is_same(const struct link *a, const struct link *b)
{
	return a->frame.address == b->frame.address && a->frame.returns == b->frame.returns &&
	       a->sp == b->sp && a->bp == b->bp;
}

/*
 * Takes over the frames outside the last one of CHAIN from the walk before, when they are the same:
 * that frame was in it, and each one outside it is still where the one inside returns to.
 */
static bool take_rest(struct unwind *u, struct chain *chain)
{
	const struct chain *old = &u->last;
	size_t at = 0, n;

	if (old->tid != chain->tid)
		return false;
	while (at < old->n && !is_same(&old->links[at], &chain->links[chain->n - 1]))
		at++;
	if (at == old->n || (!old->whole && at + 1 > chain->n)) /* more than we know is to come */
		return false;
	for (size_t i = at + 1; i < old->n; i++)
		if (!still_calls(u, &old->links[i]))
			return false;
	n = old->n - at - 1;
	if (n > UNWIND_MOST_FRAMES - chain->n)
		n = UNWIND_MOST_FRAMES - chain->n;
	memcpy(&chain->links[chain->n], &old->links[at + 1], n * sizeof(struct link));
	chain->n += n;
	return true;
}

/* Goes on from the frame at INSIDE, for which there is no record, where its code returns to. */
static bool step_by_code(struct unwind *u, unw_cursor_t *inside, unw_cursor_t *cursor)
{
	return unwind_by_code(&u->code, inside, &u->registers, &u->anew) == 0 &&
	       unw_init_remote(cursor, u->space, u) == 0;
}

/*
 * To the frame outside. libunwind knows that of a signal without a record; otherwise it takes rbp
 * for a frame pointer, which it may not be: only of code that was made at run time, which compilers
 * of that kind give one, nothing better is known.
 */
static bool step(struct unwind *u, unw_cursor_t *cursor)
{
	unw_cursor_t inside = *cursor;
	unw_word_t ip;
	bool stepped;

	u->unrecorded = false;
	stepped = unw_step(cursor) > 0;
	if (u->unrecorded && unw_is_signal_frame(cursor) <= 0 &&
	    unw_get_reg(&inside, UNW_REG_IP, &ip) == 0 && u->source.is_in_file(u->source.state, ip))
		return step_by_code(u, &inside, cursor);
	u->anew.before = 0;
	u->anew.exact = false;
	return stepped;
}

static void walk(struct unwind *u, unw_cursor_t *cursor, struct chain *chain)
{
	unw_word_t sp;

	u->anew = (struct unwind_anew){ .before = 0 };
	if (unw_get_reg(cursor, UNW_REG_SP, &sp) == 0)
		pages_expect_stack(&u->pages, sp);
	do {
		if (!read_link(u, cursor, chain->n > 0, &chain->links[chain->n]))
			break;
		chain->n++;
		if (take_rest(u, chain))
			break;
	} while (chain->n < UNWIND_MOST_FRAMES && step(u, cursor));
	chain->whole = chain->n < UNWIND_MOST_FRAMES;
}

size_t unwind_walk(struct unwind *u, pid_t tid, struct unwind_frame frames[UNWIND_MOST_FRAMES])
{
	struct chain chain = { .tid = tid };
	struct cfi_frame narrow;
	unw_cursor_t cursor;

	if (registers_take(&u->registers, tid) < 0)
		return 0;
	pages_begin(&u->pages, tid);
	if (registers_i386(&u->registers, &narrow)) {
		registers_put(&u->registers);
		return unwind_i386(&u->pages, u->source.find_table, u->source.state, &narrow,
				   frames);
	}
	if (unw_init_remote(&cursor, u->space, u) == 0)
		walk(u, &cursor, &chain);
	registers_put(&u->registers);
	u->last = chain;
	for (size_t i = 0; i < chain.n; i++)
		frames[i] = chain.links[i].frame;
	return chain.n;
}
