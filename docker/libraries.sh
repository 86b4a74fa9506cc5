#!/bin/sh
# libraries.sh TARGET FILE [BESIDES]: copies the shared libraries that FILE needs into TARGET, laid out as they lie here,
# without those that every Debian has or BESIDES needs too.
set -eu
target=$1
file=$2
besides=${3:-}
mkdir -p "$target"
there=$(mktemp)

# Names as ldd gives them, with /lib spelt out as the link to /usr/lib that it is.
closure() {
  ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' | sed 's,^/lib,/usr/lib,' | sort -u
}

dpkg-query -W -f '${db:Status-Status} ${Essential} ${Priority} ${Package}\n' |
  awk '$1 == "installed" && ($2 == "yes" || $3 == "required") { print $4 }' |
  xargs dpkg-query -L libc6 libgcc-s1 | grep '\.so' | sed 's,^/lib,/usr/lib,' | sort -u > "$there"
[ -z "$besides" ] || closure "$besides" >> "$there"

closure "$file" | grep -vxF -f "$there" | while read -r name; do
  real=$(readlink -f "$name")
  install -D -m 0644 "$real" "$target$real"
  [ "$name" = "$real" ] || { mkdir -p "$target$(dirname "$name")" && ln -s "$real" "$target$name"; }
done
rm "$there"
du -sh "$target"
