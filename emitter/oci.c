/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seccomp filter as JSON for container engines: the `linux.seccomp` object of the OCI runtime
 * specification 1.1 (config-linux.md), which Docker, Podman and Kubernetes take as a file.
 *
 * Written by hand because values are unsigned numbers of 64 bits, which jansson has not got. JSON
 * has no comments.
 */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "emitter/call_names.h"
#include "emitter/choices.h"
#include "emitter/formats.h"
#include "emitter/quote.h"
#include "emitter/ruled_out.h"
#include "emitter/seccomp_rules.h"

/* What separates the elements of a list that is open. */
struct list {
	FILE *out;
	const char *separator; /* before the next element; NULL: none was written */
};

static void next_element(struct list *list, const char *separator)
{
	if (list->separator)
		fputs(list->separator, list->out);
	list->separator = separator;
}

/* ---- actions ---- */

static const char *action_name(struct action action)
{
	switch (action.kind) {
	case ACTION_ALLOW:
		return "SCMP_ACT_ALLOW";
	case ACTION_KILL:
		return "SCMP_ACT_KILL_PROCESS";
	case ACTION_ERRNO:
		return "SCMP_ACT_ERRNO";
	case ACTION_TRAP:
		return "SCMP_ACT_TRAP";
	case ACTION_LOG:
		return "SCMP_ACT_LOG";
	}
	return "SCMP_ACT_KILL_PROCESS";
}

static void print_action(FILE *out, const char *key, const char *errno_key, struct action action)
{
	fprintf(out, "\"%s\": \"%s\"", key, action_name(action));
	if (action.kind == ACTION_ERRNO)
		fprintf(out, ", \"%s\": %d", errno_key, action.error);
}

/* ---- architectures ---- */

static void print_architectures(FILE *out, const struct policy *p)
{
	struct list list = { .out = out };
	uint32_t arches[4];
	size_t n = policy_arches(p, arches);

	fputs("\t\"architectures\": [", out);
	for (size_t i = 0; i < n; i++) {
		next_element(&list, ", ");
		fprintf(out, "\"%s\"", scmp_arch_name(arches[i]));
	}
	fputs("],\n", out);
}

/* ---- calls ---- */

/* MASKED_EQ takes the mask first: argument & value == valueTwo. */
static void print_comparison(FILE *out, const struct policy_check *check, uint64_t value)
{
	uint64_t bits = check_bits(check);
	bool masked = check->kind == CHECK_MASK || check->width == 32;
	uint64_t mask = check->kind == CHECK_MASK ? ~check->mask & bits : bits;

	if (!masked)
		fprintf(out, "{\"index\": %u, \"value\": %" PRIu64 ", \"op\": \"SCMP_CMP_EQ\"}",
			check->index, value);
	else
		fprintf(out,
			"{\"index\": %u, \"value\": %" PRIu64 ", \"valueTwo\": %" PRIu64
			", \"op\": \"SCMP_CMP_MASKED_EQ\"}",
			check->index, mask, check->kind == CHECK_MASK ? 0 : value & bits);
}

/* One combination of values: all comparisons of an entry must hold. */
static void print_combination(FILE *out, const struct policy_call *call,
			      const struct choice *choice)
{
	struct list list = { .out = out };

	fputs("{\"names\": [", out);
	quote_json(out, call->name);
	fputs("], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [", out);
	for (size_t i = 0; i < call->n_checks; i++) {
		const struct policy_check *check = &call->checks[i];

		if (check_always_holds(check))
			continue;
		next_element(&list, ", ");
		print_comparison(out, check,
				 check->kind == CHECK_VALUES ? check->values[choice->of[i]] : 0);
	}
	fputs("]}", out);
}

/* What a runtime calls between putting the filter on and the program's start. */
static const char *const own_calls[] = { "close", "execve", NULL };

static void print_unconditional(struct list *entries, const struct policy *p)
{
	struct list list = { .out = entries->out };

	next_element(entries, ",\n\t\t");
	fputs("{\"names\": [\n\t\t\t", entries->out);
	for (size_t i = 0; i < p->n_calls; i++) {
		if (!call_has_name(p, i) || call_is_repeated(p, i) ||
		    !call_is_unconditional(&p->calls[i]))
			continue;
		next_element(&list, ",\n\t\t\t");
		quote_json(entries->out, p->calls[i].name);
	}
	for (const char *const *name = own_calls; *name; name++) {
		if (policy_allows(p, *name))
			continue;
		next_element(&list, ",\n\t\t\t");
		quote_json(entries->out, *name);
	}
	fputs("\n\t\t], \"action\": \"SCMP_ACT_ALLOW\"}", entries->out);
}

static void print_checked(struct list *entries, const struct policy *p)
{
	for (size_t i = 0; i < p->n_calls; i++) {
		const struct policy_call *call = &p->calls[i];
		struct choice choice = { { 0 } };

		if (!call_has_name(p, i) || call_is_impossible(call) || call_is_unconditional(call))
			continue;
		do {
			next_element(entries, ",\n\t\t");
			print_combination(entries->out, call, &choice);
		} while (choice_next(call, &choice));
	}
}

static bool is_own(const char *name)
{
	for (const char *const *own = own_calls; *own; own++)
		if (strcmp(*own, name) == 0)
			return true;
	return false;
}

static bool is_listed(const struct policy *p, size_t i)
{
	return denial_has_name(p, i) && !is_own(p->denials[i].name);
}

/* Whether a denial before this one gave the same answer, and so listed this one, too. */
static bool is_answered(const struct policy *p, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (is_listed(p, i) && same_action(p->denials[i].action, p->denials[index].action))
			return true;
	return false;
}

static void print_answer(FILE *out, const struct policy *p, struct action action)
{
	struct list list = { .out = out };

	fputs("{\"names\": [\n\t\t\t", out);
	for (size_t i = 0; i < p->n_denials; i++) {
		if (!is_listed(p, i) || !same_action(p->denials[i].action, action))
			continue;
		next_element(&list, ",\n\t\t\t");
		quote_json(out, p->denials[i].name);
	}
	fputs("\n\t\t], ", out);
	print_action(out, "action", "errnoRet", action);
	fputc('}', out);
}

static void print_denials(struct list *entries, const struct policy *p)
{
	for (size_t i = 0; i < p->n_denials; i++) {
		if (!is_listed(p, i) || is_answered(p, i))
			continue;
		next_element(entries, ",\n\t\t");
		print_answer(entries->out, p, p->denials[i].action);
	}
}

int emit_oci(const struct policy *policy, const struct emit_options *options, FILE *out)
{
	struct list entries = { .out = out };

	(void)options;
	fputs("{\n\t", out);
	print_action(out, "defaultAction", "defaultErrnoRet", policy->action);
	fputs(",\n", out);
	print_architectures(out, policy);
	fputs("\t\"syscalls\": [\n\t\t", out);
	print_unconditional(&entries, policy);
	print_checked(&entries, policy);
	print_denials(&entries, policy);
	fputs("\n\t]\n}\n", out);
	return 0;
}
