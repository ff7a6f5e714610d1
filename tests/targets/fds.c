/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the descriptors that were open at its start, one a line. */
#include <fcntl.h>

#include "target.h"

int main(void)
{
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d\n", fd);
	return 0;
}
