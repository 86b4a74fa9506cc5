#!/bin/sh
# libraries.sh BINDING TARGET: copies the shared libraries Node needs into TARGET/node, and what the binding needs beyond
# those into TARGET/opencv, both laid out as they lie here. What every Debian has is left out.
set -eu
binding=$1
target=$2
mkdir -p "$target"
there=$(mktemp)

# Names as ldd gives them, with /lib spelt out as the link to /usr/lib that it is.
closure() {
  ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' | sed 's,^/lib,/usr/lib,' | sort -u
}

lay() {
  closure "$1" | grep -vxF -f "$there" | while read -r name; do
    real=$(readlink -f "$name")
    install -D -m 0644 "$real" "$2$real"
    [ "$name" = "$real" ] || { mkdir -p "$2$(dirname "$name")" && ln -s "$real" "$2$name"; }
  done
  closure "$1" >> "$there"
}

dpkg-query -W -f '${db:Status-Status} ${Essential} ${Priority} ${Package}\n' |
  awk '$1 == "installed" && ($2 == "yes" || $3 == "required") { print $4 }' |
  xargs dpkg-query -L libc6 libgcc-s1 | grep '\.so' | sed 's,^/lib,/usr/lib,' | sort -u > "$there"
mkdir -p "$target/node" "$target/opencv"
lay "$(command -v node)" "$target/node"
lay "$binding" "$target/opencv"
rm "$there"
du -sh "$target"/*
