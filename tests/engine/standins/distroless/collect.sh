#!/bin/bash
# collect.sh FOLDER PACKAGE...: the files of installed packages, without programs that are not Python.
set -euo pipefail
root=$1
mkdir -p "$root"/{tmp,home/nonroot,etc}
# The system's links come first: /bin, /lib and /lib64 are below /usr.
cp -a /bin /lib /lib64 /sbin "$root"
dpkg --listfiles "${@:2}" | grep -vE '^/(\.|bin|lib|lib64|sbin)$|^/usr/share/(doc|man|lintian)' | sort -u |
    while read -r path; do
        if [ -d "$path" ] && [ ! -L "$path" ]; then
            mkdir -p "$root$path"
        elif [ -e "$path" ] || [ -L "$path" ]; then
            mkdir -p "$root$(dirname "$path")"
            cp -a "$path" "$root$path"
        fi
    done
ln -s python3.13 "$root/usr/bin/python3"
ln -s python3.13 "$root/usr/bin/python"
# What this machine trusts, as in the base.
mkdir -p "$root/etc/ssl/certs"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
chmod 1777 "$root/tmp"
find "$root/usr/bin" -name '*sh' -delete
