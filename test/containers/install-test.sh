#!/bin/sh
# In a container: packaging/install twice and packaging/uninstall, on a copy of the checkout that looks built.
set -eu
mkdir /copy
cd /checkout
cp -R package.json package-lock.json LICENSE NOTICE README.md assets dist packaging /copy/
cd /copy
# The binding itself is tried in the images; here only its place counts.
binding=node_modules/opencv4nodejs/build/Release/opencv4nodejs.node
mkdir -p "$(dirname "$binding")" && echo binding > "$binding"

packaging/install
echo '# mine' >> /etc/roomwatch/room.yaml
packaging/install
grep -q '# mine' /etc/roomwatch/room.yaml
roomwatch --version
systemd-analyze verify /etc/systemd/system/roomwatch-detector@.service /etc/systemd/system/roomwatch-uploader.service
echo kept > /var/lib/roomwatch/kept
packaging/uninstall
packaging/uninstall
test -f /etc/roomwatch/room.yaml && test -f /var/lib/roomwatch/kept
test ! -e /opt/roomwatch && test ! -e /usr/local/bin/roomwatch && test ! -e /etc/systemd/system/roomwatch-uploader.service
