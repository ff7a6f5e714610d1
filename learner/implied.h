/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that a trace cannot show, each with its reason: the steps of a decision that add them. */
#ifndef LEARN_LEARNER_IMPLIED_H
#define LEARN_LEARNER_IMPLIED_H

struct decision;

/* Where nothing is decided yet about a call. All return 0 or -ENOMEM. */

/* Other calls for what was done, where options ask for it or the architecture is another one. */
int imply_siblings(struct decision *d);
/* What another C library does when it starts. */
int imply_startup(struct decision *d);
/* What every program does sooner or later, and clocks that the vDSO serves. */
int imply_baseline(struct decision *d);
/* ENOSYS for calls that libraries only try, and for those newer than any that is known. */
int imply_fallbacks(struct decision *d);

#endif
