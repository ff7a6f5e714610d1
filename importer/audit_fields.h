/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fields of an audit record, as the kernel writes them, or in the words of `ausearch -i`;
 * private to this room.
 */
#ifndef LEARN_IMPORTER_AUDIT_FIELDS_H
#define LEARN_IMPORTER_AUDIT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct audit_record {
	const char *text;
	bool words; /* interpreted: names in the place of numbers, no quotes */
};

/* Both for the caller to free, NULL without such a field. */
char *audit_field(const struct audit_record *record, const char *name);
/* The same, whatever it has for blanks: a path. NULL for "(null)". */
char *audit_path(const struct audit_record *record, const char *name);

/* Each sets its outputs and returns 0, or returns -EINVAL, or -ENOMEM. */
int audit_number(const struct audit_record *record, const char *name, uint64_t *ret);
int audit_arch(const struct audit_record *record, uint32_t *ret);
int audit_syscall(const struct audit_record *record, uint32_t arch, int *ret);
/* The return value of the call. */
int audit_exit(const struct audit_record *record, int64_t *ret);
/* KIND_* of the mode, or 0. */
uint32_t audit_kind(const struct audit_record *record);

/*
 * The value of argument INDEX of CALL. Words that may stand for other values as well (flags that
 * ausearch does not know are left out) are not taken: -EINVAL.
 */
int audit_argument(const struct audit_record *record, const char *call, unsigned index,
		   uint64_t *ret);

struct audit_address {
	int family; /* AF_*; 0: none */
	char text[256]; /* an IP address, an abstract name with its @, or a path; or "" */
	uint16_t port;
};

/* The address of a SOCKADDR record. */
void audit_address(const struct audit_record *record, struct audit_address *to);

#endif
