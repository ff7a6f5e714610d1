# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libimporter.a
libimporter_a_SOURCES = \
	%D%/audit.c %D%/audit.h \
	%D%/audit_fields.c %D%/audit_fields.h \
	%D%/effects.c %D%/effects.h \
	%D%/facts.c %D%/facts.h \
	%D%/importer.c %D%/importer.h \
	%D%/importing.h \
	%D%/loader.c %D%/loader.h \
	%D%/processes.c %D%/processes.h \
	%D%/strace.c %D%/strace.h \
	%D%/strace_call.c %D%/strace_call.h \
	%D%/strace_line.c %D%/strace_line.h \
	%D%/text.c %D%/text.h \
	%D%/words.c %D%/words.h
