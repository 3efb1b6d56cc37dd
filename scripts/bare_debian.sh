#!/bin/sh
# Tries this checkout on a bare Debian: only git, python3 and ca-certificates are there.
#
#   scripts/bare_debian.sh SUITE COMMAND...        scripts/bare_debian.sh bookworm ./test --fast
#
# Unpacks SUITE (bookworm, trixie) once below BARE_ROOT (default: /var/tmp/threerings-bare), copies it, puts in
# what `git ls-files` knows of this checkout, committed or not, and runs COMMAND there in a chroot of its own
# mount and process namespaces. The mirror, pip's settings and the certificates are this machine's; none of
# them is written into the checkout. BARE_USER=name runs COMMAND as an ordinary user. Needs root and mmdebstrap.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/environment.sh"
if [ $# -lt 2 ]; then sed -n '4s/^# *//p' "$0" >&2; exit 2; fi
suite=$1
shift
[ "$(id -u)" = 0 ] || stop 'bare_debian.sh: found an ordinary user, expected root (it needs chroot)'
folder=${BARE_ROOT:-/var/tmp/threerings-bare}
base=$folder/$suite.base
bare=$folder/$suite.$$
user=${BARE_USER:-root}

# The Debian mirror that this machine uses itself.
mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
        sed 's/#.*//' | grep -oE '[a-z]+://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' '
}

make_base() {
    command -v mmdebstrap >/dev/null 2>&1 || apt_install mmdebstrap || stop "mmdebstrap: $(why_not_installed)"
    address=$(mirror)
    [ -n "$address" ] || stop 'no Debian mirror in the apt sources of this machine'
    say "unpacking Debian $suite (once)"
    mkdir -p "$folder"
    rm -rf "$base.part"
    mmdebstrap --variant=minbase --quiet --include=git,python3,ca-certificates \
        --aptopt='APT::Install-Recommends "false"' "$suite" "$base.part" "deb $address $suite main"
    # As in any container: a package that is installed here starts no service.
    printf '#!/bin/sh\nexit 101\n' > "$base.part/usr/sbin/policy-rc.d"
    chmod +x "$base.part/usr/sbin/policy-rc.d"
    mv "$base.part" "$base"
}

# copy_settings: how this machine reaches its package mirrors; files that are not there are passed over.
copy_settings() {
    for path in /etc/resolv.conf /etc/pip.conf /etc/xdg/pip /etc/ssl/certs/ca-certificates.crt; do
        if [ -e "$path" ]; then
            mkdir -p "$bare$(dirname "$path")"
            cp -rL "$path" "$bare$(dirname "$path")/"
        fi
    done
    grep -lsiE 'proxy|cainfo' /etc/apt/apt.conf.d/* | while read -r path; do
        cp "$path" "$bare/etc/apt/apt.conf.d/"
    done
}

# copy_checkout: the files as they stand, as a repository with nothing of this machine in it.
copy_checkout() {
    mkdir -p "$bare/srv/threerings"
    cd "$root"
    git ls-files -coz --exclude-standard | tar --null --ignore-failed-read -T - -cf - |
        tar -xf - -C "$bare/srv/threerings"
    git -C "$bare/srv/threerings" init --quiet
    git -C "$bare/srv/threerings" add --all
    if [ "$user" != root ]; then
        chroot "$bare" useradd --create-home "$user"
        chroot "$bare" chown -R "$user" /srv/threerings
    fi
}

# enter COMMAND...: the mounts and processes go away with the namespaces. Only settings that concern package
# mirrors pass through from the environment.
enter() {
    for name in http_proxy https_proxy no_proxy SSL_CERT_FILE PIP_CERT PIP_DEFAULT_TIMEOUT PIP_INDEX_URL \
        THREERINGS_REQUIRE_ALL CI; do
        value=$(printenv "$name") && set -- "$name=$value" "$@"
    done
    unshare --mount --pid --fork --kill-child sh -c '
        bare=$1 user=$2
        shift 2
        # A root of its own that is a mount point: without, nobody in there could change what is mounted where.
        mount --bind "$bare" "$bare"
        mount -t proc proc "$bare/proc"
        mount --rbind /dev "$bare/dev"
        if [ "$user" = root ]; then home=/root; else home=/home/$user; fi
        exec chroot --userspec="$user" "$bare" env -i HOME="$home" TERM=dumb \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
            sh -c "cd /srv/threerings && exec env \"\$@\"" sh "$@"
    ' sh "$bare" "$user" "$@"
}

[ -d "$base" ] || make_base
trap 'rm -rf --one-file-system "$bare"' EXIT INT TERM
cp -a --reflink=auto "$base" "$bare"
copy_settings
copy_checkout
began=$(date +%s)
status=0
enter "$@" || status=$?
say "bare Debian $suite, $user: '$*' ended with status $status after $(($(date +%s) - began)) s"
exit "$status"
