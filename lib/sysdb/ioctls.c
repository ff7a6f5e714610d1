/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ioctl requests without a name, by their parts. */
#include "sysdb/ioctls.h"

#include <asm/ioctl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* Which values there are, and whether none is a bit of its own, depends on the architecture. */
static const struct {
	unsigned direction;
	const char *name;
} directions[] = {
	{ _IOC_NONE, "_IOC_NONE" },
	{ _IOC_READ, "_IOC_READ" },
	{ _IOC_WRITE, "_IOC_WRITE" },
	{ _IOC_READ | _IOC_WRITE, "_IOC_READ|_IOC_WRITE" },
};

static const char *direction_name(unsigned direction)
{
	for (size_t i = 0; i < ARRAY_SIZE(directions); i++)
		if (directions[i].direction == direction)
			return directions[i].name;
	return NULL;
}

char *ioctl_format(uint64_t request)
{
	unsigned long r = (unsigned long)request;
	const char *direction = direction_name((unsigned)_IOC_DIR(r));
	char *text;
	int n;

	if (direction)
		n = asprintf(&text, "_IOC(%s,0x%x,0x%x,0x%x)", direction, (unsigned)_IOC_TYPE(r),
			     (unsigned)_IOC_NR(r), (unsigned)_IOC_SIZE(r));
	else
		n = asprintf(&text, "%#" PRIx64, request);
	return n < 0 ? NULL : text;
}

static int parse_direction(const char *word, size_t length, unsigned *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(directions); i++) {
		const char *name = directions[i].name;

		if (strlen(name) == length && strncmp(name, word, length) == 0) {
			*ret = directions[i].direction;
			return 0;
		}
	}
	return -EINVAL;
}

int ioctl_parse(const char *word, uint64_t *ret)
{
	const char prefix[] = "_IOC(";
	const char *name = word + strlen(prefix);
	unsigned direction, type, number, size;
	auto_free char *again = NULL;
	size_t length;
	uint64_t request;

	if (strncmp(word, prefix, strlen(prefix)) != 0)
		return -EINVAL;
	length = strcspn(name, ",");
	if (parse_direction(name, length, &direction) < 0 ||
	    sscanf(name + length, ",0x%x,0x%x,0x%x)", &type, &number, &size) != 3 ||
	    type > _IOC_TYPEMASK || number > _IOC_NRMASK || size > _IOC_SIZEMASK)
		return -EINVAL;
	request = (uint32_t)_IOC(direction, type, number, size);
	again = ioctl_format(request); /* the whole word or nothing */
	if (!again || strcmp(again, word) != 0)
		return -EINVAL;
	*ret = request;
	return 0;
}
