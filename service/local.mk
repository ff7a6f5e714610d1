# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libservice.a
libservice_a_SOURCES = \
	%D%/compare.c %D%/compare.h %D%/compare_paths.c %D%/comparison.h \
	%D%/exec_lines.c %D%/exec_lines.h \
	%D%/exposure.c %D%/exposure.h \
	%D%/failure.c %D%/failure.h \
	%D%/other_user.c %D%/other_user.h \
	%D%/other_user_paths.c %D%/other_user_paths.h \
	%D%/names.c %D%/names.h \
	%D%/notify.c %D%/notify.h \
	%D%/ownership.c %D%/ownership.h \
	%D%/places.c %D%/places.h \
	%D%/recording.c %D%/recording.h \
	%D%/removal.c %D%/removal.h \
	%D%/sandbox.c %D%/sandbox.h \
	%D%/systemctl.c %D%/systemctl.h \
	%D%/timespan.c %D%/timespan.h \
	%D%/turn.c %D%/turn.h \
	%D%/undo.c %D%/undo.h \
	%D%/unit.c %D%/unit.h \
	%D%/unit_file.c %D%/unit_file.h
