#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs nginx through what an administrator does to it: start, 200 requests, reload, stop.
#
# usage: serve.sh DIR PORT [PREFIX...]
#
# DIR is made, and removed at the end. nginx is started as `PREFIX... nginx ...`; its workers run
# as nobody. Prints how many of the requests were answered; exits with the status of PREFIX.

set -u
sample=$(cd "$(dirname "$0")" && pwd)
dir=${1:?DIR} port=${2:?PORT}
shift 2
PATH=$PATH:/usr/sbin

if [ "$(id -u)" != 0 ]; then
	echo "serve.sh: needs root, to run nginx's workers as another user" >&2
	exit 1
fi
umask 022
mkdir -m 755 "$dir" || exit 1
dir=$(cd "$dir" && pwd -P)
server=
cleanup() {
	[ -z "$server" ] || kill -KILL "$server" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT

mkdir "$dir/html" "$dir/log" "$dir/run"
seq 1 2000 >"$dir/html/numbers.txt"
echo '<p>It works.</p>' >"$dir/html/index.html"
sed "s|@DIR@|$dir|; s|@PORT@|$port|; s|@GROUP@|$(id -gn nobody)|" "$sample/nginx.conf.in" \
	>"$dir/nginx.conf"

# get PATH: true when the server answers it with status 200.
get() {
	local status
	{
		exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
		printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&3 || return 1
		status=$(head -n 1 <&3)
		exec 3>&-
	} 2>/dev/null
	case $status in *' 200 '*) return 0 ;; *) return 1 ;; esac
}

# until_true SECONDS COMMAND...: waits for the command to succeed.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		if [ $SECONDS -ge $end ] || ! kill -0 "$server" 2>/dev/null; then
			return 1
		fi
		sleep 0.05
	done
}

workers() { cat "/proc/$1/task/$1/children"; }

# reloaded MASTER WORKERS...: none of these workers is left, and there are two others.
reloaded() {
	local master=$1 worker
	shift
	for worker in "$@"; do
		kill -0 "$worker" 2>/dev/null && return 1
	done
	[ "$(workers "$master" | wc -w)" = 2 ]
}

cd "$dir" || exit 1
"$@" nginx -e "$dir/log/error.log" -p "$dir" -c "$dir/nginx.conf" -g 'daemon off;' </dev/null &
server=$!
if ! until_true 30 get /; then
	cat "$dir/log/error.log" >&2
	wait "$server"
	status=$?
	echo "serve.sh: nginx did not start (status $status)" >&2
	exit $((status ? status : 1))
fi

answered=0
for i in $(seq 1 100); do
	get / && answered=$((answered + 1))
	get /numbers.txt && answered=$((answered + 1))
	if [ "$i" = 50 ]; then
		master=$(cat "$dir/run/nginx.pid")
		# shellcheck disable=SC2046
		before=$(workers "$master")
		kill -HUP "$master"
		# shellcheck disable=SC2086
		until_true 30 reloaded "$master" $before || echo "serve.sh: no reload" >&2
	fi
done
get /absent && echo "serve.sh: an absent file was found" >&2

kill -QUIT "$master"
wait "$server"
status=$?
server=
echo "$answered requests answered"
exit $status
