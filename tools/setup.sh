#!/bin/sh
# From a bare machine (Python 3.11 or later, make) to all that `make run` needs; with --dev also what tests and
# checks need. Safe to repeat: each step keeps a stamp with the hash of its lock and is skipped while that agrees.
set -eu
cd "$(dirname "$0")/.."
VENV=.venv
FONTS=${FONTS_DIR:-${INSTANCE_DIR:-instance}/fonts}
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { echo "setup: $*"; }
fingerprint() { cat "$@" | cksum_of; }
cksum_of() { sha256sum | cut -d' ' -f1; }
stamped() { [ "$(cat "$VENV/stamp-$1" 2>/dev/null)" = "$2" ]; }
stamp() { echo "$2" >"$VENV/stamp-$1"; }

python_of_age() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "setup: Python 3.11 or later is needed, and none was found" >&2
    return 1
}

make_venv() {
    if "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
    python=$(python_of_age)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || tools/apt.sh python3-venv
    say "virtual environment in $VENV ($("$python" --version))"
    "$python" -m venv --clear "$VENV"
}

install_locked() { # NAME: what NAME.lock says, nothing else
    say "packages of $1.lock"
    "$VENV/bin/python" -m pip install -qq --no-deps --require-hashes -r "$1.lock" </dev/null
}

install_packages() {
    main=$(fingerprint requirements.lock)
    dev=$(fingerprint requirements.lock dev.lock)
    if [ "${1:-}" = --dev ]; then
        stamped dev "$dev" && return
        install_locked dev # holds the main lock as well, version for version
        stamp dev "$dev"
        stamp main "$main"
    else
        stamped main "$main" && return
        install_locked requirements
        stamp main "$main"
    fi
}

install_assets() {
    assets=$(fingerprint package.json package-lock.json tools/assets.sh)
    if stamped assets "$assets" && [ -e app/static/vendor/htmx.min.js ]; then return; fi
    tools/assets.sh
    stamp assets "$assets"
}

compile_translations() {
    for po in app/translations/*/LC_MESSAGES/*.po; do
        [ -e "$po" ] || continue
        mo=${po%.po}.mo
        if [ -e "$mo" ] && [ ! "$po" -nt "$mo" ]; then continue; fi
        say "translation $mo"
        "$VENV/bin/pybabel" --quiet compile -i "$po" -o "$mo"
    done
}

make_fonts() { # the fonts of paper, 10 to 20 s once, beside what follows; what draws before they are there waits
    fonts=$(fingerprint requirements.lock certificates/fonts.py certificates/outlines.py)
    if stamped fonts "$fonts" && [ -d "$FONTS" ]; then return; fi
    say "fonts of certificates in $FONTS"
    "$VENV/bin/python" -m certificates.fonts "$FONTS" </dev/null && stamp fonts "$fonts"
}

# The stamps speak for the environment; only without any is it asked whether it works.
[ -e "$VENV/stamp-main" ] && [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c '' 2>/dev/null || make_venv
install_packages "${1:-}"
make_fonts &
fonts_job=$!
install_assets
compile_translations
wait "$fonts_job"
