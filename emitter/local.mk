# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libemitter.a
libemitter_a_SOURCES = \
	%D%/alternatives.h \
	%D%/apparmor.c \
	%D%/assemble.c %D%/assemble.h \
	%D%/bpf.c \
	%D%/bpf_asm.c \
	%D%/by_libseccomp.c \
	%D%/by_list.c \
	%D%/call_names.c %D%/call_names.h \
	%D%/choices.c %D%/choices.h \
	%D%/emitters.c %D%/emitters.h \
	%D%/filter.c %D%/filter.h \
	%D%/filter_text.c %D%/filter_text.h \
	%D%/firejail.c \
	%D%/formats.c %D%/formats.h \
	%D%/graph.c %D%/graph.h \
	%D%/keys.c %D%/keys.h \
	%D%/landlock.c \
	%D%/landlockconfig.c \
	%D%/layout.c %D%/layout.h \
	%D%/libseccomp.c %D%/libseccomp_limits.h \
	%D%/minijail.c \
	%D%/names.c \
	%D%/oci.c \
	%D%/plan.c %D%/plan.h \
	%D%/quote.c %D%/quote.h \
	%D%/rlimits.c \
	%D%/ruled_out.c %D%/ruled_out.h \
	%D%/seccomp_rules.c %D%/seccomp_rules.h \
	%D%/segments.c %D%/segments.h \
	%D%/simulate.c %D%/simulate.h \
	%D%/systemd.c \
	%D%/systemd_calls.c \
	%D%/systemd_devices.h \
	%D%/systemd_directives.c %D%/systemd_directives.h \
	%D%/systemd_groups.c %D%/systemd_groups.h \
	%D%/systemd_network.c \
	%D%/systemd_obstacles.c %D%/systemd_obstacles.h %D%/systemd_obstacles_files.c \
	%D%/systemd_paths.c %D%/systemd_paths.h \
	%D%/systemd_values.c %D%/systemd_writers.h \
	%D%/systemd_view.c %D%/systemd_view.h \
	%D%/tuning.c %D%/tuning.h \
	%D%/word.c %D%/word.h
