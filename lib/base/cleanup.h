/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locals that free themselves, and visible moves of ownership. */
#ifndef LEARN_BASE_CLEANUP_H
#define LEARN_BASE_CLEANUP_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define cleanup(f) __attribute__((cleanup(f)))

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}

static inline void cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define auto_free cleanup(cleanup_free)
#define auto_close cleanup(cleanup_close)
#define auto_fclose cleanup(cleanup_fclose)

/* Evaluates to the pointer P held, and leaves NULL in P: `*ret = take_ptr(p);` */
#define take_ptr(p)                                                                                \
	({                                                                                         \
		__typeof__(p) *_pp = &(p);                                                         \
		__typeof__(p) _p = *_pp;                                                           \
		*_pp = NULL;                                                                       \
		_p;                                                                                \
	})

/* Evaluates to the descriptor FD held, and leaves -1 in FD. */
#define take_fd(fd)                                                                                \
	({                                                                                         \
		int *_pf = &(fd);                                                                  \
		int _f = *_pf;                                                                     \
		*_pf = -1;                                                                         \
		_f;                                                                                \
	})

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
