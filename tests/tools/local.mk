# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that the Python tests use; no tests of their own.
TEST_TOOLS = %D%/emit_policy
EXTRA_PROGRAMS = $(TEST_TOOLS)
check_DATA += $(TEST_TOOLS:%=%$(EXEEXT))
%C%_emit_policy_SOURCES = %D%/emit_policy.c
