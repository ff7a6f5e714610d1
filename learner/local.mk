# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += liblearner.a
liblearner_a_SOURCES = \
	%D%/alike.c %D%/alike.h \
	%D%/argset.c %D%/argset.h \
	%D%/baseline.c %D%/baseline.h \
	%D%/compare.c %D%/compare.h %D%/compare_network.c %D%/compare_rules.c \
	%D%/comparison.h \
	%D%/capabilities.c %D%/capabilities.h %D%/capability_files.c \
	%D%/checks.c %D%/checks.h \
	%D%/decide.c %D%/decide.h \
	%D%/decision.h \
	%D%/application.h \
	%D%/decisions.c %D%/decisions.h \
	%D%/decisions_rest.c \
	%D%/gaps.c %D%/gaps.h \
	%D%/gotchas.c %D%/gotchas.h \
	%D%/implied.c %D%/implied.h \
	%D%/inference.h \
	%D%/limits.c %D%/limits.h \
	%D%/lives.c %D%/lives.h \
	%D%/needs.c \
	%D%/network.c %D%/network.h \
	%D%/path_names.c %D%/path_names.h \
	%D%/path_rights.c %D%/path_rights.h \
	%D%/path_rules.c %D%/path_rules.h \
	%D%/pathset.c %D%/pathset.h \
	%D%/reach.c %D%/reach.h \
	%D%/reach_table.c %D%/reach_table.h \
	%D%/recorder.c %D%/recorder.h \
	%D%/siblings.c %D%/siblings.h \
	%D%/stages.c %D%/stages.h \
	%D%/tally.c %D%/tally.h \
	%D%/unprivileged.c %D%/unprivileged.h \
	%D%/uses.c %D%/uses.h \
	%D%/view.c %D%/view.h \
	%D%/wishes.c %D%/wishes.h \
	%D%/wishes_protect.c \
	%D%/wishes_rest.c
