# SPDX-License-Identifier: GPL-3.0-or-later
# Each fuzz target is also a program that replays its corpus in `make check`. With
# `configure CC=clang --enable-fuzzers` the same sources are built against libFuzzer:
#	tests/fuzz/fuzz_profile_long -close_fd_mask=2 CORPUS
check_PROGRAMS += %D%/fuzz_elf %D%/fuzz_import %D%/fuzz_profile %D%/fuzz_unit
%C%_fuzz_elf_SOURCES = %D%/fuzz_elf.c %D%/replay.h
EXTRA_DIST += $(wildcard $(srcdir)/%D%/corpus-elf/*)
%C%_fuzz_import_SOURCES = %D%/fuzz_import.c %D%/replay.h
EXTRA_DIST += $(wildcard $(srcdir)/%D%/corpus-import/*)
%C%_fuzz_profile_SOURCES = %D%/fuzz_profile.c %D%/replay.h
EXTRA_DIST += $(wildcard $(srcdir)/%D%/corpus-profile/*)
%C%_fuzz_unit_SOURCES = %D%/fuzz_unit.c %D%/replay.h
EXTRA_DIST += $(wildcard $(srcdir)/%D%/corpus-unit/*)

noinst_PROGRAMS =
if FUZZERS
AM_CFLAGS += -fsanitize=fuzzer-no-link
noinst_PROGRAMS += %D%/fuzz_elf_long %D%/fuzz_import_long %D%/fuzz_profile_long %D%/fuzz_unit_long
%C%_fuzz_elf_long_SOURCES = %D%/fuzz_elf.c
%C%_fuzz_elf_long_CFLAGS = $(AM_CFLAGS) -DFUZZING
%C%_fuzz_elf_long_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
%C%_fuzz_import_long_SOURCES = %D%/fuzz_import.c
%C%_fuzz_import_long_CFLAGS = $(AM_CFLAGS) -DFUZZING
%C%_fuzz_import_long_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
%C%_fuzz_profile_long_SOURCES = %D%/fuzz_profile.c
%C%_fuzz_profile_long_CFLAGS = $(AM_CFLAGS) -DFUZZING
%C%_fuzz_profile_long_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
%C%_fuzz_unit_long_SOURCES = %D%/fuzz_unit.c
%C%_fuzz_unit_long_CFLAGS = $(AM_CFLAGS) -DFUZZING
%C%_fuzz_unit_long_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif
