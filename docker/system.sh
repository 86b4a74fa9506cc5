#!/bin/sh
# system.sh TARGET: lays out what the images have of Debian and Node: node without its symbols, the libraries it needs, a
# shell with the usual commands (busybox), the users, and who made it all.
set -eu
target=$1
cd "$(dirname "$0")"
mkdir -p "$target/usr/bin" "$target/usr/sbin" "$target/usr/lib" "$target/usr/lib64" "$target/usr/local/bin" "$target/etc"
mkdir -p "$target/dev" "$target/proc" "$target/sys" "$target/run" "$target/var"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$target/$name"; done
ln -s ../run "$target/var/run"
install -d -m 1777 "$target/tmp" "$target/var/tmp"

sh libraries.sh "$target" - /usr/local/bin/node
strip -o "$target/usr/local/bin/node" /usr/local/bin/node
cp /bin/busybox "$target/usr/bin/"
busybox --list | grep -vx busybox | while read -r command; do ln -s busybox "$target/usr/bin/$command"; done
for package in base-files busybox-static; do
  dpkg-query -s "$package" > "$target/var/lib/dpkg/status.d/$package"
  install -D -m 0644 "/usr/share/doc/$package/copyright" "$target/usr/share/doc/$package/copyright"
done
[ ! -f /usr/local/LICENSE ] || install -D -m 0644 /usr/local/LICENSE "$target/usr/share/doc/node/LICENSE"

cp -P /etc/os-release /etc/debian_version /etc/nsswitch.conf "$target/etc/"
cp /usr/lib/os-release "$target/usr/lib/"
grep -E '^(root|nobody):' /etc/passwd | sed 's,/bin/bash$,/bin/sh,' > "$target/etc/passwd"
grep -E '^(root|nogroup|video|render):' /etc/group > "$target/etc/group"
echo 'roomwatch:x:1000:1000::/data:/usr/sbin/nologin' >> "$target/etc/passwd"
echo 'roomwatch:x:1000:' >> "$target/etc/group"
sed -i 's/^video:.*/&roomwatch/' "$target/etc/group"
install -d -o 1000 -g 1000 -m 0700 "$target/data"
printf '#!/bin/sh\nexec node /app/dist/cli.js "$@"\n' > "$target/usr/local/bin/roomwatch"
chmod 0755 "$target/usr/local/bin/roomwatch"
