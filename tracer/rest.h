/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving back, while nothing new is learned, the memory that learning takes. */
#ifndef LEARN_TRACER_REST_H
#define LEARN_TRACER_REST_H

/*
 * Unmaps code and constants of this program and its libraries that are as they stand in their
 * files: what was used once, as at the start, is not kept, and what is used again is mapped again.
 */
void rest_of_code(void);

/* Gives back what was freed. */
void rest_of_heap(void);

#endif
