#!/bin/sh
# libraries.sh TARGET BESIDES FILE ...: copies the shared libraries that the FILEs need, and those FILEs that are installed
# libraries themselves, into TARGET, laid out as they lie here, without those that BESIDES (- is nothing) needs too. What
# packages they are of, and their licences, is written where scanners of images look.
set -eu
target=$1
besides=$2
shift 2
mkdir -p "$target"
there=$(mktemp)
taken=$(mktemp)

# Names as ldd gives them, the loader included, with /lib spelt out as the link to /usr/lib that it is.
closure() {
  for file; do
    ldd "$file" | sed -n -e 's/.*=> \(\/[^ ]*\) .*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*\) (0x.*/\1/p' | sed 's,^/lib,/usr/lib,'
    case $file in /usr/lib/*) echo "$file" ;; esac
  done | sort -u
}

[ "$besides" = - ] || closure "$besides" > "$there"
closure "$@" | grep -vxF -f "$there" > "$taken"

while read -r name; do
  real=$(readlink -f "$name")
  install -D -m 0755 "$real" "$target$real"
  [ "$name" = "$real" ] || { mkdir -p "$target$(dirname "$name")" && ln -s "$real" "$target$name"; }
  # Packages from before the two were one call it /lib; the other name is of no package.
  echo "$real ${real#/usr}"
done < "$taken" | xargs dpkg-query -S 2> /dev/null | cut -d : -f 1 | sort -u | while read -r package; do
  mkdir -p "$target/var/lib/dpkg/status.d"
  dpkg-query -s "$package" > "$target/var/lib/dpkg/status.d/$package"
  install -D -m 0644 "/usr/share/doc/$package/copyright" "$target/usr/share/doc/$package/copyright"
done
rm "$there" "$taken"
du -sh "$target"
