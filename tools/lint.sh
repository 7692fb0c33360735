#!/bin/sh
# Rules of the house that no linter knows. A line that must break one says `lint: ok` and why.
set -u
cd "$(dirname "$0")/.."
status=0

rule() { # WHAT PATTERN SUFFIX PLACE...: no line of these files may match
    what=$1 pattern=$2 suffix=$3
    shift 3
    places=""
    for place in "$@"; do [ -e "$place" ] && places="$places $place"; done
    [ -n "$places" ] || return 0
    # shellcheck disable=SC2086
    found=$(grep -rnE --include="*.$suffix" -e "$pattern" $places | grep -v -e 'lint: ok' -e '^services/transaction\.py:[0-9]*:.*commit(')
    if [ -n "$found" ]; then
        printf 'lint: %s\n%s\n' "$what" "$found" >&2
        status=1
    fi
}

code="app blueprints forms services models certificates"
# shellcheck disable=SC2086
{
    rule "a form never fills a row by itself" 'populate_obj' py $code
    rule "no unpacking of what was sent" '\*\*[[:space:]]*\(?request\.' py $code
    rule "\\d and isdigit() take digits of every script: write [0-9]" '\\d|\.is(digit|numeric)\(' py $code
    rule "only services/transaction.py commits" '\.commit\(' py $code
}
rule "nothing is let through unescaped" '\|[[:space:]]*safe([^a-z_]|$)|autoescape[[:space:]]+false' html app/templates
rule "no style attribute (CSP)" '[[:space:]]style[[:space:]]*=[[:space:]]*["'"'"']' html app/templates
rule "no script in attributes (CSP)" '[[:space:]]on[a-z]+[[:space:]]*=[[:space:]]*["'"'"']|hx-on|javascript:' html app/templates
rule "no inline script (CSP)" '<script[^>]*>[^<]*[^<[:space:]]|<script>|<script [^>]*$' html app/templates
rule "no inline style sheet (CSP)" '<style' html app/templates
rule "nothing is fetched from elsewhere" '(src|<link[^>]*href)[[:space:]]*=[[:space:]]*["'"'"'](https?:)?//' html app/templates
exit $status
