/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader for one phase of a program; private to this room. */
#ifndef LEARN_PROFILE_READ_PHASE_H
#define LEARN_PROFILE_READ_PHASE_H

#include "profile/scan.h"

/* Adds what the phase holds to a struct profile_program; the phase's name is the place's key. */
scan_function read_phase;

#endif
