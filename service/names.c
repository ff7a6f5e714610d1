/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of names, each once. */
#include "service/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			return true;
	return false;
}

int names_add(struct names *names, const char *name)
{
	char **more;

	if (names_have(names, name))
		return 0;
	more = reallocarray(names->v, names->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	names->v = more;
	more[names->n] = strdup(name);
	if (!more[names->n])
		return -ENOMEM;
	names->n++;
	return 0;
}

void names_clear(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
	*names = (struct names){ 0 };
}
