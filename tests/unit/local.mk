# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += %D%/test_base %D%/test_cfi %D%/test_elf %D%/test_enforcer %D%/test_map \
	%D%/test_policy %D%/test_profile %D%/test_service %D%/test_refiner \
	%D%/test_x86_return %D%/test_unprivileged
%C%_test_base_SOURCES = %D%/test_base.c %D%/check.h
%C%_test_cfi_SOURCES = %D%/test_cfi.c %D%/check.h
%C%_test_elf_SOURCES = %D%/test_elf.c %D%/check.h
%C%_test_map_SOURCES = %D%/test_map.c %D%/check.h
%C%_test_profile_SOURCES = %D%/test_profile.c %D%/check.h
%C%_test_enforcer_SOURCES = %D%/test_enforcer.c %D%/check.h
%C%_test_policy_SOURCES = %D%/test_policy.c %D%/check.h
%C%_test_service_SOURCES = %D%/test_service.c %D%/check.h
%C%_test_unprivileged_SOURCES = %D%/test_unprivileged.c %D%/check.h
%C%_test_x86_return_SOURCES = %D%/test_x86_return.c %D%/check.h
%C%_test_refiner_SOURCES = %D%/test_refiner.c %D%/check.h
%C%_test_refiner_LDADD = librefiner.a libbase.a -lm
