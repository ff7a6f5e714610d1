# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that the Python tests use; no tests of their own. And what the emitters' tests keep: the
# golden files, and the kernel's bpf_asm, which they build once.
TEST_TOOLS = %D%/argspec_rows %D%/emit_policy
EXTRA_PROGRAMS = $(TEST_TOOLS)
check_DATA += $(TEST_TOOLS:%=%$(EXEEXT))
%C%_argspec_rows_SOURCES = %D%/argspec_rows.c
%C%_emit_policy_SOURCES = %D%/emit_policy.c
EXTRA_DIST += $(wildcard $(srcdir)/tests/golden/*)
CLEANFILES += $(EXTRA_PROGRAMS) tests/bpf_asm/*
