#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the golden files of every case anew: tests/golden/update.sh [LEARN]
# Read the difference (git diff tests/golden) before it is committed.

set -e
learn=$(realpath "${1:-./learn}")
cd "$(dirname "$0")"

write()
{
	suffix=$1
	shift
	"$learn" emit "$@" -o "$case.$suffix" "$case.profile" 2>/dev/null
}

for profile in *.profile; do
	case=${profile%.profile}
	for format in apparmor bpf bpf_asm firejail landlock libseccomp minijail names oci systemd; do
		write $format $format
	done
	# Nothing is written of a policy that confines nothing of what the format has.
	rm -f "$case.landlockconfig"
	write landlockconfig landlockconfig || :
	write minijail-frequency minijail --as=frequency
	for format in landlock libseccomp; do
		write $format-main $format --main
	done
	for as in c prlimit sh; do
		write rlimits-$as rlimits --as=$as
	done
done
