# SPDX-License-Identifier: GPL-3.0-or-later

# ---- the traced programs: tests/targets/NAME.c, one behaviour each ----
# Built without sanitizers, whatever learn is built with: a leak check cannot run under ptrace.
TARGETS = \
	arguments bystanders call call-sites clone-parent cpus crowd daemon environment exec-chain \
	exec-thread fds fork hostile ignored int80 interrupted invariants killed many namespace-init \
	no-clone3 no-vdso odd-calls own-filter own-text paths posix-spawn restart service \
	signals status stop \
	threads timer two-stage untraced use vfork
TARGETS += careless counter debugger flips hogs some-calls
TARGET_BINARIES = $(TARGETS:%=%D%/targets/bin/%)
TARGET_CFLAGS = -std=gnu11 $(filter -W%,$(LEARN_CFLAGS)) $(filter-out -fsanitize%,$(CFLAGS))

%D%/targets/bin/%: %D%/targets/%.c %D%/targets/target.h
	@$(MKDIR_P) $(@D)
	$(AM_V_CC)$(CC) -D_GNU_SOURCE $(CPPFLAGS) $(TARGET_CFLAGS) -o $@ $< \
		$(filter-out -fsanitize%,$(LDFLAGS)) -pthread

check_DATA = $(TARGET_BINARIES)
CLEANFILES += $(TARGET_BINARIES)

# ---- the suite ----
AM_TESTS_ENVIRONMENT = \
	LEARN='$(abs_builddir)/learn$(EXEEXT)' SRCDIR='$(abs_srcdir)' BUILDDIR='$(abs_builddir)' \
	PYTHON3='$(PYTHON3)' CC='$(CC)'; \
	export LEARN SRCDIR BUILDDIR PYTHON3 CC;

TESTS = $(check_PROGRAMS) %D%/run-pytest
EXTRA_DIST += %D%/run-pytest %D%/pytest.ini %D%/golden \
	$(wildcard $(srcdir)/%D%/*.py) $(wildcard $(srcdir)/%D%/targets/*.[ch])

# Programs of the libraries' own tests link with everything.
LDADD = libtracer.a libimporter.a liblearner.a libemitter.a libenforcer.a librefiner.a \
	libservice.a libprofile.a libpolicy.a libelf_reader.a libsysdb.a libbase.a \
	$(JANSSON_LIBS) $(SECCOMP_LIBS) $(UNWIND_LIBS) $(ELF_LIBS) $(CAP_LIBS)

# The tests too slow for every change, too.
check-long:
	$(MAKE) $(AM_MAKEFLAGS) check PYTEST_MARKS='long or not long'
.PHONY: check-long

include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/tools/local.mk
