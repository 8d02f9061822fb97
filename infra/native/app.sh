#!/usr/bin/env bash
# Tidings' own processes: app.sh up|down|status|wipe [NAME...] | trim | migrate | environment [root]
# A NAME is group-handler-1, handler-1, web-1 and so on.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"
. "$here/environment.sh"

# The order in which they start; they end in the reverse.
wanted() {
  local i
  for ((i = 1; i <= GROUP_HANDLERS; i++)); do echo "group-handler-$i"; done
  for ((i = 1; i <= HANDLERS; i++)); do echo "handler-$i"; done
  echo web-1
}

# Also those that are no longer wanted.
present() {
  find "$CLUSTER_DIR" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | grep -E '^((group-)?handler|web)-[0-9]+$' | sort -r || true
}

port() {
  case "$1" in
    group-handler-*) echo $((GROUP_HANDLER_PORT + ${1##*-} - 1)) ;;
    handler-*) echo $((HANDLER_PORT + ${1##*-} - 1)) ;;
    web-1) echo "$WEB_PORT" ;;
    *) die "there is no process $1" ;;
  esac
}

# The server's other settings (docs/operations.md) go through as they are in the environment.
export_environment() {
  local line
  while read -r line; do export "${line?}"; done < <(print_environment)
  SESSION_SECRET="$(secret session)"
  ASSET_LINK_SECRET="$(secret asset-links)"
  export SESSION_SECRET ASSET_LINK_SECRET PUBLIC_URL NODE_ENV=production TRUST_PROXY=1
}

start() {
  local name=$1 port
  alive "$name" && return 0
  port="$(port "$name")"
  need_port 127.0.0.1 "$port"
  HOST=127.0.0.1 PORT="$port" spawn "$name" "$NODE_BINARY" "$REPOSITORY/apps/server/src/processes/${name%-*}.ts"
}

up() {
  local name
  export_environment
  for name in "${names[@]}"; do start "$name"; done
  for name in "${names[@]}"; do until_ready "$name" ask http 127.0.0.1 "$(port "$name")" /readyz; done
}

# Each process ends by itself when what it accepted is finished; nobody needs more than 30 s for that.
down() { [ ${#names[@]} -eq 0 ] || stop TERM 30 "${names[@]}"; }

# Ends those that are no longer wanted, after nginx has stopped sending people there.
trim() {
  mapfile -t names < <(comm -23 <(present | sort) <(wanted | sort))
  down
}

# Keyspace, tables, topics: what is there already stays. Its words are shown, for they may hold the first invitation.
migrate() {
  export_environment
  mkdir -p "$(log_dir migrate)"
  "$NODE_BINARY" "$REPOSITORY/apps/server/src/migrate.ts" 2>&1 | tee -a "$(log_dir migrate)/out.log" ||
    die "the migration failed; its words are above"
}

status() {
  local name failed=0 answer
  for name in "${names[@]}"; do
    answer="$(ask http 127.0.0.1 "$(port "$name")" /readyz 2>&1 && echo ready)" || failed=1
    show_status "$name" "127.0.0.1:$(port "$name") $answer" || failed=1
  done
  return $failed
}

command=${1:-}
shift || true
names=("$@")
[ $# -gt 0 ] || case "$command" in
  up | status) mapfile -t names < <(wanted) ;;
  down | wipe) mapfile -t names < <(present) ;;
esac
case "$command" in
  up) lock app; up ;;
  down) lock app; down ;;
  status) status ;;
  wipe) lock app; wipe ${names[@]+"${names[@]}"} migrate ;;
  trim) lock app; trim ;;
  migrate) lock app; migrate ;;
  environment) print_environment "$@" ;;
  *) die "usage: app.sh up|down|status|wipe [NAME...] | trim | migrate | environment [root]" ;;
esac
