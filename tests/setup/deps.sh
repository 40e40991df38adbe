#!/bin/sh
# Install the missing packages of packages.txt, as root or through sudo.
set -eu
here=$(dirname "$0")
missing=
for p in $(sed 's/#.*//' "$here/packages.txt"); do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' ||
        missing="$missing $p"
done
[ -n "$missing" ] || exit 0
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "deps: need root or sudo to install:$missing" >&2
        exit 1
    }
    as_root=sudo
fi
echo "deps: installing:$missing" >&2
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
    $missing >/dev/null
