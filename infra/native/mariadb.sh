#!/usr/bin/env bash
# MariaDB, a primary and a replica that follows it by GTID: mariadb.sh up|down|status|wipe [primary|replica] | sql ROLE [ARGUMENTS...]
# | dump | reseed
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"

port() { if [ "$1" = replica ]; then echo "$MARIADB_REPLICA_PORT"; else echo "$MARIADB_PORT"; fi; }
server_id() { if [ "$1" = replica ]; then echo 2; else echo 1; fi; }

# client ROLE PROGRAM ARGUMENTS...: as root, over the server's own socket. The password goes by the environment, which other users
# can't read.
client() {
  local role=$1 program=$2 password
  shift 2
  password="$(secret mariadb-root)"
  MYSQL_PWD="$password" "$program" --no-defaults -uroot -S "$CLUSTER_DIR/mariadb-$role/mariadb.sock" \
    --default-character-set=utf8mb4 "$@"
}

sql() {
  local role=$1
  shift
  client "$role" mariadb "$@"
}

# The primary's database as it is at one moment, as SQL, without stopping anybody.
dump() { client primary mariadb-dump --single-transaction --quick "$@" --databases tidings; }

write_config() {
  local role=$1 dir=$2 root application replication
  root="$(secret mariadb-root)"
  application="$(secret mariadb-application)"
  replication="$(secret mariadb-replication)"
  mkdir -p "$dir/conf" "$dir/log" "$dir/tmp"
  sed -e "s|@PORT@|$(port "$role")|" -e "s|@DIR@|$dir|" -e "s|@ID@|$(server_id "$role")|" \
    -e "s|@BUFFER_POOL@|$MARIADB_BUFFER_POOL|" -e "s|@CONF@|$INFRA_DIR/mariadb|" \
    "$NATIVE_DIR/mariadb/server.cnf.in" > "$dir/conf/server.cnf"
  (umask 077 && sed -e "s|@ROOT@|$root|" -e "s|@APPLICATION@|$application|" -e "s|@REPLICATION@|$replication|" \
    "$NATIVE_DIR/mariadb/accounts.sql.in" > "$dir/conf/accounts.sql")
}

# Made beside its place and moved there, so that a folder which is there is whole.
make_data() {
  local dir=$1
  [ -d "$dir/data" ] && return 0
  rm -rf "$dir/data.new"
  mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --user="$(id -un)" \
    --datadir="$dir/data.new" > "$dir/log/install.log" 2>&1 || { show_end "${dir##*/}"; die "MariaDB could not make its data folder"; }
  mv -T "$dir/data.new" "$dir/data"
}

start() {
  local role=$1 name="mariadb-$1" dir="$CLUSTER_DIR/mariadb-$1" extra=()
  alive "$name" && return 0
  need_port 127.0.0.1 "$(port "$role")"
  write_config "$role" "$dir"
  make_data "$dir"
  [ "$role" = primary ] || extra=(--read-only)
  spawn "$name" mariadbd --defaults-file="$dir/conf/server.cnf" --user="$(id -un)" ${extra[@]+"${extra[@]}"}
}

# A replica that follows already is left as it is.
follow() {
  local password
  password="$(secret mariadb-replication)"
  [ -z "$(replication Master_Host)" ] || return 0
  sql replica -e "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = $MARIADB_PORT, MASTER_USER = 'replication',
    MASTER_PASSWORD = '$password', MASTER_CONNECT_RETRY = 2, MASTER_USE_GTID = slave_pos; START SLAVE;"
}

replication() { sql replica -e 'SHOW SLAVE STATUS\G' | sed -n "s/^ *$1: //p"; }

follows() {
  [ "$(replication Slave_IO_Running)" = Yes ] && [ "$(replication Slave_SQL_Running)" = Yes ] && return 0
  echo "the replica doesn't follow: $(replication Last_IO_Error) $(replication Last_SQL_Error)"
  return 1
}

# The replica made anew from the primary, which goes on meanwhile: for one that is broken, or was away for so long that the primary has
# dropped the log behind its place. The copy says where in the log it was taken; nothing of it goes into the replica's own log.
reseed() {
  stop TERM 60 mariadb-replica
  wipe mariadb-replica
  start replica
  until_ready mariadb-replica sql replica -e 'SELECT 1'
  { echo 'SET SESSION sql_log_bin = 0;' && dump --master-data=1 --gtid; } | sql replica
  follow
  until_ready mariadb-replica follows
}

up() {
  local role
  command -v mariadbd > /dev/null || die "MariaDB is missing: infra/native/install.sh installs it on Debian"
  for role in "${roles[@]}"; do start "$role"; done
  for role in "${roles[@]}"; do
    until_ready "mariadb-$role" sql "$role" -e 'SELECT 1'
    case "$role" in
      primary) sql primary -e 'CREATE DATABASE IF NOT EXISTS tidings' ;;
      replica) follow; until_ready mariadb-replica follows ;;
    esac
  done
}

status() {
  local role failed=0 note
  for role in "${roles[@]}"; do
    note=
    if [ "$role" = replica ] && alive mariadb-replica; then
      note=" $(follows && echo "$(replication Seconds_Behind_Master) s behind the primary")" || failed=1
    fi
    show_status "mariadb-$role" "127.0.0.1:$(port "$role")$note" || failed=1
  done
  return $failed
}

roles=(primary replica)
case "${1:-}" in
  sql) shift; sql "$@"; exit ;;
  up | down | status | wipe) [ -z "${2:-}" ] || roles=("$2") ;;
esac
case "${1:-}" in
  up) lock mariadb; up ;;
  down) lock mariadb; stop TERM 60 "${roles[@]/#/mariadb-}" ;;
  status) status ;;
  wipe) lock mariadb; wipe "${roles[@]/#/mariadb-}" ;;
  dump) dump ;;
  reseed) lock mariadb; reseed ;;
  *) die "usage: mariadb.sh up|down|status|wipe [primary|replica] | sql primary|replica [ARGUMENTS...] | dump | reseed" ;;
esac
