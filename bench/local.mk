# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += %D%/overhead %D%/onestop.c %D%/tracees %D%/filters %D%/refine
