#!/usr/bin/env bash
# Installs the packages that are missing, on Debian and its kin, as root. The services that they bring stay off: ours are
# started with settings of their own.
set -euo pipefail

missing() {
  command -v redis-server > /dev/null || echo redis-server
  [ -x /usr/sbin/mariadbd ] && command -v mariadb mariadb-install-db > /dev/null || echo mariadb-server-core mariadb-client-core
  [ -x /usr/sbin/nginx ] || echo nginx
  command -v mvn > /dev/null || echo maven
  command -v "${JAVA:-java}" > /dev/null || echo openjdk-17-jre-headless
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

mapfile -t packages < <(missing | tr ' ' '\n')
[ ${#packages[@]} -gt 0 ] || exit 0
if ! command -v apt-get > /dev/null || [ "$(id -u)" != 0 ]; then
  echo "These packages are missing: ${packages[*]}. On Debian, as root: apt-get install ${packages[*]}" >&2
  exit 1
fi
echo "cluster: installing ${packages[*]}" >&2
forbid_services
export DEBIAN_FRONTEND=noninteractive
log="$(mktemp)"
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"; } > "$log" 2>&1 ||
  { tail -n 20 "$log" >&2; exit 1; }
rm -f "$log"
# Those that were just installed don't start with the machine either.
if [ -d /run/systemd/system ]; then
  for service in redis-server nginx; do
    [[ " ${packages[*]} " != *" $service "* ]] || systemctl disable -q "$service"
  done
fi
