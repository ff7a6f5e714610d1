# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libtracer.a
libtracer_a_SOURCES = \
	%D%/addresses.c %D%/addresses.h \
	%D%/attach.c %D%/attach.h \
	%D%/birth.c %D%/birth.h \
	%D%/control.c %D%/control.h %D%/control_arch.c \
	%D%/cpus.c %D%/cpus.h \
	%D%/denials.c %D%/denials.h \
	%D%/descriptors.c %D%/descriptors.h \
	%D%/door.c %D%/door.h \
	%D%/ending.c %D%/ending.h \
	%D%/entry.c %D%/entry.h \
	%D%/escape.c %D%/escape.h \
	%D%/exec.c %D%/exec.h \
	%D%/faults.c %D%/faults.h \
	%D%/guardian.c %D%/guardian.h \
	%D%/hearing.c %D%/hearing.h \
	%D%/identity.c %D%/identity.h \
	%D%/interrupt.c %D%/interrupt.h \
	%D%/fields.c %D%/fields.h \
	%D%/listen.c %D%/listen.h \
	%D%/launch.c %D%/launch.h \
	%D%/lookup.c %D%/lookup.h \
	%D%/loop.c %D%/loop.h \
	%D%/mappings.c %D%/mappings.h \
	%D%/memory.c %D%/memory.h \
	%D%/notes.c %D%/notes.h \
	%D%/pages.c %D%/pages.h \
	%D%/path_notes.c %D%/path_notes.h \
	%D%/paths.c %D%/paths.h \
	%D%/peaks.c %D%/peaks.h \
	%D%/phases.c %D%/phases.h \
	%D%/pids.c %D%/pids.h \
	%D%/placement.c %D%/placement.h \
	%D%/procfs.c %D%/procfs.h \
	%D%/procfs_status.c \
	%D%/programs.c \
	%D%/rest.c %D%/rest.h \
	%D%/registers.c %D%/registers.h \
	%D%/scripts.c %D%/scripts.h \
	%D%/stacks.c %D%/stacks.h \
	%D%/stop.c %D%/stop.h \
	%D%/symbol_tables.c %D%/symbol_tables.h \
	%D%/symbols.c %D%/symbols.h \
	%D%/tasks.c %D%/tasks.h \
	%D%/tracer.c %D%/tracer.h \
	%D%/tracing.h \
	%D%/tree.c %D%/tree.h \
	%D%/unseen.c %D%/unseen.h \
	%D%/unwind.c %D%/unwind.h \
	%D%/unwind_code.c %D%/unwind_code.h \
	%D%/unwind_i386.c %D%/unwind_i386.h \
	%D%/unwind_table.c %D%/unwind_table.h \
	%D%/use.c %D%/use.h \
	%D%/wait.c %D%/wait.h \
	%D%/walk.c %D%/walk.h \
	%D%/watch.c %D%/watch.h
