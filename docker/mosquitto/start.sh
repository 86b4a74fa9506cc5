#!/bin/sh
# Makes the password and access files that mosquitto wants out of the secrets, then becomes mosquitto.
set -eu
umask 077
cp /mosquitto/config/access /tmp/access
{
  echo "detector:$(cat /run/secrets/mqtt_password)"
  echo "uploader:$(cat /run/secrets/mqtt_password)"
  echo "page:$(cat /run/secrets/mqtt_password)"
  echo "home:$(cat /run/secrets/home_password)"
} > /tmp/passwords
mosquitto_passwd -U /tmp/passwords
exec mosquitto -c /mosquitto/config/mosquitto.conf
