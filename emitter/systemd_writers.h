/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directives with more than one word: each writes its whole lines, and returns 0 or -errno. */
#ifndef LEARN_EMITTER_SYSTEMD_WRITERS_H
#define LEARN_EMITTER_SYSTEMD_WRITERS_H

#include <stddef.h>
#include <stdio.h>

#include "emitter/emitters.h"
#include "policy/policy.h"

typedef int systemd_writer(const struct policy *policy, const struct emit_options *options,
			   FILE *out);

/* systemd_calls.c */
systemd_writer write_allowed_calls, write_logged_calls, write_answers, write_error_number,
	write_architectures;
/* systemd_values.c */
systemd_writer write_families, write_bounding_set, write_ambient_set, write_user, write_devices,
	write_exec_paths, write_limits, write_tasks_max, write_memory_max;
/* systemd_network.c */
systemd_writer write_addresses, write_socket_binds;
/* systemd_paths.c */
systemd_writer write_writable_paths, write_directories;
/* systemd_view.c */
systemd_writer write_view, write_unused_paths, write_read_only_paths;

/* A directive's list of words: goes on in a further line of it when one is full. */
struct systemd_list {
	FILE *out;
	const char *start; /* "SystemCallFilter=" */
	size_t column;	   /* 0: no line begun */
};

void systemd_list_add(struct systemd_list *list, const char *word);
void systemd_list_end(struct systemd_list *list);

/* "# REASON", where comments are wanted. */
void systemd_reason(FILE *out, const struct emit_options *options, const char *reason);

#endif
