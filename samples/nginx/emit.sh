#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Emits every format of this sample from nginx.profile.
#
# usage: emit.sh [DIRECTORY]
#
# DIRECTORY holds nginx.profile and gets the files; this one when not given. LEARN is the learn to
# use; the one built at the top of the checkout when unset.

set -eu
sample=$(cd "$(dirname "$0")" && pwd)
directory=$(cd "${1:-$sample}" && pwd)
learn=${LEARN:-$(cd "$sample/../.." && pwd)/learn}

while read -r file words; do
	case $file in ''|'#'*) continue ;; esac
	# shellcheck disable=SC2086
	"$learn" emit $words -o "$directory/$file" "$directory/nginx.profile"
done <"$sample/outputs"
