/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the formats share: the emitting functions, and the comment at the top of a text. */
#ifndef LEARN_EMITTER_FORMATS_H
#define LEARN_EMITTER_FORMATS_H

#include <stdbool.h>
#include <stdio.h>

#include "emitter/emitters.h"

/*
 * What FORMAT is, of which programs, how to use it (lines that end with NULL) and what of the
 * policy it cannot express; each line behind PREFIX ("; ", "# ", " * ").
 */
void print_banner(FILE *out, const char *prefix, const char *format, const struct policy *policy,
		  const struct emit_options *options, const char *const *usage);

/*
 * A main() in C that calls NAME_PART(), which returns negative errno on failure, does THEN (lines
 * of C, which may look at the result `r`) and executes its arguments.
 */
void print_launcher(FILE *out, const char *name, const char *part, const char *then);

/* One of the forms that a format comes in (--as=). */
struct form {
	const char *as;
	void (*print)(const struct policy *policy, const struct emit_options *options, FILE *out);
};

/* Prints the form that the options name, or the first. 0, or -EINVAL after a message. */
int print_form(FILE *out, const char *format, const struct form *forms, size_t n,
	       const struct policy *policy, const struct emit_options *options);

/*
 * Why the limit would end a service one day, when the options do not ask for it all the same: for a
 * comment in its place. Else NULL.
 */
const char *limit_left_out(const struct policy_limit *limit, const struct emit_options *options);

int emit_apparmor(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_bpf(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_bpf_asm(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_firejail(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_landlock(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_landlockconfig(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_libseccomp(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_minijail(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_names(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_oci(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_rlimits(const struct policy *policy, const struct emit_options *options, FILE *out);
int emit_systemd(const struct policy *policy, const struct emit_options *options, FILE *out);

#endif
