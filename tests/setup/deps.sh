#!/bin/sh
# Install the missing packages of packages.txt, as root or through sudo.
#     deps.sh build|test|check|all     a group includes the groups before it
# Nothing missing: no output, no apt, no network.
set -eu
list=$(dirname "$0")/packages.txt
group=${1:-all}

if ! command -v dpkg-query >/dev/null; then
    echo "deps: not a Debian system; $list names what is needed" >&2
    exit 0
fi

# Sets $wanted and $optional to the packages of the group and of those before it.
wanted=$(awk -v last="$group" '
    { sub(/#.*/, "") }
    /^\[/ { if (done) exit; done = ($1 == "[" last "]"); next }
    NF && $2 != "optional" { print $1 }' "$list")
optional=$(awk -v last="$group" '
    { sub(/#.*/, "") }
    /^\[/ { if (done) exit; done = ($1 == "[" last "]"); next }
    NF && $2 == "optional" { print $1 }' "$list")

# missing PACKAGE...: those that are not installed.
missing() {
    dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
        awk -v want="$*" '
            $2 == "installed" { have[$1] = 1 }
            END {
                n = split(want, name, " ")
                for (i = 1; i <= n; i++)
                    if (!(name[i] in have))
                        printf " %s", name[i]
            }'
}

# install PACKAGE...
install() {
    echo "deps: installing $*" >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 --no-install-recommends "$@" \
        >/dev/null
}

required=$(missing $wanted)
extra=$([ -z "$optional" ] || missing $optional)
[ -n "$required$extra" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        [ -n "$required" ] || exit 0
        echo "deps: need root or sudo to install:$required" >&2
        exit 1
    fi
    as_root=sudo
fi
if ! $as_root apt-get update -qq -o DPkg::Lock::Timeout=300 >&2; then
    echo "deps: apt-get update failed; trying with the package lists at hand" >&2
fi
if [ -n "$required" ] && ! install $required; then
    echo "deps: could not install:$required" >&2
    exit 1
fi
if [ -n "$extra" ] && ! install $extra; then
    echo "deps: going on without:$extra" >&2
fi
