#!/bin/sh
# In a clean Debian with the package in /test: installs, runs, upgrades, removes and purges it. Prints times and sizes.
set -eu
export DEBIAN_FRONTEND=noninteractive
say() { echo "$*" >&3; }
fail() { say "failed: $*"; cat /tmp/log >&3; exit 1; }
seconds() { date +%s; }
exec 3>&1 > /tmp/log 2>&1
trap 'status=$?; [ "$status" = 0 ] || tail -n 40 /tmp/log >&3' EXIT

apt-get update
deb=$(ls /test/roomwatch_*.deb)
began=$(seconds)
apt-get install -y "$deb" > /tmp/apt 2>&1 || { cat /tmp/apt && fail 'apt install'; }
say "apt install: $(($(seconds) - began)) s; $(grep -E '^(Need to get|After this)' /tmp/apt | tr '\n' ' ')"
grep -q 'sudo roomwatch init' /tmp/apt || fail 'the installation does not say how to go on'

began=$(seconds)
[ "$(stat -c '%a %U %G' /etc/roomwatch /etc/roomwatch/roomwatch.yaml /var/lib/roomwatch | tr '\n' ' ')" = \
  '750 root roomwatch 640 root roomwatch 700 roomwatch roomwatch ' ] || fail "rights: $(ls -la /etc/roomwatch /var/lib)"
id -nG roomwatch | grep -qw video || fail 'roomwatch may not use cameras'
for native in $(find /usr/lib/roomwatch -name '*.node'); do
  ! ldd "$native" | grep 'not found' || fail "$native lacks libraries"
done
ls /usr/lib/*/libavdevice.so.* || fail 'no libavdevice: a USB camera would not open'

as_roomwatch='setpriv --reuid roomwatch --regid roomwatch --init-groups'
cd /var/lib/roomwatch
version=$(roomwatch --version)
$as_roomwatch roomwatch replay /usr/lib/roomwatch/assets/sample.mp4 --out /var/lib/roomwatch/seen
grep -q '"people":[1-9]' seen/frames.ndjson || fail 'nobody was recognised in the clip'

apt-get install -y --no-install-recommends mosquitto
mosquitto -d
roomwatch init --force --yes --room kitchen --camera sample --broker mqtt://127.0.0.1 --archive folder > /tmp/init
grep -q 'systemctl enable --now roomwatch-uploader roomwatch-page roomwatch-detector@kitchen$' /tmp/init || fail "$(cat /tmp/init)"
[ "$(stat -c '%a %U %G' /etc/roomwatch/roomwatch.yaml)" = '640 root roomwatch' ] || fail 'init changed the rights'
[ "$(ls /etc/roomwatch)" = roomwatch.yaml ] || fail "init left $(ls /etc/roomwatch)"

# What root may do, the services may not.
roomwatch check > /tmp/check || fail "$(cat /tmp/check)"
mkdir /mnt/pictures
! ROOMWATCH_ARCHIVE_FOLDER=/mnt/pictures roomwatch check > /tmp/check || fail 'check takes a folder that the services cannot write'
grep -q "archive *not ok: .*sudo chown $(id -u roomwatch):$(id -g roomwatch) /mnt/pictures" /tmp/check || fail "$(cat /tmp/check)"
chmod 600 /etc/roomwatch/roomwatch.yaml
! roomwatch check 2> /tmp/check || fail 'check reads a file that the services cannot read'
grep -q 'sudo chown root:roomwatch /etc/roomwatch/roomwatch.yaml && sudo chmod 640' /tmp/check || fail "$(cat /tmp/check)"
rm /etc/roomwatch/roomwatch.yaml
roomwatch init --conf /etc/roomwatch/roomwatch.yaml --yes --room kitchen --camera sample --broker mqtt://127.0.0.1 --archive folder
[ "$(stat -c '%a %U %G' /etc/roomwatch/roomwatch.yaml)" = '640 root roomwatch' ] || fail 'init makes a file that the services cannot read'
grep -q '^data_dir: /var/lib/roomwatch/data' /etc/roomwatch/roomwatch.yaml || fail "$(cat /etc/roomwatch/roomwatch.yaml)"

pids=
for unit in /usr/lib/systemd/system/roomwatch-*.service; do
  # Root may start one by hand.
  case $unit in *uploader*) as= ;; *) as=$as_roomwatch ;; esac
  $as $(sed -n 's/^ExecStart=//p' "$unit" | sed 's/%i/kitchen/') &
  pids="$pids $!"
done
for _ in $(seq 240); do
  ls archive/kitchen/*/*.jpg 2> /dev/null && break
  sleep 0.5
done
ls archive/kitchen/*/*.jpg || fail 'no picture was archived'
node=$(sed -n 's/^exec \([^ ]*\) .*/\1/p' /usr/bin/roomwatch)
"$node" -e 'fetch("http://127.0.0.1:8080/").then(({ status }) => process.exit(status === 401 ? 0 : 1))' || fail "no page that asks for its password"
kill $pids
for pid in $pids; do
  wait "$pid" || fail "a service ended with status $?"
done
[ -z "$(find /var/lib/roomwatch ! -user roomwatch)" ] || fail "not of the services' user: $(find /var/lib/roomwatch ! -user roomwatch)"
say "$version recognised people in the clip, and its services archived a picture and showed the page: $(($(seconds) - began)) s"

cp /etc/roomwatch/roomwatch.yaml /tmp/mine
find archive -name '*.jpg' | sort > /tmp/pictures
dpkg-deb -R "$deb" /tmp/next
sed -i "s/^Version: .*/&+next/" /tmp/next/DEBIAN/control
echo '# of a newer version' >> /tmp/next/etc/roomwatch/roomwatch.yaml
dpkg-deb --root-owner-group -Znone -b /tmp/next /tmp/next.deb
began=$(seconds)
apt-get install -y -o Dpkg::Options::=--force-confold /tmp/next.deb
say "upgrade: $(($(seconds) - began)) s"
cmp /etc/roomwatch/roomwatch.yaml /tmp/mine || fail 'the upgrade changed the configuration'
[ "$(stat -c '%a %U %G' /etc/roomwatch/roomwatch.yaml)" = '640 root roomwatch' ] || fail 'the upgrade changed the rights'
find archive -name '*.jpg' | sort | cmp - /tmp/pictures || fail 'the upgrade changed the data'
dpkg-query -W -f '${Version}' roomwatch | grep -q '+next$' || fail 'the upgrade did not upgrade'

cd /
apt-get install -y --no-install-recommends systemd
systemd-analyze verify /usr/lib/systemd/system/roomwatch-*.service

apt-get remove -y roomwatch
[ ! -e /usr/lib/roomwatch ] && [ ! -e /usr/bin/roomwatch ] || fail "removal left $(find /usr/lib/roomwatch | head)"
cmp /etc/roomwatch/roomwatch.yaml /tmp/mine || fail 'removal took the configuration'
find /var/lib/roomwatch/archive -name '*.jpg' | grep -q . || fail 'removal took the pictures'
apt-get purge -y roomwatch
for left in /etc/roomwatch /var/lib/roomwatch /usr/share/doc/roomwatch; do
  [ ! -e "$left" ] || fail "purge left $left"
done
! getent passwd roomwatch && ! getent group roomwatch || fail 'purge left the user'
say 'removal kept configuration and data, purge took them and the user'
