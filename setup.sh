#!/bin/sh
# Gets this folder ready; `make` calls it. Running it again is cheap and mends what is missing.
#
#   sh setup.sh run      .venv with what the page and the command line need, and the system's synthesizer
#   sh setup.sh dev      the same, and the checkers, those of the JavaScript too (in node_modules)
#   sh setup.sh browser  finds, or installs, a Chromium for the page's tests; its path is all that standard output gets
#
# Environment: MOTIF_TORCH_INDEX  a pip index to take torch from (PyPI's torch for Linux brings several GB of CUDA)
#              MOTIF_SOUNDFONT    a SoundFont to play with
#              MOTIF_CHROMIUM     a Chromium or Chrome for the page's tests
set -eu
CDPATH='' cd -- "$(dirname -- "$0")"

venv=.venv
python=$venv/bin/python
stamp=$venv/.motif-setup

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# --- the system's packages ---

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_be_root() {
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

# Installs Debian packages when that can be done without asking for a password.
apt_install() {
    { command -v apt-get >/dev/null && may_be_root; } || return 1
    say "Installing with apt: $*"
    as_root apt-get update >&2 || say "apt-get update failed; trying with the lists that are there."
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@" >&2 # a new machine may be updating
}

# The command that a person would type for these Debian packages.
apt_hint() { printf 'sudo apt-get install --no-install-recommends %s' "$*"; }

# --- Python ---

# A name on PATH is not enough: a version manager's stand-in may be there with nothing behind it.
find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

venv_works() {
    "$python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_venv() {
    base=$(find_python) || die "Motif needs Python 3.11 or newer and found none on PATH. Install one" \
        "(Debian 12, Ubuntu 24.04: sudo apt-get install python3 python3-venv; macOS: brew install python@3.13)" \
        "and run the same command again."
    if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then # Debian and Ubuntu keep these in a package of their own
        package=$("$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        apt_install "$package" || die "$base cannot make virtual environments: its venv module is missing." \
            "Type '$(apt_hint "$package")' and run the same command again."
    fi
    say "Making $venv with $base"
    "$base" -m venv --clear "$venv"
}

pip_install() {
    "$python" -m pip install "$@" || die "pip could not install Motif's packages; its reason stands above." \
        "Run the same command again when that is mended: it goes on where it stopped."
}

install_packages() { # $1: "." or ".[dev]"
    if [ -n "${MOTIF_TORCH_INDEX:-}" ]; then
        pip_install --index-url "$MOTIF_TORCH_INDEX" --no-deps "$(grep '^torch==' constraints.txt)"
    fi
    pip_install --constraint constraints.txt --editable "$1"
}

# --- the checkers of the page's JavaScript ---

has_node() {
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1
}

install_javascript_checkers() {
    has_node || die "Checking the page's JavaScript needs Node.js 20 or newer with npm, which the page itself does not:" \
        "install it (Debian 13, Ubuntu 25.04: sudo apt-get install nodejs npm; macOS: brew install node)" \
        "and run the same command again."
    npm ci --no-audit --no-fund >&2 || die "npm could not install the checkers; its reason stands above."
}

# What .venv depends on; the folder is in it because an editable install holds its path.
fingerprint() {
    { cat pyproject.toml constraints.txt setup.sh package-lock.json && pwd; } | cksum
}

# --- sound ---

has_synthesizer() {
    "$python" -c 'import fluidsynth' >/dev/null 2>&1 # pyfluidsynth, which looks for the library when it is imported
}

has_soundfont() {
    for font in "${MOTIF_SOUNDFONT:-}" soundfonts/*.sf[23] /usr/share/sounds/sf[23]/*.sf[23]; do
        [ -f "$font" ] && return
    done
    return 1
}

missing_sound() {
    has_synthesizer || printf 'fluidsynth '
    has_soundfont || [ "$(uname)" = Darwin ] || printf 'fluidr3mono-gm-soundfont' # Homebrew has no SoundFont
}

install_sound() {
    missing=$(missing_sound)
    [ -n "$missing" ] || return 0
    # What fails here is told by report_sound: all that needs no sound still works.
    if command -v apt-get >/dev/null; then
        # shellcheck disable=SC2086 # names of packages, one word each
        apt_install $missing || true
    elif command -v brew >/dev/null; then
        brew install fluid-synth >&2 || true
    fi
}

report_sound() {
    case $(missing_sound) in
    '') return ;;
    fluidsynth*) lack="No sound yet (all else works): FluidSynth is missing." ;;
    *) lack="Playing with a small SoundFont: no better one is installed." ;;
    esac
    if command -v apt-get >/dev/null; then
        say "$lack Type '$(apt_hint fluidsynth fluidr3mono-gm-soundfont)'."
    elif command -v brew >/dev/null; then
        say "$lack Type 'brew install fluid-synth'."
    else
        say "$lack Install FluidSynth and a General MIDI SoundFont with your system's package manager."
    fi
}

# --- the browser of the page's tests ---

find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        if "$name" --version >/dev/null 2>&1; then # Ubuntu's chromium-browser may be an empty shell
            command -v "$name"
            return
        fi
    done
    return 1
}

browser() {
    if [ -n "${MOTIF_CHROMIUM:-}" ]; then
        [ -x "$MOTIF_CHROMIUM" ] || die "MOTIF_CHROMIUM is '$MOTIF_CHROMIUM', which is not a program." \
            "Point it at a Chromium or Chrome, for example /usr/bin/chromium."
        printf '%s\n' "$MOTIF_CHROMIUM"
    elif ! find_browser; then
        { apt_install chromium && find_browser; } || die "The page's tests need Chromium or Chrome:" \
            "install one, or set MOTIF_CHROMIUM to its path (Debian: $(apt_hint chromium))."
    fi
}

# --- the three ways to call this ---

setup() { # $1: run or dev
    now=$(fingerprint)
    # `dev` holds all that `run` needs, so going from one to the other and back installs nothing.
    case "$(cat "$stamp" 2>/dev/null || true)" in
    "$1 $now" | "dev $now")
        if venv_works && { [ "$1" = run ] || [ -d node_modules ]; }; then
            report_sound
            return
        fi
        ;;
    esac
    rm -f "$stamp"
    venv_works || make_venv
    case $1 in
    run) install_packages . ;;
    dev)
        install_packages '.[dev]'
        install_javascript_checkers
        ;;
    esac
    install_sound
    report_sound
    printf '%s %s\n' "$1" "$now" >"$stamp"
}

case ${1:-run} in
run | dev) setup "${1:-run}" ;;
browser) browser ;;
*) die "setup.sh knows run, dev and browser, not '$1'." ;;
esac
