#!/usr/bin/env bash
# S3 over files: versitygw.sh up|down|status|wipe|fetch. An account of the application's own, which may use its one bucket.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"

version=1.8.0
binary="${VERSITYGW:-$BINARY_CACHE/versitygw-$version}"
data="$CLUSTER_DIR/versitygw/data"

# Built once and kept outside of the clone: there is no package of it.
fetch() {
  local fresh go
  [ -x "$binary" ] && return 0
  go="$(command -v go || echo /usr/local/go/bin/go)"
  [ -x "$go" ] || die "versitygw is missing: install Go, or set VERSITYGW=/path/to/versitygw (https://github.com/versity/versitygw)"
  mkdir -p "$BINARY_CACHE"
  exec 8> "$BINARY_CACHE/lock" && flock 8
  [ -x "$binary" ] && return 0
  say "building versitygw $version"
  fresh="$(mktemp -d "$BINARY_CACHE/.versitygw.XXXXXX")"
  GOBIN="$fresh" CGO_ENABLED=0 "$go" install -trimpath -ldflags '-s -w' \
    "github.com/versity/versitygw/cmd/versitygw@v$version" > "$fresh.log" 2>&1 ||
    { cat "$fresh.log" >&2; rm -rf "$fresh" "$fresh.log"; die "Go could not build versitygw"; }
  mv "$fresh/versitygw" "$binary"
  rm -rf "$fresh" "$fresh.log"
  exec 8>&-
}

# Keys go by the environment, which other users can't read.
export_root() {
  ROOT_ACCESS_KEY=root ROOT_SECRET_KEY="$(secret s3-root)"
  export ROOT_ACCESS_KEY ROOT_SECRET_KEY
}

admin() {
  ADMIN_ACCESS_KEY=root ADMIN_SECRET_KEY="$ROOT_SECRET_KEY" ADMIN_ENDPOINT_URL="http://127.0.0.1:$S3_PORT" \
    "$binary" admin "$@"
}

start() {
  alive versitygw && return 0
  need_port 127.0.0.1 "$S3_PORT"
  mkdir -p "$data/objects" "$data/accounts"
  chmod 700 "$data"
  spawn versitygw "$binary" --port "127.0.0.1:$S3_PORT" --keep-alive --quiet --health /health --region us-east-1 \
    --iam-dir "$data/accounts" posix "$data/objects"
}

# The account owns its bucket, and as a plain user it may make no other.
provide() {
  local secret users buckets
  secret="$(secret s3-application)"
  # Not through a pipe: `grep -q` leaves at the first line that fits, which would count as a failure of `admin`.
  users="$(admin list-users)"
  grep -q '^tidings ' <<< "$users" || admin create-user --access tidings --secret "$secret" --role user
  buckets="$(admin list-buckets)"
  grep -q "^$S3_BUCKET " <<< "$buckets" || admin create-bucket --owner tidings --bucket "$S3_BUCKET"
}

up() {
  fetch
  export_root
  start
  until_ready versitygw ask http 127.0.0.1 "$S3_PORT" /health
  provide
}

case "${1:-}" in
  up) lock versitygw; up ;;
  down) lock versitygw; stop TERM 30 versitygw ;;
  status) show_status versitygw "127.0.0.1:$S3_PORT" ;;
  wipe) lock versitygw; wipe versitygw ;;
  fetch) fetch ;;
  *) die "usage: versitygw.sh up|down|status|wipe|fetch" ;;
esac
