#!/bin/sh
# libraries.sh TARGET BESIDES FILE ...: copies the shared libraries that the FILEs need, and those FILEs that are installed
# libraries themselves, into TARGET, laid out as they lie here, without those that every Debian has or BESIDES (- is nothing)
# needs too.
set -eu
target=$1
besides=$2
shift 2
mkdir -p "$target"
there=$(mktemp)

# Names as ldd gives them, with /lib spelt out as the link to /usr/lib that it is.
closure() {
  for file; do
    ldd "$file" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' | sed 's,^/lib,/usr/lib,'
    case $file in /usr/lib/*) echo "$file" ;; esac
  done | sort -u
}

dpkg-query -W -f '${db:Status-Status} ${Essential} ${Priority} ${Package}\n' |
  awk '$1 == "installed" && ($2 == "yes" || $3 == "required") { print $4 }' |
  xargs dpkg-query -L libc6 libgcc-s1 | grep '\.so' | sed 's,^/lib,/usr/lib,' | sort -u > "$there"
[ "$besides" = - ] || closure "$besides" >> "$there"

closure "$@" | grep -vxF -f "$there" | while read -r name; do
  real=$(readlink -f "$name")
  install -D -m 0644 "$real" "$target$real"
  [ "$name" = "$real" ] || { mkdir -p "$target$(dirname "$name")" && ln -s "$real" "$target$name"; }
done
rm "$there"
du -sh "$target"
