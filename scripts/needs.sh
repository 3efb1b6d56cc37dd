# What tests need beyond Python: PostgreSQL, MariaDB, the PBX lab, Chromium. Sourced by ./test, POSIX sh.
#
# Every need_NAME function either makes the thing usable and returns 0, or sets reason (one line) and returns 1.
# The caller sets root and work (a folder of its own) and has sourced scripts/environment.sh.

reason=

find_postgres() {
    command -v initdb >/dev/null 2>&1 || [ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ]
}

# need_postgres: the server's binaries; the tests start a throw-away cluster of their own.
need_postgres() {
    find_postgres || apt_install postgresql || true
    if ! find_postgres; then
        reason="no PostgreSQL server ($(why_not_installed))"
        return 1
    fi
}

find_mariadb() {
    command -v mariadb-install-db >/dev/null 2>&1 && { command -v mariadbd >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ]; }
}

# need_mariadb: the same for MariaDB, in which FreePBX keeps its logs.
need_mariadb() {
    find_mariadb || apt_install mariadb-server || true
    if ! find_mariadb; then
        reason="no MariaDB server ($(why_not_installed))"
        return 1
    fi
}

# need_lab SUITE: an unpacked Asterisk of that Debian suite (forky: 22, bullseye: 16).
need_lab() {
    lab=$root/tests/lab/lab
    if [ ! -x "$lab" ]; then
        reason="tests/lab/lab is not there"
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        reason="the PBX lab needs root"
        return 1
    fi
    say "setting up the PBX lab, $1"
    if ! "$lab" install --suite "$1" >"$work/lab.out" 2>&1 </dev/null; then
        tail -n 5 "$work/lab.out" >&2
        reason="the lab could not install Asterisk of $1"
        return 1
    fi
}

# need_browser: Chromium and its driver, with a font that has Chinese characters.
need_browser() {
    # libatomic1: what drives the browser (playwright's own node) is linked with it.
    if ! command -v chromium >/dev/null 2>&1 || [ -z "$(ldconfig -p 2>/dev/null | grep libatomic.so.1)" ]; then
        apt_install chromium fonts-wqy-microhei libatomic1 || true
    fi
    # Ubuntu's package of that name is an empty one that leads to a snap.
    if ! chromium --version >/dev/null 2>&1; then
        reason="no Chromium ($(why_not_installed))"
        return 1
    fi
}

# need_make: a test asks the Makefile what its targets do.
need_make() {
    command -v make >/dev/null 2>&1 || apt_install make || true
    if ! command -v make >/dev/null 2>&1; then
        reason="no make ($(why_not_installed))"
        return 1
    fi
}
