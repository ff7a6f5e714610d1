# SPDX-License-Identifier: GPL-3.0-or-later
# Each fuzz target is also a program that replays its corpus in `make check`. --enable-fuzzers
# (with CC=clang) builds the same sources against libFuzzer:
#	./fuzz_profile_fuzzer tests/fuzz/corpus-profile
check_PROGRAMS += %D%/fuzz_profile
%C%_fuzz_profile_SOURCES = %D%/fuzz_profile.c
EXTRA_DIST += $(wildcard $(srcdir)/%D%/corpus-profile/*)

if FUZZERS
noinst_PROGRAMS += %D%/fuzz_profile_fuzzer
%C%_fuzz_profile_fuzzer_SOURCES = %D%/fuzz_profile.c
%C%_fuzz_profile_fuzzer_CFLAGS = $(AM_CFLAGS) -DFUZZING -fsanitize=fuzzer
%C%_fuzz_profile_fuzzer_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif
