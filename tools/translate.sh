#!/bin/sh
# Gather every sentence of the source and bring the English catalogue up to date; says how many still lack English.
set -eu
cd "$(dirname "$0")/.."
BABEL=${BABEL:-.venv/bin/pybabel}
"$BABEL" -q extract -F babel.cfg -k _ --no-location --sort-output -o app/translations/messages.pot .
if [ -e app/translations/en/LC_MESSAGES/messages.po ]; then
    "$BABEL" -q update -N --no-wrap -i app/translations/messages.pot -d app/translations -l en
else
    "$BABEL" -q init --no-wrap -i app/translations/messages.pot -d app/translations -l en
fi
"$BABEL" -q compile --statistics -d app/translations -l en 2>&1 | tail -1
