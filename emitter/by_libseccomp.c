/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter that libseccomp makes of a policy: the same rules as the emitted source's. */
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "emitter/alternatives.h"
#include "emitter/choices.h"
#include "emitter/libseccomp_limits.h"

static void cleanup_context(scmp_filter_ctx *ctx)
{
	if (*ctx)
		seccomp_release(*ctx);
}

/* ---- rules ---- */

static struct scmp_arg_cmp comparison(const struct policy_check *check, const struct choice *choice,
				      size_t i)
{
	uint64_t bits = check_bits(check);
	struct scmp_arg_cmp cmp = { .arg = check->index, .op = SCMP_CMP_MASKED_EQ };

	if (check->kind == CHECK_MASK) {
		cmp.datum_a = ~check->mask & bits;
	} else if (check->width == 32) {
		cmp.datum_a = bits;
		cmp.datum_b = check->values[choice->of[i]] & bits;
	} else {
		cmp.op = SCMP_CMP_EQ;
		cmp.datum_a = check->values[choice->of[i]];
	}
	return cmp;
}

/* libseccomp takes this machine's numbers, and finds those of another architecture by name. */
static int native_number(uint32_t arch, int nr, const char *name)
{
	int number = arch == seccomp_arch_native() ? nr : seccomp_syscall_resolve_name(name);

	return number == __NR_SCMP_ERROR ? nr : number;
}

static int add_combination(scmp_filter_ctx ctx, const struct policy_call *call,
			   const struct choice *choice)
{
	int nr = native_number(call->arch, call->nr, call->name);
	struct scmp_arg_cmp cmp[6];
	unsigned n = 0;

	for (size_t i = 0; i < call->n_checks; i++)
		if (!check_always_holds(&call->checks[i]))
			cmp[n++] = comparison(&call->checks[i], choice, i);
	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, nr, n, cmp);
}

static int add_call(scmp_filter_ctx ctx, const struct policy_call *call)
{
	struct choice choice = { { 0 } };
	int err;

	if (call_is_impossible(call))
		return 0;
	do
		err = add_combination(ctx, call, &choice);
	while (!err && choice_next(call, &choice));
	return err;
}

static int add_calls(scmp_filter_ctx ctx, const struct policy *p, bool priorities)
{
	uint8_t priority = 255;
	int err = 0;

	for (size_t i = 0; !err && i < p->n_calls; i++) {
		const struct policy_call *call = &p->calls[i];

		if (call->arch != p->arch || !call_is_stated(p, i))
			continue;
		err = add_call(ctx, call);
		if (!err && priorities && priority)
			err = seccomp_syscall_priority(
				ctx, native_number(call->arch, call->nr, call->name), priority--);
	}
	return err;
}

static int add_denials(scmp_filter_ctx ctx, const struct policy *p)
{
	int err = 0;

	for (size_t i = 0; !err && i < p->n_denials; i++) {
		const struct policy_denial *denial = &p->denials[i];

		if (denial->arch == p->arch && denial_is_stated(p, i))
			err = seccomp_rule_add_array(
				ctx, action_to_seccomp(denial->action),
				native_number(denial->arch, denial->nr, denial->name), 0, NULL);
	}
	return err;
}

static bool has_rule(const struct policy *p, int nr)
{
	for (size_t i = 0; i < p->n_denials; i++)
		if (p->denials[i].arch == p->arch && p->denials[i].nr == nr)
			return true;
	return policy_find_call(p, p->arch, nr) != NULL;
}

static int add_calls_to_come(scmp_filter_ctx ctx, const struct policy *p)
{
	int err = 0;

	for (int nr = p->newest + 1; !err && nr <= p->newest + NUMBERS_TO_COME; nr++)
		if (!has_rule(p, nr))
			err = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(ENOSYS), nr, 0, NULL);
	return err;
}

/* A context is for this machine's architecture until told otherwise. */
static int set_arch(scmp_filter_ctx ctx, uint32_t arch)
{
	int err;

	if (arch == seccomp_arch_native())
		return 0;
	err = seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
	return err ? err : seccomp_arch_add(ctx, arch);
}

static int add_rules(scmp_filter_ctx ctx, const struct policy *p, enum libseccomp_layout layout)
{
	int err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (!err)
		err = set_arch(ctx, p->arch);
	if (!err && layout == LAYOUT_TREE)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!err)
		err = add_calls(ctx, p, layout == LAYOUT_PRIORITY);
	if (!err)
		err = add_denials(ctx, p);
	if (err || p->arch != seccomp_arch_native() || !libseccomp_lists_to_come(p))
		return err;
	return add_calls_to_come(ctx, p);
}

/* ---- what comes of it ---- */

static int read_filter(int fd, struct filter *ret)
{
	off_t size = lseek(fd, 0, SEEK_END);
	struct filter f = { .n = (size_t)size / sizeof(*f.insns) };

	if (size <= 0)
		return -EIO;
	f.insns = malloc((size_t)size);
	f.comments = calloc(f.n, sizeof(*f.comments));
	if (!f.insns || !f.comments || pread(fd, f.insns, (size_t)size, 0) != size) {
		f.n = f.comments ? f.n : 0;
		filter_free(&f);
		return -ENOMEM;
	}
	*ret = f;
	return 0;
}

int filter_by_libseccomp(const struct policy *policy, enum libseccomp_layout layout,
			 struct filter *ret)
{
	cleanup(cleanup_context) scmp_filter_ctx ctx =
		seccomp_init(action_to_seccomp(policy->action));
	auto_close int fd = memfd_create("filter", MFD_CLOEXEC);
	int err;

	if (!ctx || fd < 0)
		return -ENOMEM;
	err = add_rules(ctx, policy, layout);
	if (!err)
		err = seccomp_export_bpf(ctx, fd);
	return err ? err : read_filter(fd, ret);
}
