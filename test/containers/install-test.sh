#!/bin/sh
# In a container: packaging/install twice and packaging/uninstall, on a copy of the checkout that looks built.
set -eu
mkdir /copy
cd /checkout
cp -R package.json package-lock.json LICENSE NOTICE README.md assets dist packaging /copy/
cd /copy
# The native parts themselves are tried in the images; here only their place counts.
for file in node_modules/opencv4nodejs/build/Release/opencv4nodejs.node native/video/build/Release/video.node; do
  mkdir -p "$(dirname "$file")" && echo native > "$file"
done

packaging/install
echo '# mine' >> /etc/roomwatch/roomwatch.yaml
packaging/install
grep -q '# mine' /etc/roomwatch/roomwatch.yaml
roomwatch --version
systemd-analyze verify /etc/systemd/system/roomwatch-detector@.service /etc/systemd/system/roomwatch-uploader.service
echo kept > /var/lib/roomwatch/kept
packaging/uninstall
packaging/uninstall
test -f /etc/roomwatch/roomwatch.yaml && test -f /var/lib/roomwatch/kept
test ! -e /opt/roomwatch && test ! -e /usr/local/bin/roomwatch && test ! -e /etc/systemd/system/roomwatch-uploader.service
