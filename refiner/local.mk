# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += librefiner.a

librefiner_a_SOURCES = \
	%D%/blame.c \
	%D%/guards.c %D%/guards.h \
	%D%/plan.c %D%/plan.h \
	%D%/search.c %D%/search.h \
	%D%/unit.c \
	%D%/units.c %D%/units.h
