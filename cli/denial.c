/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a confined program was denied: one record for each kind of denial. */
#include "cli/denial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "sysdb/argspecs.h"

void denial_free(struct denial *denial)
{
	if (!denial)
		return;
	for (size_t i = 0; i < denial->n_frames; i++)
		free(denial->frames[i]);
	free(denial->frames);
	free(denial->program);
	free(denial->name);
	for (size_t i = 0; i < ARRAY_SIZE(denial->shown); i++)
		free(denial->shown[i]);
	free(denial->path);
	free(denial);
}

void denial_take_place(struct denial *d, const struct denial *like)
{
	d->kind = like->kind;
	d->probable = like->probable;
	d->rights = like->rights;
	d->effects = like->effects;
	d->is_directory = like->is_directory;
	d->port = like->port;
	d->bind = like->bind;
}

void denials_clear(struct denials *denials)
{
	for (size_t i = 0; i < denials->n; i++)
		denial_free(denials->list[i]);
	free(denials->list);
	*denials = (struct denials){ 0 };
}

static uint64_t argument_of(const struct denial *d)
{
	const struct argspec *spec;

	if (d->kind != DENIAL_ARGUMENT)
		return 0;
	spec = argspec_of(d->name, d->index);
	return spec ? argspec_significant(spec, d->call.args[d->index]) : d->call.args[d->index];
}

char *denial_key(const struct denial *d)
{
	char *key;
	int n = asprintf(&key, "%d %d %d %" PRIx32 " %d %u %" PRIx64 " %" PRIx32 " %u %d %d %s\n%s",
			 d->kind, d->answer.kind, d->answer.error, d->call.arch,
			 d->has_call ? d->call.nr : -1, d->index, argument_of(d), d->rights,
			 d->port, d->bind, d->resource, d->path ? d->path : "", d->program);

	return n < 0 ? NULL : key;
}
