# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libemitter.a
libemitter_a_SOURCES = \
	%D%/apparmor.c \
	%D%/assemble.c %D%/assemble.h \
	%D%/bpf.c \
	%D%/bpf_asm.c \
	%D%/call_names.c %D%/call_names.h \
	%D%/choices.c %D%/choices.h \
	%D%/emitters.c %D%/emitters.h \
	%D%/filter.c %D%/filter.h \
	%D%/firejail.c \
	%D%/formats.c %D%/formats.h \
	%D%/graph.c %D%/graph.h \
	%D%/keys.c %D%/keys.h \
	%D%/landlock.c \
	%D%/landlockconfig.c \
	%D%/layout.c %D%/layout.h \
	%D%/libseccomp.c \
	%D%/minijail.c \
	%D%/names.c \
	%D%/oci.c \
	%D%/plan.c %D%/plan.h \
	%D%/quote.c %D%/quote.h \
	%D%/rlimits.c \
	%D%/ruled_out.c %D%/ruled_out.h \
	%D%/seccomp_rules.c %D%/seccomp_rules.h \
	%D%/segments.c %D%/segments.h \
	%D%/systemd.c \
	%D%/systemd_directives.c %D%/systemd_directives.h \
	%D%/systemd_groups.c %D%/systemd_groups.h \
	%D%/systemd_paths.c %D%/systemd_paths.h \
	%D%/word.c %D%/word.h
