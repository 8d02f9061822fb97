#!/usr/bin/env bash
# Redis in two roles, coordination and cache: redis.sh up|down|status|wipe [ROLE]
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"

port() { if [ "$1" = cache ]; then echo "$REDIS_CACHE_PORT"; else echo "$REDIS_PORT"; fi; }

start() {
  local role=$1 name="redis-$1" limits=()
  alive "$name" && return 0
  need_port 127.0.0.1 "$(port "$role")"
  [ "$role" = cache ] && limits=(--maxmemory "$REDIS_CACHE_MEMORY")
  mkdir -p "$CLUSTER_DIR/$name/data"
  spawn "$name" redis-server "$INFRA_DIR/redis/$role.conf" --bind 127.0.0.1 --port "$(port "$role")" --daemonize no \
    --dir "$CLUSTER_DIR/$name/data" ${limits[@]+"${limits[@]}"}
}

up() {
  local role
  command -v redis-server > /dev/null || die "Redis is missing: infra/native/install.sh installs it on Debian"
  for role in "${roles[@]}"; do start "$role"; done
  for role in "${roles[@]}"; do until_ready "redis-$role" ask redis 127.0.0.1 "$(port "$role")"; done
}

roles=(coordination cache)
[ -z "${2:-}" ] || roles=("$2")
case "${1:-}" in
  up) lock redis; up ;;
  down) lock redis; stop TERM 30 "${roles[@]/#/redis-}" ;;
  status) failed=0; for role in "${roles[@]}"; do show_status "redis-$role" "127.0.0.1:$(port "$role")" || failed=1; done; exit $failed ;;
  wipe) lock redis; wipe "${roles[@]/#/redis-}" ;;
  *) die "usage: redis.sh up|down|status|wipe [coordination|cache]" ;;
esac
