# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libbase.a libsysdb.a libelf_reader.a libprofile.a libpolicy.a

libbase_a_SOURCES = \
	%D%/base/bytes.c %D%/base/bytes.h \
	%D%/base/cleanup.h \
	%D%/base/diag.c %D%/base/diag.h \
	%D%/base/file.c %D%/base/file.h \
	%D%/base/map.c %D%/base/map.h \
	%D%/base/parse.c %D%/base/parse.h \
	%D%/base/path.c %D%/base/path.h \
	%D%/base/spawn.c %D%/base/spawn.h

libsysdb_a_SOURCES = \
	%D%/sysdb/argnames.h \
	%D%/sysdb/argnames_files.c %D%/sysdb/argnames_kernel.c %D%/sysdb/argnames_memory.c \
	%D%/sysdb/argnames_network.c %D%/sysdb/argnames_process.c \
	%D%/sysdb/argnames_sockets.c \
	%D%/sysdb/argspec_text.c %D%/sysdb/argspecs.c %D%/sysdb/argspecs.h \
	%D%/sysdb/arity.c %D%/sysdb/arity.h \
	%D%/sysdb/capabilities.c %D%/sysdb/capabilities.h \
	%D%/sysdb/effects.c %D%/sysdb/effects.h \
	%D%/sysdb/ioctls.c %D%/sysdb/ioctls.h \
	%D%/sysdb/landlock.c %D%/sysdb/landlock.h \
	%D%/sysdb/milestones.c %D%/sysdb/milestones.h \
	%D%/sysdb/modes.c %D%/sysdb/modes.h \
	%D%/sysdb/names.c %D%/sysdb/names.h \
	%D%/sysdb/path_uses.c %D%/sysdb/path_uses.h \
	%D%/sysdb/phase.c %D%/sysdb/phase.h \
	%D%/sysdb/rlimits.c %D%/sysdb/rlimits.h \
	%D%/sysdb/syscalls.c %D%/sysdb/syscalls.h %D%/sysdb/syscalls.tbl \
	%D%/event/event.h
nodist_libsysdb_a_SOURCES = %D%/sysdb/ioctl_names.c

# The names of ioctl requests are those of the headers that learn is built with.
%D%/sysdb/ioctl_names.c: %D%/sysdb/ioctl_names.sh
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(SHELL) $(srcdir)/%D%/sysdb/ioctl_names.sh \
		$(CC) $(CPPFLAGS) $(filter -m% -I% --sysroot%,$(CFLAGS)) >$@.new && mv $@.new $@
CLEANFILES += %D%/sysdb/ioctl_names.c %D%/sysdb/ioctl_names.c.new
EXTRA_DIST += %D%/sysdb/ioctl_names.sh

libelf_reader_a_SOURCES = \
	%D%/elf/cfi.c %D%/elf/cfi.h \
	%D%/elf/cfi_rules.c %D%/elf/cfi_rules.h \
	%D%/elf/eh_frame.c %D%/elf/eh_frame.h \
	%D%/elf/eh_record.c %D%/elf/eh_record.h \
	%D%/elf/elf_file.c %D%/elf/elf_file.h \
	%D%/elf/object.c %D%/elf/object.h \
	%D%/elf/x86.c %D%/elf/x86.h \
	%D%/elf/x86_called.c %D%/elf/x86_called.h \
	%D%/elf/x86_decode.c %D%/elf/x86_decode.h \
	%D%/elf/x86_flow.c %D%/elf/x86_flow.h \
	%D%/elf/x86_frame.h \
	%D%/elf/x86_return.c %D%/elf/x86_return.h

libprofile_a_SOURCES = \
	%D%/profile/call.c \
	%D%/profile/decisions.c \
	%D%/profile/document.c %D%/profile/document.h \
	%D%/profile/file.c %D%/profile/file.h \
	%D%/profile/merge.c \
	%D%/profile/profile.c %D%/profile/profile.h \
	%D%/profile/read.c \
	%D%/profile/read_phase.c %D%/profile/read_phase.h \
	%D%/profile/runs.c %D%/profile/runs.h \
	%D%/profile/scan.c %D%/profile/scan.h \
	%D%/profile/write.c \
	%D%/profile/write_phase.c

libpolicy_a_SOURCES = \
	%D%/policy/action.c \
	%D%/policy/decide.c \
	%D%/policy/life.c \
	%D%/policy/order.c \
	%D%/policy/policy.c %D%/policy/policy.h
