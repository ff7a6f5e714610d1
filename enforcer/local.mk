# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libenforcer.a
libenforcer_a_SOURCES = \
	%D%/confine_capabilities.c %D%/confine_capabilities.h \
	%D%/confine_files.c %D%/confine_files.h \
	%D%/confine_limits.c %D%/confine_limits.h \
	%D%/enforcer.c %D%/enforcer.h
