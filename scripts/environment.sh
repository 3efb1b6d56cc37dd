# Makes the virtual environment, and installs Debian packages where that is allowed. Sourced, POSIX sh.
#
# The caller sets root (the checkout, absolute). Afterwards venv names the virtual environment. The functions
# say what they do in one line on stderr, and nothing when there is nothing to do.

venv=$root/.venv
apt_lists_fresh=no

say() { printf 'threerings: %s\n' "$*" >&2; }

# stop MESSAGE: ends with status 3, "cannot reach a thing it needs".
stop() {
    say "$*"
    exit 3
}

# as_root COMMAND...: as root already, or by a sudo that asks for no password; fails where neither is so.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null 2>&1 && sudo -n "$@" 2>/dev/null
    fi
}

may_install() { command -v apt-get >/dev/null 2>&1 && as_root true; }

# why_not_installed: the reason in words, for a line or a table.
why_not_installed() {
    if ! command -v apt-get >/dev/null 2>&1; then
        echo 'no apt-get here'
    elif ! as_root true; then
        echo 'not root'
    else
        echo 'apt-get could not install it'
    fi
}

refresh_apt_lists() {
    if [ "$apt_lists_fresh" = no ]; then
        # A third-party source that does not answer must not stop an installation from Debian's own.
        as_root apt-get update -qq >/dev/null 2>&1 </dev/null || true
        apt_lists_fresh=yes
    fi
}

# apt_install PACKAGE...: installs them and says so; a non-zero status where that is not allowed or fails.
apt_install() {
    may_install || return 1
    refresh_apt_lists
    say "installing $* (apt-get)"
    apt_log=$(mktemp)
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$@" >"$apt_log" 2>&1 </dev/null; then
        rm -f "$apt_log"
    else
        tail -n 5 "$apt_log" >&2
        rm -f "$apt_log"
        return 1
    fi
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# find_python: sets python to an interpreter of 3.11 or newer; a non-zero status when there is none.
find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null 2>&1 && new_enough "$python"; then return 0; fi
    done
    return 1
}

# need_python: sets python, installing one where it is allowed and missing (Ubuntu 22.04's own is 3.10).
need_python() {
    if find_python; then return 0; fi
    if may_install; then
        refresh_apt_lists
        for version in 3.13 3.12 3.11; do
            if [ -n "$(apt-cache search --names-only "^python$version-venv\$")" ]; then
                apt_install "python$version-venv" && find_python && return 0
            fi
        done
    fi
    found=$(python3 --version 2>/dev/null || echo 'no python3')
    stop "Python: found $found, expected 3.11 or newer ($(why_not_installed))"
}

need_venv_module() {
    if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then return 0; fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    apt_install "$package" ||
        stop "$package is missing and cannot be installed ($(why_not_installed)): run 'apt-get install $package' as root"
}

# installed_key: changes with the locks, the project's own table, the place and the interpreter.
installed_key() {
    sum=$(cat "$root/requirements.lock" "$root/requirements-dev.lock" "$root/pyproject.toml" | sha256sum)
    echo "${sum%% *} $root $(readlink -f "$venv/bin/python" 2>/dev/null || true)"
}

create_venv() {
    need_python
    need_venv_module
    rm -rf "$venv"
    "$python" -m venv "$venv" || stop "could not make $venv with $python"
}

# is_installed run|dev: what is there was made from these very files, for that use or for more.
is_installed() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/.installed" ] || return 1
    key=$(installed_key)
    case $(cat "$venv/.installed") in
        "$key $1" | "$key dev") return 0 ;;
    esac
    return 1
}

# is_usable: an environment of this place and of a new enough Python. Scripts of a moved one point elsewhere.
is_usable() {
    [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" &&
        grep -qsF "$venv/bin/python" "$venv/bin/pip"
}

pip_install() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps "$@"
}

# install_venv run|dev: makes the environment where it is not usable, and installs what is locked.
install_venv() {
    case $1 in
        run) lock=requirements.lock ;;
        dev) lock=requirements-dev.lock ;;
    esac
    say "installing into .venv from $lock (once, about a minute)"
    is_usable || create_venv
    rm -f "$venv/.installed"
    pip_install --require-hashes -r "$root/$lock" &&
        pip_install --no-build-isolation --editable "$root" ||
        stop "pip could not install $lock: the lines above say why; the next run tries again"
    printf '%s %s\n' "$(installed_key)" "$1" > "$venv/.installed"
}

# prepare_venv run|dev: the virtual environment holds what is locked for that use, and the project itself.
prepare_venv() {
    if is_installed "$1"; then return 0; fi
    # Two at once would spoil each other's environment: the second waits, and finds it made.
    exec 9< "$root/pyproject.toml"
    flock 9 2>/dev/null || true
    is_installed "$1" || install_venv "$1"
    exec 9<&-
}
