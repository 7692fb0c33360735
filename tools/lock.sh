#!/bin/sh
# Write the three Python locks anew from their .in files: all versions, all hashes, no addresses.
# Needs uv (pip install uv). With --upgrade the unpinned packages move, too.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-uv}
for name in requirements dev node; do
    "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header "$@" "$name.in" -o "$name.lock"
    echo "lock: $name.lock"
done
