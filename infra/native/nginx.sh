#!/usr/bin/env bash
# nginx in front of web and handlers: nginx.sh up|drain|down|status|address|wipe
# `up` while it runs takes over new settings; `drain` takes no more connections and keeps those that are there.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"

dir="$CLUSTER_DIR/nginx"

handlers() {
  local i
  # One failure in 2 s takes a handler out for 2 s: a client that meets a dead one is passed on, others don't meet it.
  for ((i = 0; i < HANDLERS; i++)); do echo "    server 127.0.0.1:$((HANDLER_PORT + i)) max_fails=1 fail_timeout=2s;"; done
}

tls() {
  [ -n "$TLS_CERTIFICATE" ] || return 0
  printf '    ssl_certificate %s;\n    ssl_certificate_key %s;\n' "$(realpath "$TLS_CERTIFICATE")" "$(realpath "$TLS_KEY")"
  printf '    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_session_cache shared:tls:10m;\n    ssl_session_tickets off;\n'
}

check_tls() {
  [ -z "$TLS_CERTIFICATE$TLS_KEY" ] && return 0
  { [ -r "$TLS_CERTIFICATE" ] && [ -r "$TLS_KEY" ]; } || die "TLS_CERTIFICATE and TLS_KEY must both be files that can be read"
  [[ "$PUBLIC_URL" = https://* ]] || die "with TLS, PUBLIC_URL must say where people reach it, for example https://chat.example.org"
}

write_config() {
  local listen="$HOST:$PORT" user='' files
  # Started by root, workers would run as nobody, who may not be allowed to reach this folder.
  [ "$(id -u)" != 0 ] || user='user root;'
  [ -z "$TLS_CERTIFICATE" ] || listen="$listen ssl http2"
  files="$(ulimit -Hn)"
  [ "$files" != unlimited ] || files=1048576
  mkdir -p "$dir/tmp" "$dir/log" "$dir/cache" "$dir/files"
  sed -e "s|@USER@|$user|" -e "s|@DIR@|$dir|g" -e "s|@CONF@|$INFRA_DIR/nginx|g" -e "s|@LISTEN@|$listen|" \
    -e "s|@FILES@|$files|" -e "s|@CONNECTIONS@|$((files * 9 / 10))|" \
    -e "s|@EDGE_CACHE@|$EDGE_CACHE|" -e "s|@EDGE_METRICS_PORT@|$EDGE_METRICS_PORT|" \
    -e "s|@WEB@|    server 127.0.0.1:$WEB_PORT;|" \
    -e "/@HANDLERS@/{r /dev/fd/3" -e 'd}' -e "/@TLS@/{r /dev/fd/4" -e 'd}' \
    "$NATIVE_DIR/nginx.conf.in" 3< <(handlers) 4< <(tls) > "$dir/nginx.conf.new"
  program -t -q -c "$dir/nginx.conf.new" || die "nginx refuses its settings, see above"
  mv "$dir/nginx.conf.new" "$dir/nginx.conf"
}

program() { /usr/sbin/nginx -e "$dir/log/error.log" "$@"; }

up() {
  ASSET_LINK_SECRET="$(secret asset-links)"
  export ASSET_LINK_SECRET
  [ -x /usr/sbin/nginx ] || die "nginx is missing: infra/native/install.sh installs it on Debian"
  check_tls
  write_config
  count_hits
  if alive nginx; then
    kill -s HUP "$(pid_of nginx)"
  else
    need_port 127.0.0.1 "$PORT"
    spawn nginx /usr/sbin/nginx -e "$dir/log/error.log" -c "$dir/nginx.conf"
  fi
  until_ready nginx answers
}

# Whoever reads the figures of the edge: see infra/edge-metrics.mjs.
count_hits() {
  alive edge-metrics && return 0
  need_port 127.0.0.1 "$EDGE_METRICS_PORT"
  spawn edge-metrics "$NODE_BINARY" "$INFRA_DIR/edge-metrics.mjs" 127.0.0.1 "$EDGE_METRICS_PORT"
  until_ready edge-metrics ask http 127.0.0.1 "$EDGE_METRICS_PORT" /metrics
}

# Its own port, over TLS where that is on: whether the certificate is good isn't asked here.
answers() {
  if [ -n "$TLS_CERTIFICATE" ]; then ask https 127.0.0.1 "$PORT" /healthz; else ask http 127.0.0.1 "$PORT" /healthz; fi
}

case "${1:-}" in
  up) lock nginx; up ;;
  drain) ! alive nginx || kill -s QUIT "$(pid_of nginx)" ;;
  down) lock nginx; stop TERM 20 nginx edge-metrics ;;
  status) show_status nginx "http${TLS_CERTIFICATE:+s}://$HOST:$PORT $(answers 2>&1 && echo ready)" ;;
  address) echo "Tidings is at ${PUBLIC_URL:-http://localhost:$PORT}" ;;
  wipe) lock nginx; wipe nginx edge-metrics ;;
  *) die "usage: nginx.sh up|drain|down|status|address|wipe" ;;
esac
