#!/bin/sh
# All checks that run no code of the platform; every one is run, then the exit status tells whether all passed.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
status=0
check() {
    echo "check: $*"
    "$@" </dev/null || status=1
}
check ruff check .
check ruff format --check .
check mypy
check lint-imports --config setup.cfg --cache-dir .cache/import-linter
check tools/lint.sh
[ $status = 0 ] && echo "check: all passed" || echo "check: FAILED" >&2
exit $status
