#!/bin/sh
# What `yinling bench zabbix` needs, from Debian's packages. Run as root. Services may stay off: the bench starts its own.
set -eu
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    zabbix-server-pgsql zabbix-agent zabbix-frontend-php php-cli php-pgsql postgresql
