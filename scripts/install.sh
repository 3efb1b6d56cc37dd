#!/bin/sh
# Makes .venv with the command .venv/bin/threerings; with --dev also what checks and tests it.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/environment.sh"
case ${1:-} in
    '') prepare_venv run ;;
    --dev) prepare_venv dev ;;
    *) say "install.sh: found '$1', expected nothing or --dev"; exit 2 ;;
esac
