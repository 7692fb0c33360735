#!/bin/sh
# The whole suite on SQLite, then all that meets a database on PostgreSQL. Arguments go on to pytest. Fails when either fails.
set -u
cd "$(dirname "$0")/.."
# Tests start many processes: each would compile the whole platform anew where no bytecode may be kept.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$PWD/.cache/bytecode"
status=0
for db in sqlite postgresql; do
    echo "test: on $db"
    .venv/bin/python -m pytest --db "$db" -n "${WORKERS:-2}" --dist worksteal "$@" </dev/null || status=1
done
exit $status
