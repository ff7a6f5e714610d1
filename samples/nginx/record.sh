#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the files of this sample anew: records nginx, then emits every format from the profile.
#
# usage: record.sh [OUTPUT-DIRECTORY [SERVER-DIRECTORY [PORT]]]
#
# LEARN is the learn to use; the one built at the top of the checkout when unset.

set -eu
sample=$(cd "$(dirname "$0")" && pwd)
output=$(cd "${1:-$sample}" && pwd)
LEARN=${LEARN:-$(cd "$sample/../.." && pwd)/learn}
export LEARN

rm -f "$output/nginx.profile"
"$sample/serve.sh" "${2:-/srv/learn-nginx}" "${3:-8088}" "$LEARN" -q -o "$output/nginx.profile" --
"$sample/emit.sh" "$output"
