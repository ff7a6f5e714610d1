/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program's calls by frequency: who called, with which arguments, which errors. */
#include "cli/report_calls.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sysdb/argspecs.h"
#include "sysdb/names.h"

#define MOST_CALLERS 2
#define MOST_NAME_WIDTH 24

/* ---- who called ---- */

/* Frames of the C library and the loader say how a call was made, not who wanted it. */
static bool is_plumbing(const char *frame)
{
	static const char *const modules[] = {
		"libc.so*",  "libc-[0-9]*", "libpthread[.-]*", "libc.musl*",
		"ld-linux*", "ld-musl*",    "ld-[0-9]*",       "[[]vdso]*",
	};
	size_t end = strcspn(frame, "!+");
	const char *slash = memrchr(frame, '/', end);

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		if (fnmatch(modules[i], slash ? slash + 1 : frame, 0) == 0)
			return true;
	return false;
}

/* The innermost interesting frame of a stack, visible, for the caller to free. */
static char *caller_of(struct page *page, const char *site)
{
	auto_free char *frames = strdup(site), *innermost = NULL;
	char *rest = frames, *frame;

	while ((frame = strsep(&rest, "\n")))
		if (!is_plumbing(frame))
			return page_visible(page, frame);
	innermost = strndup(site, strcspn(site, "\n"));
	page->no_memory |= !frames || !innermost;
	return innermost ? page_visible(page, innermost) : NULL;
}

/* Each caller once, and at most MOST_CALLERS of them. */
static void print_callers(struct page *page, const struct profile_call *call, int indent)
{
	char *callers[PROFILE_MOST_SITES] = { NULL };
	size_t n = 0;
	struct wrap w = wrap_from(page, indent, indent);

	for (size_t i = 0; i < call->n_sites; i++) {
		char *caller = caller_of(page, call->sites[i]);
		size_t same = 0;

		while (caller && same < n && strcmp(callers[same], caller) != 0)
			same++;
		if (caller && same == n)
			callers[n++] = caller;
		else
			free(caller);
	}
	for (size_t i = 0; i < n && i < MOST_CALLERS; i++)
		wrap_item(&w, ",", callers[i]);
	if (n > MOST_CALLERS) {
		char more[32];

		snprintf(more, sizeof(more), "%zu more", n - MOST_CALLERS);
		wrap_item(&w, ",", more);
	}
	for (size_t i = 0; i < n; i++)
		free(callers[i]);
	fputc('\n', page->out);
}

/* ---- calls ---- */

static int by_count(const void *left, const void *right)
{
	const struct profile_value *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->value > b->value) - (a->value < b->value);
}

/* "TCGETS (3)", for the caller to free. */
static char *format_value(const struct argspec *spec, const struct profile_value *value)
{
	auto_free char *name = NULL;
	char *text;
	int n;

	if (spec)
		name = argspec_format(spec, value->value);
	else if (asprintf(&name, "%#" PRIx64, value->value) < 0)
		name = NULL;
	n = name ? asprintf(&text, "%s (%" PRIu64 ")", name, value->count) : -1;
	return n < 0 ? NULL : text;
}

static void print_values(struct page *page, struct wrap *w, const struct argspec *spec,
			 const struct profile_arg *arg)
{
	struct profile_value values[PROFILE_MOST_VALUES];
	size_t n = arg->n_values < ARRAY_SIZE(values) ? arg->n_values : ARRAY_SIZE(values);

	for (size_t i = 0; i < n; i++)
		values[i] = arg->values[i];
	qsort(values, n, sizeof(values[0]), by_count);
	for (size_t i = 0; i < n; i++) {
		auto_free char *text = format_value(spec, &values[i]);

		page->no_memory |= !text;
		if (text)
			wrap_item(w, i ? "," : "", text);
	}
}

static void print_arg(struct page *page, const struct profile_call *call,
		      const struct profile_arg *arg, int indent)
{
	const struct argspec *spec = argspec_of(call->name, arg->index);
	auto_free char *bits = NULL;
	struct wrap w = wrap_from(page, indent, indent + 2);
	char label[64];

	fprintf(page->out, "%*s", indent, "");
	if (spec)
		snprintf(label, sizeof(label), "%s:", spec->arg);
	else
		snprintf(label, sizeof(label), "argument %u:", arg->index + 1);
	wrap_item(&w, "", label);
	if (spec && argspec_is_field(spec))
		wrap_item(&w, "", spec->pair ? "(both together)"
					    : "(in memory, no filter sees it)");
	if (!arg->many) {
		print_values(page, &w, spec, arg);
	} else {
		snprintf(label, sizeof(label), "more than %u values",
			 profile_call_most(call, arg->index));
		wrap_item(&w, "", label);
		if (spec && spec->kind == ARG_FLAGS)
			bits = argspec_format(spec, arg->set_once);
		if (bits)
			wrap_item(&w, " of", bits);
	}
	fputc('\n', page->out);
}

static void print_errors(struct page *page, const struct profile_call *call, int indent)
{
	struct wrap w = wrap_from(page, indent, indent + 2);

	for (size_t i = 0; i < call->n_results; i++) {
		int error = (int)call->results[i].value;
		auto_free char *name = error ? name_format(NAME_ERROR, error) : NULL;

		page->no_memory |= error && !name;
		if (!name)
			continue;
		if (w.first) {
			fprintf(page->out, "%*s", indent, "");
			wrap_item(&w, "", "errors:");
			wrap_item(&w, "", name);
		} else {
			wrap_item(&w, ",", name);
		}
	}
	if (!w.first)
		fputc('\n', page->out);
}

void report_call_details(struct page *page, const struct profile_call *call, int indent)
{
	for (size_t i = 0; i < call->n_args; i++)
		print_arg(page, call, &call->args[i], indent);
	print_errors(page, call, indent);
}

static int by_frequency(const void *left, const void *right)
{
	const struct profile_call *a = *(struct profile_call *const *)left;
	const struct profile_call *b = *(struct profile_call *const *)right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->name, b->name);
}

/* The calls of one phase and architecture. */
static void print_call_group(struct page *page, struct profile_call **calls, size_t n)
{
	auto_free char *arch = arch_format(calls[0]->arch);
	int name_width = 4;
	uint64_t total = 0;

	page->no_memory |= !arch;
	qsort(calls, n, sizeof(struct profile_call *), by_frequency);
	for (size_t i = 0; i < n; i++) {
		int width = (int)strnlen(calls[i]->name, MOST_NAME_WIDTH);

		total = profile_sum(total, calls[i]->count);
		name_width = width > name_width ? width : name_width;
	}
	fputc('\n', page->out);
	page_heading(page, "  Calls in %s on %s: %zu different, %" PRIu64 " in all",
		     phase_name(calls[0]->phase), arch ? arch : "", n, total);
	page_heading(page, "  %*s  %-*s  FIRST CALLED FROM", COUNT_WIDTH, "COUNT", name_width,
		     "CALL");
	for (size_t i = 0; i < n; i++) {
		int indent = 2 + COUNT_WIDTH + 2 + name_width + 2;

		fprintf(page->out, "  %*" PRIu64 "  %-*s", COUNT_WIDTH, calls[i]->count,
			calls[i]->n_sites ? name_width + 2 : 0, calls[i]->name);
		print_callers(page, calls[i], indent);
		report_call_details(page, calls[i], indent);
	}
}

void report_calls(struct page *page, const struct profile_program *program)
{
	auto_free struct profile_call **calls = profile_sorted(&program->calls);
	size_t n = program->calls.n;

	page->no_memory |= !calls;
	for (size_t start = 0, end; calls && start < n; start = end) {
		for (end = start + 1; end < n; end++)
			if (calls[end]->phase != calls[start]->phase ||
			    calls[end]->arch != calls[start]->arch)
				break;
		print_call_group(page, calls + start, end - start);
	}
}
