#!/bin/sh
# The browser of the tests: Debian's Chromium, and the library that Playwright's driver needs.
set -eu
cd "$(dirname "$0")/.."
missing=""
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing="chromium"
# shellcheck disable=SC2144
if ! ls /usr/lib/*/libatomic.so.1 /usr/lib/libatomic.so.1 /lib64/libatomic.so.1 2>/dev/null | grep -q .; then
    missing="$missing libatomic1"
fi
# shellcheck disable=SC2086
[ -z "$missing" ] || tools/apt.sh $missing
