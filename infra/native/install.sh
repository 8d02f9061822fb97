#!/usr/bin/env bash
# Everything that needs the network: packages that are missing (on Debian and its kin, as root) and the jars. Nothing to do
# when all is there. The services that packages bring stay off: ours are started with settings of their own.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"
. "$here/jars.sh"

missing_packages() {
  command -v redis-server > /dev/null || echo redis-server
  { [ -x /usr/sbin/mariadbd ] && command -v mariadb-install-db > /dev/null; } || echo mariadb-server-core
  command -v mariadb > /dev/null || echo mariadb-client-core
  [ -x /usr/sbin/nginx ] || echo nginx
  [ -e /usr/lib/nginx/modules/ngx_http_js_module.so ] || echo libnginx-mod-http-js
  (check_java 2> /dev/null) || echo openjdk-17-jre-headless
  jars_are_there || command -v mvn > /dev/null || echo maven
}

jars_are_there() { [ -d "$(jars cassandra)" ] && [ -d "$(jars kafka)" ]; }

install_packages() {
  local log
  if ! command -v apt-get > /dev/null || [ "$(id -u)" != 0 ]; then
    die "packages are missing, and only root can install them, on Debian: apt-get install $*"
  fi
  say "installing $*"
  forbid_services
  log="$(mktemp)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } > "$log" 2>&1 ||
    { tail -n 20 "$log" >&2; rm "$log"; die "apt-get could not install $*"; }
  rm "$log"
  keep_from_booting "$@"
}

# Debian asks this file whether a service may be started; 101 is no.
forbid_services() {
  local policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && return 0
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
  # shellcheck disable=SC2064
  trap "rm -f $policy" EXIT
}

keep_from_booting() {
  local service
  [ -d /run/systemd/system ] || return 0
  for service in redis-server nginx; do
    [[ " $* " != *" $service "* ]] || systemctl disable -q "$service"
  done
}

lock install
mapfile -t packages < <(missing_packages)
[ ${#packages[@]} -eq 0 ] || install_packages "${packages[@]}"
. "$here/settings.sh" # a Java that was just installed
check_java
fetch kafka
fetch cassandra
"$here/versitygw.sh" fetch
