/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lib/profile in memory: what is added, in whatever order, ends as the same file. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "check.h"
#include "profile/profile.h"
#include "sysdb/argspecs.h"
#include "sysdb/effects.h"
#include "sysdb/syscalls.h"

static void free_profile(struct profile **p)
{
	profile_free(*p);
}

#define auto_profile cleanup(free_profile)

/* The file, for the caller to free. */
static char *print(const struct profile *p)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	check(out && profile_print(p, out) == 0 && fclose(out) == 0);
	return text;
}

static bool same(const struct profile *a, const struct profile *b)
{
	auto_free char *left = print(a), *right = print(b);

	return strcmp(left, right) == 0;
}

static void add_run(struct profile *p, int64_t start_ms, const char *word)
{
	struct profile_run *run = profile_run_new();

	check(run);
	run->command = calloc(2, sizeof(char *));
	run->command[0] = strdup(word);
	run->cwd = strdup("/");
	run->start_ms = start_ms;
	run->complete = true;
	check(profile_add_run(p, run) == 0);
}

/* A profile that touches every section; SEED makes them differ and overlap. */
static struct profile *sample(unsigned seed)
{
	struct profile *p = profile_new();
	struct profile_program *program = profile_program(p, seed % 2 ? "/bin/a" : "/bin/b", "");
	char text[32];

	for (unsigned i = 0; i < 40; i++) {
		int nr = (int)((i * 7 + seed) % 50);
		enum phase phase = i % 2 ? PHASE_LOAD : PHASE_MAIN;
		struct profile_call *call = profile_call(program, phase, arch_native(), nr);
		struct profile_path *path;

		check(call);
		call->count = profile_sum(call->count, i + seed);
		check(profile_call_value(call, i % 6, profile_call_most(call, i % 6), i * seed,
					 1) >= 0);
		check(profile_call_result(call, (int)(i % 3), 1) >= 0);
		snprintf(text, sizeof(text), "m!f+0x%x\nn!g", (i * 31 + seed * 17) % 97);
		check(profile_call_site(call, text) >= 0);
		path = profile_path(program, phase, text);
		check(path);
		path->effects |= 1u << (i + seed) % N_PATH_EFFECTS;
		path->kinds |= 1u << (i + seed) % N_PATH_KINDS;
		path->count += seed;
	}
	profile_socket(program, PHASE_MAIN, (int)seed, 1, 6)->count = seed;
	profile_address(program, PHASE_MAIN, seed % 2, 2, 1, "127.0.0.1", (uint16_t)seed)->count =
		1;
	profile_signal(program, PHASE_MAIN, (int)seed)->count = 2;
	check(profile_library(program, "/lib/libc.so.6", seed % 2 ? "aa" : "bb"));
	profile_peak(program, RLIMIT_NOFILE)->value = seed * 10;
	snprintf(text, sizeof(text), "reason %u", seed % 3);
	check(profile_limit(program, text) == 0);
	add_run(p, seed * 1000, "word");
	return p;
}

static struct profile *copy(const struct profile *p)
{
	struct profile *sum = profile_new();

	check(sum && profile_merge(&sum, p) == 0);
	return sum;
}

/* ---- merging ---- */

static void merging_in_any_order_gives_the_same_file(void)
{
	for (unsigned seed = 1; seed < 12; seed++) {
		auto_profile struct profile *a = sample(seed), *b = sample(seed * 3 + 1);
		auto_profile struct profile *c = sample(seed * 5 + 2);
		auto_profile struct profile *left = copy(a), *right = copy(c), *bc = copy(b);

		/* (a + b) + c, and c + (b + a) */
		check(profile_merge(&left, b) == 0 && profile_merge(&left, c) == 0);
		check(profile_merge(&bc, a) == 0 && profile_merge(&right, bc) == 0);
		check(same(left, right));
		check(!same(left, a));
	}
}

static void nothing_is_the_neutral_element(void)
{
	auto_profile struct profile *a = sample(3), *sum = copy(a), *nothing = profile_new();

	check(same(a, sum));
	check(profile_merge(&sum, nothing) == 0);
	check(same(a, sum));
	check(profile_is_empty(nothing) && !profile_is_empty(sum));
}

static void merging_a_profile_with_itself_doubles_counts_only(void)
{
	auto_profile struct profile *a = sample(5), *twice = copy(a);
	const struct profile_program *one = a->programs.entries[0].value, *two;

	check(profile_merge(&twice, twice) == 0);
	check(twice->n_runs == a->n_runs && twice->programs.n == a->programs.n);
	two = twice->programs.entries[0].value;
	check(one->calls.n == two->calls.n && one->paths.n == two->paths.n);
	for (size_t i = 0; i < one->calls.n; i++) {
		const struct map_entry *e = &one->calls.entries[i];
		const struct profile_call *before = e->value;
		const struct profile_call *after = map_get(&two->calls, map_key(e), e->key_len);

		check(after->count == 2 * before->count);
		check(after->n_sites == before->n_sites && after->n_args == before->n_args);
		check(after->n_results == before->n_results);
		for (size_t k = 0; k < before->n_args; k++)
			check(after->args[k].n_values == before->args[k].n_values);
	}
}

/* ---- bounds ---- */

static struct profile_call *ioctl_of(struct profile *p)
{
	int nr;

	check(syscall_number(arch_native(), "ioctl", &nr) == 0);
	return profile_call(profile_program(p, "/a", ""), PHASE_MAIN, arch_native(), nr);
}

static void values_past_the_bound_become_many_in_any_order(void)
{
	auto_profile struct profile *up = profile_new(), *down = profile_new();
	unsigned most = profile_call_most(ioctl_of(up), 1);

	check(most == argspec_of("ioctl", 1)->most);
	for (unsigned i = 0; i < most; i++) {
		check(profile_call_value(ioctl_of(up), 1, most, 8 + i, 1) == 1);
		check(profile_call_value(ioctl_of(up), 1, most, 8 + i, 1) == 0);
		check(profile_call_value(ioctl_of(down), 1, most, 8 + most - i, 1) == 1);
	}
	check(!ioctl_of(up)->args[0].many && ioctl_of(up)->args[0].n_values == most);
	check(profile_call_value(ioctl_of(up), 1, most, 8 + most, 1) == 1);
	check(profile_call_value(ioctl_of(down), 1, most, 8, 1) == 1);
	check(ioctl_of(up)->args[0].many && !ioctl_of(up)->args[0].n_values);
	check(same(up, down));
	check(profile_call_value(ioctl_of(up), 1, most, 1, 1) == 0);
	check((ioctl_of(up)->args[0].set_once & 1) && !ioctl_of(up)->args[0].set_always);
}

static void lists_that_only_together_pass_the_bound_become_many(void)
{
	auto_profile struct profile *a = profile_new(), *b = profile_new();
	unsigned most = profile_call_most(ioctl_of(a), 1);

	for (unsigned i = 0; i < most; i++) {
		profile_call_value(ioctl_of(a), 1, most, i, 1);
		profile_call_value(ioctl_of(b), 1, most, i + 1, 1);
	}
	check(profile_merge(&a, b) == 0);
	check(ioctl_of(a)->args[0].many);
}

static void the_first_stacks_in_byte_order_are_kept(void)
{
	auto_profile struct profile *p = profile_new();
	struct profile_call *call = ioctl_of(p);
	char frames[8];

	for (int i = 20; i > 0; i--) {
		snprintf(frames, sizeof(frames), "f%02u", (unsigned)i % 100);
		check(profile_call_site(call, frames) == 1);
	}
	check(profile_call_site(call, "f20") == 0 && profile_call_site(call, "f01") == 0);
	check(profile_call_site(call, "") == 0);
	check(call->n_sites == PROFILE_MOST_SITES);
	check(strcmp(call->sites[0], "f01") == 0 && strcmp(call->sites[7], "f08") == 0);
}

static void deep_stacks_are_cut(void)
{
	auto_profile struct profile *p = profile_new();
	struct profile_call *call = ioctl_of(p);
	unsigned lines = 1;

	check(profile_call_site(call,
				"\n\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\n"
				"u\nv\nw\nx\ny\nz\n") == 1);
	for (const char *c = call->sites[0]; *c; c++)
		lines += *c == '\n';
	check(lines == PROFILE_MOST_FRAMES);
	check(strncmp(call->sites[0], "a\nb", 3) == 0);
}

static void counts_stop_at_the_largest_integer_of_the_file(void)
{
	check(profile_sum(1, 2) == 3);
	check(profile_sum(INT64_MAX, 0) == INT64_MAX);
	check(profile_sum(INT64_MAX, 1) == INT64_MAX);
	check(profile_sum(1, INT64_MAX) == INT64_MAX);
	check(profile_sum(UINT64_MAX, UINT64_MAX) == INT64_MAX);
	check(profile_sum(0, UINT64_MAX) == INT64_MAX);
}

static void a_real_name_is_better_than_a_made_up_one(void)
{
	auto_profile struct profile *p = profile_new();
	struct profile_call *call =
		profile_call(profile_program(p, "/a", ""), PHASE_MAIN, arch_native(), 999);

	check(strcmp(call->name, "syscall_999") == 0);
	check(profile_call_name(call, "newcall") == 0 && strcmp(call->name, "newcall") == 0);
	check(profile_call_name(call, "syscall_999") == 0 && strcmp(call->name, "newcall") == 0);
	check(profile_call_name(call, "another") == 0 && strcmp(call->name, "another") == 0);
}

/* ---- the file ---- */

static void everything_survives_the_file(void)
{
	for (unsigned seed = 1; seed < 6; seed++) {
		auto_profile struct profile *p = sample(seed), *again = NULL;
		auto_free char *text = print(p);

		check(profile_parse("text", text, strlen(text), &again) == 0);
		check(same(p, again));
	}
}

static void any_integer_and_any_bytes_survive_the_file(void)
{
	static const int numbers[] = { INT32_MIN, -101, -1, 0, 77, 0x40000001, INT32_MAX };
	auto_profile struct profile *p = profile_new(), *again = NULL;
	struct profile_program *program = profile_program(p, "\xff\n\t\"\\", "");
	auto_free char *text = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct profile_call *call =
			profile_call(program, PHASE_SERVING, 0xdead0000 + (uint32_t)i, numbers[i]);

		check(profile_call(program, PHASE_MAIN, arch_native(), numbers[i]));
		check(profile_call_value(call, 5, 64, UINT64_MAX - i, UINT64_MAX) == 1);
		check(profile_call_result(call, i ? 4000 : 0, 1) == 1);
		check(profile_socket(program, PHASE_MAIN, numbers[i], numbers[i], numbers[i]));
		check(profile_signal(program, PHASE_MAIN, numbers[i]));
	}
	profile_peak(program, 77)->value = UINT64_MAX;
	check(profile_path(program, PHASE_MAIN, "")->count == 0);
	add_run(p, -5, "");
	add_run(p, INT64_MAX, "\x80");
	p->runs[0]->duration_ms = -1;
	p->runs[0]->signal = 64;
	text = print(p);
	check(profile_parse("text", text, strlen(text), &again) == 0);
	check(same(p, again));
	check(((struct profile_program *)again->programs.entries[0].value)->calls.n == 14);
}

int main(void)
{
	merging_in_any_order_gives_the_same_file();
	nothing_is_the_neutral_element();
	merging_a_profile_with_itself_doubles_counts_only();
	values_past_the_bound_become_many_in_any_order();
	lists_that_only_together_pass_the_bound_become_many();
	the_first_stacks_in_byte_order_are_kept();
	deep_stacks_are_cut();
	counts_stop_at_the_largest_integer_of_the_file();
	a_real_name_is_better_than_a_made_up_one();
	everything_survives_the_file();
	any_integer_and_any_bytes_survive_the_file();
	return 0;
}
