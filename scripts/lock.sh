#!/bin/sh
# Writes requirements.lock (what runs) and requirements-dev.lock (that, and what tests it) from pyproject.toml.
#
#   scripts/lock.sh [--upgrade]      without --upgrade, versions already locked stay
#
# uv resolves once for every Python from 3.11 on and every kind of processor; it is only the generator, pip
# reads the result. The files hold names, versions, markers and sha256 hashes and name no server: any mirror
# with the same files will do. The build backend is locked too, so that installing the project itself asks
# the network for nothing.
set -eu
cd "$(dirname "$0")/.."
upgrade=${1:-}
case $upgrade in
    '' | --upgrade) ;;
    *) echo "lock.sh: found '$upgrade', expected nothing or --upgrade" >&2; exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check uv

# The backend named by pyproject.toml's build-system, and what it needs for an editable install.
printf 'hatchling>=1.27\neditables>=0.5\n' > "$work/build.in"

# lock FILE ARG...: resolves pyproject.toml with uv's further arguments into FILE.
lock() {
    file=$1
    shift
    # uv keeps the versions that it finds in its output file.
    if [ -f "$file" ]; then cp "$file" "$work/$file"; fi
    "$work/venv/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 \
        --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
        ${upgrade:+"$upgrade"} --output-file "$work/$file" pyproject.toml "$work/build.in" "$@" >/dev/null
    {
        echo "# Written by 'make lock' from pyproject.toml; not to be edited by hand."
        grep -v '^#' "$work/$file"
    } > "$file"
    echo "$file: $(grep -c '==' "$file") packages"
}

lock requirements.lock
lock requirements-dev.lock --extra dev --constraint requirements.lock
