# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += liblearner.a
liblearner_a_SOURCES = \
	%D%/alike.c %D%/alike.h \
	%D%/argset.c %D%/argset.h \
	%D%/baseline.c %D%/baseline.h \
	%D%/compare.c %D%/compare.h \
	%D%/decide.c %D%/decide.h \
	%D%/gaps.c %D%/gaps.h \
	%D%/limits.c %D%/limits.h \
	%D%/network.c %D%/network.h \
	%D%/path_rights.c %D%/path_rights.h \
	%D%/path_rules.c %D%/path_rules.h \
	%D%/pathset.c %D%/pathset.h \
	%D%/recorder.c %D%/recorder.h \
	%D%/tally.c %D%/tally.h
