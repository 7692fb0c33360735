#!/bin/sh
# Install Debian packages, as root or by sudo; where that cannot be, say plainly what is missing.
# Usage: tools/apt.sh PACKAGE...
set -eu
if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: please install: $* (no apt-get on this machine)" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as="sudo"
else
    echo "setup: missing Debian packages; please run as root: apt-get install --no-install-recommends $*" >&2
    exit 1
fi
echo "setup: apt-get install $*"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! {
    $as apt-get update &&
    $as env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
} >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "setup: apt-get could not install: $*" >&2
    exit 1
fi
