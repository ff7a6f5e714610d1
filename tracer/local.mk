# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libtracer.a
libtracer_a_SOURCES = \
	%D%/addresses.c %D%/addresses.h \
	%D%/attach.c %D%/attach.h \
	%D%/birth.c %D%/birth.h \
	%D%/control.c %D%/control.h \
	%D%/denials.c %D%/denials.h \
	%D%/ending.c %D%/ending.h \
	%D%/entry.c %D%/entry.h \
	%D%/exec.c %D%/exec.h \
	%D%/faults.c %D%/faults.h \
	%D%/guardian.c %D%/guardian.h \
	%D%/identity.c %D%/identity.h \
	%D%/interrupt.c %D%/interrupt.h \
	%D%/fields.c %D%/fields.h \
	%D%/launch.c %D%/launch.h \
	%D%/lookup.c %D%/lookup.h \
	%D%/memory.c %D%/memory.h \
	%D%/paths.c %D%/paths.h \
	%D%/peaks.c %D%/peaks.h \
	%D%/phases.c %D%/phases.h \
	%D%/placement.c %D%/placement.h \
	%D%/procfs.c %D%/procfs.h \
	%D%/programs.c \
	%D%/scripts.c %D%/scripts.h \
	%D%/stacks.c %D%/stacks.h \
	%D%/stop.c %D%/stop.h \
	%D%/symbols.c %D%/symbols.h \
	%D%/tasks.c %D%/tasks.h \
	%D%/tracer.c %D%/tracer.h \
	%D%/tracing.h \
	%D%/tree.c %D%/tree.h \
	%D%/unwind.c %D%/unwind.h \
	%D%/use.c %D%/use.h \
	%D%/wait.c %D%/wait.h \
	%D%/walk.c %D%/walk.h \
	%D%/watch.c %D%/watch.h
