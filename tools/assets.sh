#!/bin/sh
# Fetch the scripts that package-lock.json names and lay the few files the pages use into app/static/vendor/.
# Nothing of the fetched packages is run. Node comes from the machine, else from node.lock into the environment.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
if ! npm --version >/dev/null 2>&1; then
    echo "setup: packages of node.lock (this machine has no npm)"
    python -m pip install -qq --no-deps --require-hashes -r node.lock </dev/null
fi
echo "setup: scripts of package-lock.json"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null
vendor=app/static/vendor
mkdir -p "$vendor"
cp node_modules/htmx.org/dist/htmx.min.js "$vendor/htmx.min.js"
cp node_modules/htmx.org/LICENSE "$vendor/htmx.LICENSE"
cp node_modules/jsqr/dist/jsQR.js "$vendor/jsQR.js"
cp node_modules/jsqr/LICENSE "$vendor/jsQR.LICENSE"
