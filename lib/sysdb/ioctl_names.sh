#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes the names of ioctl requests that the compiler's kernel headers define, as C, to stdout:
# ioctl_names.sh COMPILER [FLAG...]
#
# Each header is asked for its macros, and the compiler for their values: in assembly, so that it
# may be one for another machine. What does not compile here is left out. Of several names for a
# number the first in this order counts, and the others are understood: terminals, generic files
# and sockets, then the headers in byte order, then the names in byte order. Of DRM, whose headers
# may come with libdrm, those that all drivers have: each driver gives its own the same numbers.

set -eu
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cc=$1
shift

# The directories that <linux/...> and <asm/...> are found in.
for header in linux/ioctl.h asm/ioctls.h; do
	printf '#include <%s>\n' $header | "$cc" "$@" -M -x c - | tr -s ' \\' '\n\n' |
		sed -n "s|/$header\$||p"
done | sort -u >"$work/directories"

# Headers that may hold requests, in the order of preference.
families='TC|TIOC|FIO|SIOC|KD|GIO|PIO|VT_|HDIO|CDROM|DVD|LOOP|SG_|SCSI_IOCTL|LP|FBIO'
signs="_S?IO[CRW]*[[:blank:]]*\\(|^#[[:blank:]]*define[[:blank:]]+($families)"
{
	printf '%s\n' asm/ioctls.h asm-generic/ioctls.h linux/fs.h asm/sockios.h \
		asm-generic/sockios.h linux/sockios.h linux/kd.h linux/vt.h linux/random.h \
		linux/loop.h linux/cdrom.h drm/drm.h libdrm/drm.h
	while read -r directory; do
		(cd "$directory" && for part in asm linux misc mtd rdma scsi sound video xen; do
			[ ! -d $part ] || find -H $part -name '*.h' -type f
		done) | sort
	done <"$work/directories"
} | awk '!seen[$0]++' | while read -r header; do
	while read -r directory; do
		file=$directory/$header
		if [ -f "$file" ] && grep -qE "$signs" "$file"; then
			echo "$header"
			break
		fi
	done <"$work/directories"
done >"$work/headers"

# Macros of old families that are plain numbers: HEADER PATTERN.
cat >"$work/families" <<-'END'
	asm/ioctls.h ^(TC[A-Z]|TIOC[A-Z]|FIO)
	asm-generic/ioctls.h ^(TC[A-Z]|TIOC[A-Z]|FIO)
	asm/sockios.h ^(FIO|SIOC)
	asm-generic/sockios.h ^(FIO|SIOC)
	linux/sockios.h ^SIOC[A-Z]
	linux/wireless.h ^SIOC[SG]IW[A-Z]
	linux/kd.h ^(KD|GIO_|PIO_)
	linux/vt.h ^VT_[A-Z]+$
	linux/cdrom.h ^(CDROM[A-Z_]+|DVD_(READ_STRUCT|WRITE_STRUCT|AUTH))$
	linux/hdreg.h ^HDIO_
	linux/loop.h ^LOOP_(SET|CLR|GET|CHANGE|CTL|CONFIGURE)
	linux/lp.h ^LP[A-Z]+$
	linux/fb.h ^FBIO
	scsi/sg.h ^SG_(SET|GET|EMULATED|SCSI_RESET|IO$|NEXT)
	scsi/scsi_ioctl.h ^SCSI_IOCTL_
END

# Of `cc -E -dM`: the macros that are requests. Those made by macros of other names (DRM_IOWR) are
# known by what these do. The old plain numbers have a byte for the family.
cat >"$work/requests.awk" <<-'END'
	BEGIN {
		while ((getline line < families) > 0) {
			split(line, part, " ")
			if (part[1] == header)
				family = part[2]
		}
	}
	/^#define [A-Za-z]/ {
		name = $2
		body = $0
		sub(/^#define [A-Za-z0-9_]+(\([^)]*\))?[ ]*/, "", body)
		if (name ~ /\(/) {
			sub(/\(.*/, "", name)
			maker[name] = body
		} else {
			object[name] = body
		}
	}
	function makes_request(text) {
		if (text ~ /(^|[^A-Za-z0-9_])_IO(R|W|WR|C)?(_BAD)?[ ]*\(/)
			return 1
		if (!match(text, /[A-Za-z_][A-Za-z0-9_]*[ ]*\(/))
			return 0
		text = substr(text, RSTART, RLENGTH)
		sub(/[ ]*\(/, "", text)
		return text in makers
	}
	function is_plain_request(name) {
		return family && name ~ family &&
			object[name] ~ /^\(?0x[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]+\)?$/
	}
	END {
		do { # makers by other makers, and other names of them
			more = 0
			for (name in maker)
				if (!(name in makers) && makes_request(maker[name]))
					more = makers[name] = 1
			for (name in object)
				if (!(name in makers) &&
				    (object[name] in makers || object[name] ~ /^_IO(R|W|WR)?$/))
					more = makers[name] = 1
		} while (more)
		for (name in object)
			if (!(name in makers) && (makes_request(object[name]) || is_plain_request(name)))
				print name
	}
END

# A file of questions in assembly, as the kernel's own kbuild.h asks them; a line each for the names
# in $work/names. In halves, which all machines take as operands.
ask() {
	cat <<-END
		#include <stddef.h>
		#include <stdint.h>
		#include <stdbool.h>
		#include <sys/types.h>
		#include <sys/socket.h>
		#include <time.h>
		#include <linux/types.h>
		#include <linux/fiemap.h>
		#include <asm/ioctl.h>
		#include <asm/termbits.h>
		#include <$1>
		#define ASK(name) __asm__ volatile(".ascii \"->" #name " %c0 %c1\"" :: \
			"i"((unsigned)(name) >> 16), "i"((unsigned)(name) & 0xffff));
		void requests(void)
		{
	END
	sed 's/.*/ASK(&)/' "$work/names"
	echo '}'
}

# Takes the names out that the compiler complained about. Fails when these are none.
drop_bad_names() {
	first=$(awk '/^void requests/ { print NR + 1 }' "$work/ask.c")
	sed -n 's|.*ask\.c:\([0-9]*\):.*|\1|p' "$work/errors" |
		awk -v first="$first" -v names="$work/names" '
		{ bad[$1 - first] = 1 }
		END {
			for (n = 1; (getline line < names) > 0; n++)
				if (!(n in bad))
					print line
		}' >"$work/fewer"
	! cmp -s "$work/names" "$work/fewer" && mv "$work/fewer" "$work/names"
}

# Lines "VALUE NAME" for the names in $work/names that header $1 gives a value.
values_of() {
	header=$1
	shift
	while [ -s "$work/names" ]; do
		ask "$header" >"$work/ask.c"
		if "$cc" "$@" -S -O1 -w -o "$work/ask.s" "$work/ask.c" 2>"$work/errors"; then
			sed -n 's/.*"->\(.*\) [$#]*\([0-9]*\) [$#]*\([0-9]*\)".*/\1 \2 \3/p' \
				"$work/ask.s" | awk '{ printf "%.0f %s\n", $2 * 65536 + $3, $1 }'
			break
		fi
		drop_bad_names || break
	done
}

while read -r header; do
	printf '#include <%s>\n' stddef.h linux/types.h asm/ioctl.h "$header" >"$work/header.c"
	"$cc" "$@" -E -dM "$work/header.c" 2>/dev/null | awk -v header="$header" \
		-v families="$work/families" -f "$work/requests.awk" | sort >"$work/names"
	values_of "$header" "$@"
done <"$work/headers" >"$work/values"

[ -s "$work/values" ] || {
	echo "ioctl_names.sh: the kernel's headers define no ioctl requests" >&2
	exit 1
}

cat <<-'END'
	/* SPDX-License-Identifier: GPL-3.0-or-later */
	/* The names of ioctl requests, made by ioctl_names.sh from the kernel's headers. */
	#include "sysdb/argnames.h"

	const struct arg_name ioctl_names[] = {
END
# By number; equal numbers stay in the order of preference. A name counts once, 0 is no request.
awk '$1 > 0 && !seen[$2]++ { printf "%s %d %s\n", $1, NR, $2 }' "$work/values" |
	sort -k1,1n -k2,2n | awk '{ printf "\t{ %su, \"%s\" },\n", $1, $3 }'
printf '\tNAMES_END,\n};\n'
